/** The constants an edit gives another value: macros, and constants of enums. */
import { enumChanges } from '../../plan/enumConstants';
import type { Range } from '../../syntax/facts';
import type { RuleContext } from '../rule';
import { sameValue } from './initializers';

export interface ConstantChange {
  readonly path: string;
  readonly name: string;
  readonly range: Range;
  /** The enum it belongs to, told from others of the file; absent for a macro. */
  readonly group?: string;
  /** As written for a macro, as counted for a constant of an enum; undefined where that is not known. */
  readonly before?: string;
  readonly after?: string;
}

/** Every constant of the edit that both versions have, with different values. */
export function constantChanges({ changes, versions }: RuleContext): ConstantChange[] {
  return changes.flatMap((file) => [
    ...file.macros.flatMap((change): ConstantChange[] => (change.kind !== 'changed' || sameValue(change.before.body, change.after.body) ? [] : [{ path: file.path, name: change.after.name, range: change.after.nameRange, before: change.before.body, after: change.after.body }])),
    ...enumChanges(file, versions).flatMap(({ path, after, moved }) => moved.map((constant): ConstantChange => ({ path, group: `enum ${after.range.start}`, ...constant }))),
  ]);
}
