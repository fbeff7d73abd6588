/** What every format's parser gives. */
import type { Complaints } from './lines';
import type { TaskList } from './taskList';
import type { MachineFacts } from './types';

export interface Parsed {
  readonly tasks: TaskList;
  readonly facts: MachineFacts;
  readonly untold: readonly string[];
}

/** Reads a text that was recognized as this format; never throws, and takes time in proportion to the text. */
export type Parser = (text: string, complaints: Complaints) => Parsed;
