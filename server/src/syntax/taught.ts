import type { LearntAttributes } from './learnAttributes';
import type { MakerOf } from './makers';

/** What headers of a tree teach of its macros: a dictionary that readers of its files are given. */
export interface Taught {
  readonly attributes: LearntAttributes;
  /** What a macro makes at file scope. */
  readonly makerOf: MakerOf;
}
