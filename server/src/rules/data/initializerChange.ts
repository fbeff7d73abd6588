/** A variable whose stored value an edit changes: what two rules, on values and on tables of functions, look at. */
import type { VariableChange } from '../../change/changes';
import type { FileFacts, Range, VariableFact } from '../../syntax/facts';
import { fold } from '../../syntax/text';
import { tokenize, TokenKind } from '../../syntax/tokens';
import type { RuleContext } from '../rule';
import { changedLeaves, lengthOf, sameValue, type EntryChange } from './initializers';
import { isPerCpu, isStaticKey } from './variables';

export interface InitializerChange {
  readonly path: string;
  readonly change: Extract<VariableChange, { kind: 'changed' }>;
  readonly before: VariableFact;
  readonly after: VariableFact;
  /** The initializers on one line, without comments and directives; absent where there is none. */
  readonly values: { readonly before?: string; readonly after?: string };
  readonly entries: readonly EntryChange[];
  /** Elements of an array that takes its length from its initializer, where they can be counted. */
  readonly lengths: { readonly before: number | undefined; readonly after: number | undefined };
  /** Those of them that are functions: with one, it is a table to call through. */
  readonly functions: readonly EntryChange[];
}

/** The variables of the edit whose initializers make other bytes. Per-CPU variables and static keys have rules of their own. */
export function initializerChanges(context: RuleContext): readonly InitializerChange[] {
  const known = found.get(context) ?? changesIn(context);
  found.set(context, known);
  return known;
}

/** Three rules ask. */
const found = new WeakMap<RuleContext, readonly InitializerChange[]>();

function changesIn(context: RuleContext): InitializerChange[] {
  return context.changes.flatMap(({ path, variables }) => variables.flatMap((change): InitializerChange[] => {
    if (!mayChangeValue(change)) return [];
    const { before, after } = change;
    const [old, now] = [written(before.initializerRange, context.textOf(path, 'before')), written(after.initializerRange, context.textOf(path, 'after'))];
    const lengths = { before: impliedLength(before.type, old.value), after: impliedLength(after.type, now.value) };
    const isOther = old.directives !== now.directives || lengths.before !== lengths.after || !sameValue(old.value, now.value);
    if (!isOther) return [];
    const entries = changedLeaves(old.value, now.value);
    const values = { ...(old.value === undefined ? {} : { before: old.value }), ...(now.value === undefined ? {} : { after: now.value }) };
    return [{ path, change, before, after, values, lengths, entries, functions: entries.filter((entry) => isFunctionEntry(context, path, after, entry)) }];
  }));
}

function mayChangeValue(change: VariableChange): change is Extract<VariableChange, { kind: 'changed' }> {
  return change.kind === 'changed' && change.initializerChanged && !change.before.isExtern && !change.after.isExtern && !isPerCpu(change.after) && !isStaticKey(change.after);
}

/** Entries of all `#if` branches, side by side; the directives between them apart, since they are no part of an entry. */
function written(range: Range | undefined, text: string | undefined): { readonly value?: string; readonly directives: string } {
  if (range === undefined || text === undefined) return { directives: '' };
  const raw = text.slice(range.start, range.end);
  if (!raw.includes('#')) return { value: fold(raw), directives: '' };
  const tokens = tokenize(raw);
  let value = '';
  const directives: string[] = [];
  let from = 0;
  for (let at = 0; at < tokens.count; at += 1) {
    if (tokens.kind[at] !== TokenKind.directive) continue;
    value += `${raw.slice(from, tokens.start[at])}\n`;
    from = tokens.end[at] ?? from;
    directives.push(fold(raw.slice(tokens.start[at], from)));
  }
  return { value: fold(value + raw.slice(from)), directives: directives.join('\n') };
}

const impliedLength = (type: string, value: string | undefined): number | undefined => (/^[^[]*\[\]/.test(type) ? lengthOf(value) : undefined);

/** Structs of function pointers by the kernel's own naming: file_operations, proto_ops, nf_hook_ops, … */
const OPS_TYPE = /_(ops|operations|funcs|handlers?|vtable)\b/;

function isFunctionEntry(context: RuleContext, path: string, fact: VariableFact, { before, after }: EntryChange): boolean {
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
