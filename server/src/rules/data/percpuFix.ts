/** Per-CPU variables that callbacks allocate or write, in place of what would have to be laid out at boot. */
import type { VariableChange } from '../../change/changes';
import type { VariableFact } from '../../syntax/facts';
import { takesAddress } from '../body';
import { callbackPair } from '../callbackPair';
import { addInclude, copyName } from '../edited';
import type { Fix, TextChange } from '../finding';
import type { RuleContext } from '../rule';
import { callbacksOf } from '../transition/callbacks';
import { sameValue } from './initializers';
import { NUMBER } from './twin';
import { isPerCpu, plainType } from './variables';
import { callAround, usesOfVariable, type VariableUse } from './variableUses';

export interface PercpuFix {
  readonly fix: Fix;
  /** Further variables that the same callbacks see to: an object has room for one callback of a kind. */
  readonly others: readonly string[];
}

/** The fix for one variable and for every other of its file that callbacks can see to; undefined where one cannot, or the edit has callbacks already: a person has to join them. */
export function percpuFix(change: VariableChange, path: string, context: RuleContext): PercpuFix | undefined {
  const own = partOf(change, path, context);
  const text = context.textOf(path, 'after');
  if (own === undefined || text === undefined || callbacksOf(context).length > 0) return undefined;
  const parts = context.changes.flatMap((file) => (file.path !== path ? [] : file.variables.flatMap((one) => (one === change ? own : (partOf(one, path, context) ?? [])))));
  const edits = (): TextChange[] => [
    ...addInclude(context, path, '<linux/percpu.h>'),
    ...parts.flatMap((part) => part.edits),
    { path, range: { start: text.length, end: text.length }, text: `${text.endsWith('\n') ? '' : '\n'}\n${callbacks(parts, context)}` },
  ];
  return { fix: { edits }, others: parts.flatMap((part) => (part === own ? [] : part.variable)) };
}

/** What is done for one variable. */
interface Part {
  readonly variable: string;
  readonly edits: readonly TextChange[];
  readonly pointer?: { readonly name: string; readonly type: string };
  readonly statics: readonly string[];
  /** Statements for each CPU, of the pre-patch callback and of the post-unpatch one. */
  readonly load: readonly string[];
  readonly back: readonly string[];
}

function partOf(change: VariableChange, path: string, context: RuleContext): Part | undefined {
  const { before, after } = change;
  if (after === undefined || after.isExtern || !isPerCpu(after) || !path.endsWith('.c') || after.conditions.length > 0) return undefined;
  if (before === undefined) return allocated(after, path, context);
  if (!isPerCpu(before) || before.isExtern || !isNumber(after.type) || !isNumber(before.type)) return undefined;
  if (plainType(before.type) === plainType(after.type)) return before.definedBy === after.definedBy ? written(before, after, path, context) : undefined;
  return sameValue(before.initializer, after.initializer) ? twin(before, after, path, context) : undefined;
}

const isNumber = (type: string): boolean => NUMBER.exec(plainType(type))?.[2] === '';

const isAllocatable = ({ isStatic, definedBy, type }: VariableFact): boolean => isStatic && /^DEFINE_PER_CPU(_READ_MOSTLY|_SHARED_ALIGNED)?$/.test(definedBy ?? '') && !type.includes('[');

/** A new one: alloc_percpu() gives zeros, a number is stored for each CPU. */
function allocated(after: VariableFact, path: string, context: RuleContext): Part | undefined {
  const { name, type, initializer, range } = after;
  const uses = isAllocatable(after) ? pointerUses(name, name, path, context) : undefined;
  const isZero = sameValue(initializer, undefined);
  if (uses === undefined || (!isZero && !isNumber(type))) return undefined;
  return { variable: name, edits: [{ path, range, text: declaration(type, name) }, ...uses], pointer: { name, type }, statics: [], load: isZero ? [] : [`*per_cpu_ptr(${name}, cpu) = ${initializer ?? ''};`], back: [] };
}

/** One of another type: a new one beside it, for all who use it. */
function twin(before: VariableFact, after: VariableFact, path: string, context: RuleContext): Part | undefined {
  const { name, type, range } = after;
  const to = copyName(context, name);
  const uses = isAllocatable(after) && before.isStatic ? pointerUses(name, to, path, context) : undefined;
  const old = context.textOf(path, 'before')?.slice(before.range.start, before.range.end);
  if (uses === undefined || old === undefined || context.versions.get(path)?.after?.variables.some((one) => one.name === to) !== false) return undefined;
  return { variable: name, edits: [{ path, range, text: `${old}\n${declaration(type, to)}` }, ...uses], pointer: { name: to, type }, statics: [], load: [`*per_cpu_ptr(${to}, cpu) = per_cpu(${name}, cpu);`], back: [`per_cpu(${name}, cpu) = *per_cpu_ptr(${to}, cpu);`] };
}

