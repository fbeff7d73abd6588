/**
 * The parts of an edit that no rule judges yet. "Patchable" must be true: what nobody looked at makes the verdict undecided,
 * with the reason. A rule that comes to judge one of these takes its line out of here.
 */
import type { FileChanges } from '../change/changes';
import type { FileFacts, Range } from '../syntax/facts';
import { kindOfFile } from './fileKinds';
import type { Unjudged } from './plan';
import { registrationKind } from './registrations';

/** Where the edit has no place for it: what was removed is only in the baseline. */
const TOP: Range = { start: 0, end: 0 };

export function unjudgedIn(change: FileChanges): Unjudged[] {
  const found: Unjudged[] = [];
  const say = (range: Range, reason: string): void => {
    found.push({ path: change.path, range, reason });
  };
  if (change.tokensEqual) return found;
  const kind = kindOfFile(change.path);
  if (kind === 'other') say(TOP, `${change.path} is no C file: not judged`);
  // Of the others the rules about files speak.
  if (kind !== 'c') return found;

  for (const { kind, before, after } of change.typedefs) if (kind !== 'added') say(after?.nameRange ?? TOP, `typedef ${(after ?? before).name} changed: its users are not judged yet`);
  for (const { kind, before, after } of change.variables) if (kind === 'changed' && after.isExtern && before.type !== after.type) say(after.nameRange, `the declaration of ${after.name} changed: its users may be compiled differently`);
  for (const { before, after } of change.registrations) if (registrationKind((after ?? before).macro) === undefined) say((after ?? { range: TOP }).range, `${(after ?? before).macro}(${(after ?? before).args[0] ?? ''}) changed: registrations run when the kernel boots or the module loads`);
  if (change.residueChanged) say(TOP, `#if conditions, pragmas or text that could not be read changed in ${change.path}, outside any definition`);
  return found;
}

/** A file of which nothing is left: its definitions are gone one by one, and whether the tree still builds is no matter of any of them. */
export function unjudgedRest(change: FileChanges, after: FileFacts | undefined): Unjudged | undefined {
  if (change.status !== 'modified' || change.tokensEqual || after === undefined || !/\.[ch]$/.test(change.path)) return undefined;
  const isEmpty = [after.functions, after.records, after.enums, after.typedefs, after.variables, after.macros, after.includes, after.prototypes, after.registrations].every((facts) => facts.length === 0);
  return isEmpty ? { path: change.path, range: TOP, reason: `nothing is left of ${change.path}: whether the rest of the tree builds without it is not judged` } : undefined;
}
