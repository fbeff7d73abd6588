/**
 * The parts of an edit that no rule judges yet. "Patchable" must be true: what nobody looked at makes the verdict undecided,
 * with the reason. A rule that comes to judge one of these takes its line out of here.
 */
import type { FileChanges } from '../change/changes';
import type { Range } from '../syntax/facts';
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

  for (const { kind, before, after } of change.enums) if (kind !== 'added') say(after?.nameRange ?? TOP, `constants of enum ${(after ?? before).name} changed: their users and stored values are not judged yet`);
  for (const { kind, before, after } of change.typedefs) if (kind !== 'added') say(after?.nameRange ?? TOP, `typedef ${(after ?? before).name} changed: its users are not judged yet`);
  for (const variable of change.variables) {
    if (variable.kind === 'changed' && variable.typeChanged) say(variable.after.nameRange, `the type, size or attributes of ${variable.after.name} changed: the running kernel keeps the old object`);
    if (variable.kind === 'removed') say(TOP, `variable ${variable.before.name} was removed: the running kernel keeps it, and old code may still write it`);
    if (variable.kind === 'added' && (variable.after.definedBy !== undefined || variable.after.attributes.some(isSectionAttribute))) say(variable.after.nameRange, `${variable.after.name} is defined by a macro or in a section of its own: not judged yet`);
  }
  for (const { before, after } of change.registrations) if (registrationKind((after ?? before).macro) === undefined) say((after ?? { range: TOP }).range, `${(after ?? before).macro}(${(after ?? before).args[0] ?? ''}) changed: registrations run when the kernel boots or the module loads`);
  for (const fact of change.functions) {
    if (fact.kind === 'added') continue;
    if (fact.kind === 'removed') continue;
    for (const local of fact.staticLocals) {
      if (local.kind === 'removed') say(fact.after.nameRange, `static local ${local.before.name} of ${fact.after.name} was removed or renamed: its value is lost to the new code`);
      if (local.kind === 'changed' && local.before.typeHash !== local.after.typeHash) say(fact.after.nameRange, `static local ${local.after.name} of ${fact.after.name} changed its type: its value is lost to the new code`);
    }
    if (fact.before.isStatic !== fact.after.isStatic) say(fact.after.nameRange, `${fact.after.name} became ${fact.after.isStatic ? 'static' : 'global'}: build tools take it for another function`);
    if (fact.kind === 'signature' && !fact.after.isStatic) say(fact.after.nameRange, `the signature of ${fact.after.name} changed, and it is not static: callers outside this patch pass the old arguments`);
  }
  for (const { kind, after } of change.prototypes) if (kind === 'changed') say(after.nameRange, `the declaration of ${after.name} changed: its callers may be compiled differently`);
  if (change.residueChanged) say(TOP, `#if conditions, pragmas or text that could not be read changed in ${change.path}, outside any definition`);
  return found;
}

const isSectionAttribute = (attribute: string): boolean => /^(__read_mostly|__ro_after_init|__init|__section|__page_aligned|____cacheline|__percpu)/.test(attribute);
