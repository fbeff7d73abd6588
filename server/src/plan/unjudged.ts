/**
 * The parts of an edit that no rule judges yet. "Patchable" must be true: what nobody looked at makes the verdict undecided,
 * with the reason. A rule that comes to judge one of these takes its line out of here.
 */
import type { FileChanges } from '../change/changes';
import type { Around } from '../kernel/kept';
import type { FileFacts, GeneratedFact, Range, RegistrationFact } from '../syntax/facts';
import { kindOfFile } from './fileKinds';
import { isLeftOut } from './leftOut';
import { unknownOf } from './madeHolders';
import type { Unjudged } from './plan';
import { registrationKind } from './registrations';
import { unitOf } from './unit';

/** Where the edit has no place for it: what was removed is only in the baseline. */
const TOP: Range = { start: 0, end: 0 };

export function unjudgedIn(change: FileChanges, { versions, knowledge }: Pick<Around, 'versions' | 'knowledge'>): Unjudged[] {
  const facts = versions.get(change.path);
  const found: Unjudged[] = [];
  const say = (range: Range, reason: string, functions: readonly string[] = []): void => {
    found.push({ path: change.path, range, reason, ...(functions.length === 0 ? {} : { functions }) });
  };
  if (change.tokensEqual) return found;
  const kind = kindOfFile(change.path);
  if (kind === 'other') say(TOP, `${change.path} is no C file: not judged`);
  // Of the others the rules about files speak.
  if (kind !== 'c') return found;

  for (const { kind, before, after } of change.typedefs) if (kind !== 'added') say(after?.nameRange ?? TOP, `typedef ${(after ?? before).name} changed: its users are not judged yet`);
  for (const { kind, before, after } of change.variables) if (kind === 'changed' && after.isExtern && before.type !== after.type) say(after.nameRange, `the declaration of ${after.name} changed: its users may be compiled differently`);
  for (const { before, after } of change.registrations) {
    const { macro, args } = after ?? before;
    if (registrationKind(macro) !== undefined) continue;
    // Functions that are made of a known text are judged like those that are written out.
    const unknown = [unknownIn(before, facts?.before), unknownIn(after, facts?.after)].filter((made) => made !== undefined);
    if (unknown.length > 0) say((after ?? { range: TOP }).range, `${macro}(${args[0] ?? ''}) changed: registrations run when the kernel boots or the module loads`, [...new Set(unknown.flat().flatMap((made) => (isLeftOut(made, knowledge) ? [] : [made.name])))]);
  }
  if (change.residueChanged) say(TOP, `#if conditions, pragmas or text that could not be read changed in ${change.path}, outside any definition`);
  return found;
}

/** Functions made by a call of which the text is not known; undefined where all that it makes is known. */
const unknownIn = (call: RegistrationFact | undefined, facts: FileFacts | undefined): readonly GeneratedFact[] | undefined =>
  call === undefined ? undefined : facts === undefined ? [] : unknownOf(call, unitOf(facts));

/** A file of which nothing is left: its definitions are gone one by one, and whether the tree still builds is no matter of any of them. */
export function unjudgedRest(change: FileChanges, after: FileFacts | undefined): Unjudged | undefined {
  if (change.status !== 'modified' || change.tokensEqual || after === undefined || !/\.[ch]$/.test(change.path)) return undefined;
  const isEmpty = [after.functions, after.records, after.enums, after.typedefs, after.variables, after.macros, after.includes, after.prototypes, after.registrations].every((facts) => facts.length === 0);
  return isEmpty ? { path: change.path, range: TOP, reason: `nothing is left of ${change.path}: whether the rest of the tree builds without it is not judged` } : undefined;
}
