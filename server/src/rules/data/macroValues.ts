/** Data that a changed constant goes into: the text of the variable is the same, its bytes are not. */
import type { FileFacts, Range } from '../../syntax/facts';
import type { RuleContext, RuleFinding } from '../rule';
import { enumerate } from '../words';
import { constantChanges, type ConstantChange } from './constants';
import { isSpecialStatic } from './staticLocals';

export interface MacroValue {
  /** What it decides: what is stored, or how long an array is. */
  readonly part: 'value' | 'length';
  readonly finding: RuleFinding;
}

interface Holder {
  readonly name: string;
  readonly path: string;
  readonly range: Range;
}

const found = new WeakMap<RuleContext, readonly MacroValue[]>();

/** One finding for each macro or enum and part, at the first constant that is used so. */
export function macroValues(context: RuleContext): readonly MacroValue[] {
  const known = found.get(context);
  if (known !== undefined) return known;
  const values = groupsOf(constantChanges(context)).flatMap((group) => (['value', 'length'] as const).flatMap((part): MacroValue[] => {
    const held = group.map((constant) => ({ constant, holders: filesWith(constant, context).flatMap(([path, facts, names]) => holdersIn(path, facts, names, part)) })).filter(({ holders }) => holders.length > 0);
    const [first] = held;
    if (first === undefined) return [];
    const holders = new Map(held.flatMap((one) => one.holders).map((holder) => [`${holder.path} ${holder.name}`, holder]));
    return [{ part, finding: finding(first.constant, held.length - 1, [...holders.values()], part) }];
  }));
  found.set(context, values);
  return values;
}

/** Macros by themselves, the constants of one enum together. */
function groupsOf(constants: readonly ConstantChange[]): ConstantChange[][] {
  const groups = new Map<string, ConstantChange[]>();
  for (const constant of constants) {
    const key = `${constant.path} ${constant.group ?? constant.name}`;
    groups.set(key, [...(groups.get(key) ?? []), constant]);
  }
  return [...groups.values()];
}

/** The files that may use it, each with the constant's name and those of the macros that are written with it. */
function filesWith({ path, name }: ConstantChange, { versions, knowledge }: RuleContext): [string, FileFacts, ReadonlySet<string>][] {
  const own = versions.get(path)?.after;
  if (own === undefined) return [];
  const names = new Set([name]);
  // Written in any order, so as often as something is added.
  for (let size = 0; size !== names.size; ) {
    size = names.size;
    for (const macro of own.macros) if (macro.mentions.some((one) => names.has(one))) names.add(macro.name);
  }
  if (!path.endsWith('.h')) return [[path, own, names]];
  const files = new Map<string, FileFacts>([[path, own]]);
  for (const word of names) for (const file of knowledge.ask({ kind: 'users', word, from: path, of: path })?.files ?? []) files.set(file.path, versions.get(file.path)?.after ?? file.facts);
  return [...files].map(([file, facts]) => [file, facts, names]);
}

function holdersIn(path: string, facts: FileFacts, names: ReadonlySet<string>, part: 'value' | 'length'): Holder[] {
  const uses = (text: string | undefined): boolean => (text?.match(/[A-Za-z_]\w*/g) ?? []).some((word) => names.has(word));
  const bounds = (type: string): string => type.slice(type.indexOf('[') + 1 || type.length);
  const variables = facts.variables.filter((fact) => !fact.isExtern && (part === 'length' ? uses(bounds(fact.type)) : fact.initializer !== undefined && fact.mentions.some((word) => names.has(word))));
  const locals = part === 'length' ? [] : facts.functions.filter((fact) => fact.staticLocals.length > 0).flatMap((owner) => owner.staticLocals.filter((local) => !isSpecialStatic(local.name) && uses(local.initializer)).map((local): Holder => ({ name: local.name, path, range: owner.nameRange })));
  return [...variables.map((fact): Holder => ({ name: fact.name, path, range: fact.nameRange })), ...locals];
}

function finding({ path, name, range, before, after }: ConstantChange, others: number, holders: readonly Holder[], part: 'value' | 'length'): RuleFinding {
  const names = enumerate([...new Set(holders.map((holder) => holder.name))]);
  const values = before === undefined || after === undefined || before.length + after.length > 40 ? 'changes' : `goes from ${before} to ${after}${others === 0 ? '' : ` (and ${others} more)`}`;
  const what = part === 'value'
    ? `and ${names} ${holders.length === 1 ? 'is' : 'are'} initialized with it: the running kernel keeps what is stored`
    : `and ${names} ${holders.length === 1 ? 'has' : 'have'} that many elements: the running kernel keeps the old object${holders.length === 1 ? '' : 's'}, of the old size`;
  return {
    path,
    range,
    symbol: name,
    message: `${name} ${values}, ${what}.`,
    related: holders.map((holder) => ({ path: holder.path, range: holder.range, message: part === 'value' ? `${holder.name} is initialized with it` : `${holder.name} has that many elements` })),
    remedies: [{ kind: 'rewrite', title: `Leave ${name} as it is and give the code that needs the new value a constant of its own` }],
  };
}