/** One with another initial value: only where the old one still stands, as somebody may have stored another since. */
function written(before: VariableFact, after: VariableFact, path: string, context: RuleContext): Part | undefined {
  const { name, range } = after;
  const old = context.textOf(path, 'before')?.slice(before.range.start, before.range.end);
  if (old === undefined || sameValue(before.initializer, after.initializer)) return undefined;
  const [was, is, cpus] = [before.initializer ?? '0', after.initializer ?? '0', `${name}_written`];
  return {
    variable: name,
    edits: [{ path, range, text: old }],
    statics: [`static struct cpumask ${cpus};`],
    load: [`if (per_cpu(${name}, cpu) == ${was}) {`, `\tper_cpu(${name}, cpu) = ${is};`, `\tcpumask_set_cpu(cpu, &${cpus});`, '}'],
    back: [`if (cpumask_test_cpu(cpu, &${cpus}) && per_cpu(${name}, cpu) == ${is})`, `\tper_cpu(${name}, cpu) = ${was};`],
  };
}

const declaration = (type: string, name: string): string => `static ${type} __percpu *${name};`;

/** The variable's name, where its place is meant, for a pointer to it: `x.a` becomes `to->a`, `&x` becomes `to`, and x itself `*to`. Undefined where it is used otherwise than the kernel's accessors do. */
function pointerUses(name: string, to: string, path: string, context: RuleContext): TextChange[] | undefined {
  const uses = usesOfVariable(context, path, name)?.map((use) => pointerUse(use, to));
  return uses === undefined || uses.includes(undefined) ? undefined : uses.flatMap((use) => use ?? []);
}

function pointerUse({ path, tokens, index }: VariableUse, to: string): TextChange[] | undefined {
  const [before, token, next] = [tokens[index - 1], tokens[index], tokens[index + 1]];
  if (before === undefined || token === undefined || next === undefined || next.text === '[') return undefined;
  const put = (start: number, end: number, text: string): TextChange => ({ path, range: { start, end }, text });
  const end = token.at + token.text.length;
  if (next.text === '.') return [put(token.at, end, to), put(next.at, next.at + 1, '->')];
  // Handed on, and not kept.
  if (takesAddress(tokens, index - 1)) return /^[(,]$/.test(tokens[index - 2]?.text ?? '') ? [put(before.at, end, to)] : undefined;
  return /^[(,]$/.test(before.text) && /^[),]$/.test(next.text) && ACCESSOR.test(callAround(tokens, index)) ? [put(token.at, end, `*${to}`)] : undefined;
}

/** include/linux/percpu-defs.h: macros that take the variable, and not its address. */
const ACCESSOR = /^(per_cpu|(get|put)_cpu_var|sizeof|typeof|(__this|this|raw)_cpu_(read|write|add|and|or|sub|inc|dec|add_return|sub_return|inc_return|dec_return|xchg|cmpxchg))$/;

function callbacks(parts: readonly Part[], { profile }: RuleContext): string {
  const pointers = parts.flatMap(({ pointer }) => pointer ?? []);
  const name = pointers[0]?.name ?? parts[0]?.variable ?? '';
  const frees = pointers.map((one) => `free_percpu(${one.name});`);
  const [load, back] = [forEachCpu(parts.flatMap((part) => part.load)), forEachCpu(parts.flatMap((part) => part.back))];
  const cpu = (loop: readonly string[]): readonly string[] => (loop.length === 0 ? [] : ['\tint cpu;', '']);
  const prePatch = [...cpu(load), ...pointers.map((one) => `\t${one.name} = alloc_percpu(${one.type});`), ...failing(pointers.map((one) => one.name), frees), ...load];
  const postUnpatch = [...cpu(back), ...back, ...frees.map((free) => `\t${free}`)];
  const statics = parts.flatMap((part) => part.statics);
  return callbackPair(profile, { name, prePatch, postUnpatch }, statics.length === 0 ? [] : [...statics, '']);
}

/** free_percpu() takes NULL. */
function failing(names: readonly string[], frees: readonly string[]): string[] {
  if (names.length === 0) return [];
  const condition = `\tif (${names.map((name) => `!${name}`).join(' || ')})`;
  return names.length === 1 ? [condition, '\t\treturn -ENOMEM;'] : [`${condition} {`, ...frees.map((free) => `\t\t${free}`), '\t\treturn -ENOMEM;', '\t}'];
}

function forEachCpu(statements: readonly string[]): string[] {
  if (statements.length === 0) return [];
  if (statements.length === 1) return ['\tfor_each_possible_cpu(cpu)', `\t\t${statements[0] ?? ''}`];
  return ['\tfor_each_possible_cpu(cpu) {', ...statements.map((statement) => `\t\t${statement}`), '\t}'];
}
