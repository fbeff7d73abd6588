/** A function that a macro call makes wholly -> its fact, as if it were written out at the call. */
import { extractFacts } from './extract';
import type { FunctionFact, GeneratedFact, Range } from './facts';
import { sourceText } from './makers';

/** By the arguments of the call, which stay the same list when it is moved; then by the macro's text. Most made functions are never asked for. */
const known = new WeakMap<readonly string[], Map<string, FunctionFact | undefined>>();
const placed = new WeakMap<GeneratedFact, FunctionFact>();

/** Undefined where the macro's text is not known, or makes no function of that name. What stands inside it has no place in the file: it all is at the call. */
export function madeFunction(made: GeneratedFact): FunctionFact | undefined {
  const there = placed.get(made);
  if (there !== undefined) return there;
  const fact = writtenOut(made);
  if (fact === undefined) return undefined;
  const { range } = made;
  const all: FunctionFact = { ...fact, range, nameRange: range, bodyRange: { start: range.end, end: range.end }, conditions: made.conditions, definedBy: made.definedBy };
  placed.set(made, all);
  return all;
}

function writtenOut({ name, source }: GeneratedFact): FunctionFact | undefined {
  if (source === undefined) return undefined;
  const byText = known.get(source.args) ?? new Map<string, FunctionFact | undefined>();
  known.set(source.args, byText);
  const key = `${name} ${source.template}`;
  if (!byText.has(key)) byText.set(key, read(name, sourceText(source)));
  return byText.get(key);
}

function read(name: string, text: string): FunctionFact | undefined {
  const found = extractFacts(text).functions.filter((fact) => fact.name === name);
  const [fact] = found;
  if (fact === undefined || found.length > 1) return undefined;
  const here = (range: Range): Range => ({ start: 0, end: range.end - range.start });
  return {
    ...fact,
    ordinal: 0,
    calls: fact.calls.map((call) => ({ ...call, at: 0 })),
    staticLocals: fact.staticLocals.map((local) => ({ ...local, range: here(local.range), nameRange: here(local.nameRange) })),
    writtenOut: { text, nameRange: fact.nameRange, bodyRange: fact.bodyRange },
  };
}
