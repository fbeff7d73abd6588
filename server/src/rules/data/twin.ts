/** A changed variable left to the running kernel, and a new one of the patch's own, as the edit has it, for every function that uses it. */
import type { VariableChange } from '../../change/changes';
import type { VariableFact } from '../../syntax/facts';
import { callbackPair } from '../callbackPair';
import { addInclude, copyName, functionNamed } from '../edited';
import type { Fix, Remedy, TextChange } from '../finding';
import type { RuleContext } from '../rule';
import { callbacksOf } from '../transition/callbacks';
import type { InitializerChange } from './initializerChange';
import { sameValue } from './initializers';
import { isConst, plainType, sectionAttributes } from './variables';
import { accessOf, renamedUses, usesOfVariable, type VariableUse } from './variableUses';

type Changed = Extract<VariableChange, { kind: 'changed' }>;

export interface Twin {
  readonly fix: Fix;
  /** Of the new variable. */
  readonly name: string;
  /** Further variables that the same callbacks copy. */
  readonly others: readonly string[];
  /** Nothing writes it, so that there is no value to take over. */
  readonly isConstant: boolean;
}

/**
 * The fix for a static variable that all functions of its file can be given another for: by its name and its elements, and not by an address that goes on. What is written is
 * copied by callbacks, when it is of numbers; undefined for any other.
 */
export function twinOf(change: Changed, path: string, context: RuleContext): Twin | undefined {
  const twin = movable(change, path, context);
  if (twin === undefined) return undefined;
  const { name } = twin;
  if (twin.isConstant) return { fix: { edits: () => [declared(twin, context), ...renamedUses(twin.uses, name)] }, name, others: [], isConstant: true };
  if (callbacksOf(context).length > 0) return undefined;
  const together = context.changes.flatMap((file) => (file.path !== path ? [] : file.variables.flatMap((one) => (one.kind === 'changed' && one.typeChanged ? [one.after === change.after ? twin : movable(one, path, context)] : [])))).filter((one) => one?.isConstant === false);
  const text = context.textOf(path, 'after') ?? '';
  const edits = (): TextChange[] => {
    const all = together.flatMap((one) => one ?? []);
    return [...(all.some(isArray) ? addInclude(context, path, '<linux/string.h>') : []), ...all.flatMap((one) => [declared(one, context), ...renamedUses(one.uses, one.name)]), { path, range: { start: text.length, end: text.length }, text: `${text.endsWith('\n') ? '' : '\n'}\n${callbacks(all, context)}` }];
  };
  return { fix: { edits }, name, others: together.flatMap((one) => (one === undefined || one.change.after === change.after ? [] : [one.change.after.name])), isConstant: false };
}

/** The way out by those who read a table or value that nothing writes, with the fix where there is one. */
export function readers({ change, path }: InitializerChange, title: string, context: RuleContext): Remedy {
  const twin = twinOf(change, path, context);
  return twin?.isConstant === true ? { kind: 'patch-callee', title: `Leave ${change.after.name} to the running kernel, and have its readers use ${twin.name}, with what the edit has in it`, fix: twin.fix } : { kind: 'patch-callee', title };
}

interface Movable {
  readonly change: Changed;
  readonly path: string;
  readonly name: string;
  readonly uses: readonly VariableUse[];
  readonly isConstant: boolean;
}

const isArray = ({ change: { after } }: Movable): boolean => after.type.includes('[');

function movable(change: Changed, path: string, context: RuleContext): Movable | undefined {
  const { before, after } = change;
  const facts = context.versions.get(path)?.after;
  const name = copyName(context, after.name);
  if (facts === undefined || !isPlain(before) || !isPlain(after) || functionNamed(facts, name) !== undefined) return undefined;
  const isAlone = (fact: VariableFact, all: readonly VariableFact[]): boolean => all.filter((one) => one.range.start === fact.range.start || one.name === fact.name).length === 1;
  if (facts.variables.some((one) => one.name === name) || !isAlone(after, facts.variables) || !isAlone(before, context.versions.get(path)?.before?.variables ?? [])) return undefined;
  const uses = usesOfVariable(context, path, after.name);
  if (uses === undefined || uses.length === 0) return undefined;
  const accesses = uses.map((use) => accessOf(use, after.type.includes('['), (callee) => functionNamed(facts, callee) !== undefined));
  if (accesses.includes('unknown')) return undefined;
  const isConstant = isConst(after, context.textOf(path, 'after')) || !accesses.includes('write');
  return isConstant || isCopied(change) ? { change, path, name, uses, isConstant } : undefined;
}

const isPlain = (fact: VariableFact): boolean => fact.isStatic && fact.definedBy === undefined && fact.conditions.length === 0;

/** Numbers, or arrays of one kind of them; a new initial value is no copy of the old. */
function isCopied({ before, after }: Changed): boolean {
  const [old, now] = [NUMBER.exec(plainType(before.type)), NUMBER.exec(plainType(after.type))];
  if (old === null || now === null || !sameValue(before.initializer, after.initializer)) return false;
  const [was, is] = [old[2] !== '', now[2] !== ''];
  return was || is ? was && is && old[1] === now[1] : true;
}

/** A type of numbers, and the bounds of an array of one dimension. */
export const NUMBER = /^((?:(?:unsigned|signed|short|int|long|char)(?: (?:unsigned|signed|short|int|long|char))*)|bool|[us](?:8|16|32|64)|u?int(?:8|16|32|64)_t|s?size_t)((?:\[[^[\]]+\])?)$/;

/** The edit's declaration under the new name, without what would put it into a section of its own kind; for a value that is copied the baseline's stays in front. */
function declared({ change: { before, after }, path, name, isConstant }: Movable, context: RuleContext): TextChange {
  const now = context.textOf(path, 'after')?.slice(after.range.start, after.range.end) ?? '';
  const at = after.nameRange.start - after.range.start;
  const end = (after.initializerRange?.start ?? after.range.end) - after.range.start;
  const plain = (text: string): string => sectionAttributes(after.attributes).reduce((rest, attribute) => rest.replace(new RegExp(`[ \\t]*${attribute.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}`), ''), text);
  const twin = plain(now.slice(0, at)) + name + plain(now.slice(at + after.name.length, end)) + now.slice(end);
  const old = isConstant ? '' : `${context.textOf(path, 'before')?.slice(before.range.start, before.range.end) ?? ''}\n`;
  return { path, range: after.range, text: old + twin };
}

function callbacks(all: readonly Movable[], { profile }: RuleContext): string {
  const copies = (turn: (one: Movable) => readonly [string, string]): string[] => all.map((one) => {
    const [to, from] = turn(one);
    return isArray(one) ? `\tmemcpy(${to}, ${from}, min(sizeof(${to}), sizeof(${from})));` : `\t${to} = ${from};`;
  });
  const both = { name: all[0]?.name ?? '', prePatch: copies(({ name, change: { after } }) => [name, after.name]), postUnpatch: copies(({ name, change: { after } }) => [after.name, name]) };
  return callbackPair(profile, both, [`/* Under the lock that guards ${all.length === 1 ? 'the variable' : 'them'}, where there is one. */`]);
}
