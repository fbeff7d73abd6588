/** A variable whose stored value an edit changes: what two rules, on values and on tables of functions, look at. */
import type { VariableChange } from '../../change/changes';
import type { FileFacts, VariableFact } from '../../syntax/facts';
import type { RuleContext } from '../rule';
import { changedLeaves, lengthOf, sameValue, type EntryChange } from './initializers';
import { isPerCpu, isStaticKey } from './variables';

export interface InitializerChange {
  readonly path: string;
  readonly before: VariableFact;
  readonly after: VariableFact;
  readonly entries: readonly EntryChange[];
  /** Some of the entries that differ are functions: it is a table to call through. */
  readonly isOps: boolean;
}

/** The variables of the edit whose initializers make other bytes. Per-CPU variables and static keys have rules of their own. */
export function initializerChanges(context: RuleContext): InitializerChange[] {
  return context.changes.flatMap(({ path, variables }) => variables.flatMap((change): InitializerChange[] => {
    if (!changesValue(change)) return [];
    const { before, after } = change;
    const entries = changedLeaves(before.initializer, after.initializer);
    return [{ path, before, after, entries, isOps: entries.some((entry) => pointsAtFunctions(context, path, after, entry)) }];
  }));
}

function changesValue(change: VariableChange): change is Extract<VariableChange, { kind: 'changed' }> {
  if (change.kind !== 'changed' || !change.initializerChanged || isPerCpu(change.after) || isStaticKey(change.after)) return false;
  return !sameValue(change.before.initializer, change.after.initializer) || impliedLength(change.before) !== impliedLength(change.after);
}

/** Elements of an array that takes its length from its initializer; undefined for any other object, or where that cannot be counted. */
export function impliedLength({ type, initializer }: VariableFact): number | undefined {
  return /^[^[]*\[\]/.test(type) ? lengthOf(initializer) : undefined;
}

/** Structs of function pointers by the kernel's own naming: file_operations, proto_ops, nf_hook_ops, … */
const OPS_TYPE = /_(ops|operations|funcs|handlers?|vtable)\b/;

function pointsAtFunctions(context: RuleContext, path: string, fact: VariableFact, { before, after }: EntryChange): boolean {
  const names = [before, after].flatMap((value) => (value ?? '').match(/[A-Za-z_]\w*/g) ?? []);
  const { before: old, after: now } = context.versions.get(path) ?? {};
  if (names.some((name) => isFunction(old, name) || isFunction(now, name))) return true;
  // Defined elsewhere: a bare name in a table of that kind is a function, a number or a string is not.
  const head = context.textOf(path, 'after')?.slice(fact.range.start, fact.initializerRange?.start) ?? '';
  const isName = [before, after].some((value) => /^&?[a-z_]\w*$/.test(value ?? '') && value !== 'true' && value !== 'false');
  return isName && (OPS_TYPE.test(fact.type) || /\(\s*\*/.test(head));
}

const isFunction = (facts: FileFacts | undefined, name: string): boolean =>
  facts !== undefined && (facts.functions.some((fact) => fact.name === name) || facts.prototypes.some((fact) => fact.name === name) || facts.generated.some((fact) => fact.kind === 'function' && fact.name === name));
