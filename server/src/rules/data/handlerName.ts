/** A function that a table newly names, given the name of the one that the table named: that is then what the edit changes, and the table stays. */
import { unitOf } from '../../plan/unit';
import type { FileFacts, FunctionFact, Range } from '../../syntax/facts';
import { tokenize, TokenKind } from '../../syntax/tokens';
import { copyName, functionNamed } from '../edited';
import type { Fix, TextChange } from '../finding';
import type { RuleContext } from '../rule';
import { enumerate } from '../words';
import type { InitializerChange } from './initializerChange';
import { isWord } from './variableUses';

export interface HandlerName {
  readonly fix: Fix;
  readonly title: string;
}

/**
 * The fix for a table all of whose changed entries go from one static function of the file to a new one with the same signature. Where the new one calls the old, that gets a copy's
 * name; undefined where somebody else calls it, or holds its address.
 */
export function handlerName({ path, entries, lengths }: InitializerChange, context: RuleContext): HandlerName | undefined {
  const { before: old, after: now } = context.versions.get(path) ?? {};
  if (old === undefined || now === undefined || !path.endsWith('.c') || lengths.before !== lengths.after || entries.length === 0) return undefined;
  const names = new Map<string, string>();
  const copies: string[] = [];
  for (const entry of entries) {
    const [from, to] = [nameIn(entry.before), nameIn(entry.after)];
    if (from === undefined || to === undefined || !isTwin(functionNamed(old, from), functionNamed(now, to)) || functionNamed(old, to) !== undefined || isFixed(now, from) || isFixed(now, to)) return undefined;
    const still = functionNamed(now, from);
    if (still !== undefined && !isCalledBy(now, still, to)) return undefined;
    if ((names.get(to) ?? from) !== from || [...names].some(([one, name]) => name === from && one !== to)) return undefined;
    names.set(to, from);
    if (still === undefined) continue;
    if (functionNamed(now, copyName(context, from)) !== undefined) return undefined;
    names.set(from, copyName(context, from));
    if (!copies.includes(from)) copies.push(from);
  }
  const pairs = [...names].filter(([name]) => !copies.includes(name));
  const title = `Leave the table as it is: ${enumerate(pairs.map(([name, was]) => `${name} becomes ${was}`))}, which it points at${copies.length === 0 ? '' : `, and the old ${copies.length === 1 ? 'one' : 'ones'} ${enumerate(copies.map((name) => copyName(context, name)))}`}`;
  return { title, fix: { edits: () => renamed(context, path, now, names) } };
}

const nameIn = (value: string | undefined): string | undefined => /^&?([A-Za-z_]\w*)$/.exec(value ?? '')?.[1];

/** Both static, with the same words around their names. */
function isTwin(before: FunctionFact | undefined, after: FunctionFact | undefined): boolean {
  if (before?.isStatic !== true || after?.isStatic !== true || before.definedBy !== undefined || after.definedBy !== undefined || before.conditions.length > 0 || after.conditions.length > 0) return false;
  const around = ({ signature, name }: FunctionFact): string => signature.replace(isWord(name), ' ');
  return around(before) === around(after);
}

/** The new one alone calls it, nobody holds its address, and no static local of its own would go to another function. */
function isCalledBy(now: FileFacts, fact: FunctionFact, name: string): boolean {
  const unit = unitOf(now);
  const callers = unit.callersOf(fact.name);
  return fact.staticLocals.length === 0 && !unit.isAddressTaken(fact.name) && callers.length > 0 && callers.every(({ caller, macros }) => macros.length === 0 && caller.name === name);
}

/** Named where no fix writes. */
const isFixed = (facts: FileFacts, name: string): boolean =>
  unitOf(facts).macrosOver(name).length > 0 || facts.registrations.some(({ args }) => args.some((argument) => isWord(name).test(argument))) || facts.generated.some((fact) => fact.name === name || fact.mentions.includes(name) || fact.calls.includes(name)) || facts.functions.filter((fact) => fact.name === name).length > 1;

/** In functions, declarations of functions and initializers; members of that name are something else. */
function renamed(context: RuleContext, path: string, facts: FileFacts, names: ReadonlyMap<string, string>): TextChange[] {
  const text = context.textOf(path, 'after') ?? '';
  const ranges: readonly (Range | undefined)[] = [...facts.functions.map((fact) => fact.range), ...facts.prototypes.map((fact) => fact.range), ...facts.variables.map((fact) => fact.initializerRange)];
  return ranges.flatMap((range) => {
    if (range === undefined) return [];
    const tokens = tokenize(text.slice(range.start, range.end));
    const word = (at: number): string => tokens.text.slice(tokens.start[at], tokens.end[at]);
    return Array.from({ length: tokens.count }, (_, at) => at).flatMap((at): TextChange[] => {
      const to = tokens.kind[at] === TokenKind.identifier && (at === 0 || !/^(\.|->)$/.test(word(at - 1))) ? names.get(word(at)) : undefined;
      const start = range.start + (tokens.start[at] ?? 0);
      return to === undefined ? [] : [{ path, range: { start, end: start + word(at).length }, text: to }];
    });
  });
}
