/** Functions that macro calls make, where it is the call that comes, goes or is another one: they come, go and change like those that are written out. */
import type { FileFacts, FunctionFact, RegistrationFact } from '../syntax/facts';
import { madeFunction } from '../syntax/madeFunction';

/**
 * The functions of a version of a file, and behind them those that these of its calls make, where the macro's text is known.
 * Of one name, they are counted on from those that are written out.
 */
export function withMade({ functions, generated }: FileFacts, calls: readonly RegistrationFact[]): readonly FunctionFact[] {
  const starts = new Set(calls.map((call) => call.range.start));
  const made = generated.flatMap((fact) => (fact.kind === 'function' && starts.has(fact.range.start) ? (madeFunction(fact) ?? []) : []));
  if (made.length === 0) return functions;
  const counts = new Map<string, number>();
  for (const { name } of functions) counts.set(name, (counts.get(name) ?? 0) + 1);
  return [...functions, ...made.map((fact) => {
    const ordinal = counts.get(fact.name) ?? 0;
    counts.set(fact.name, ordinal + 1);
    return ordinal === fact.ordinal ? fact : { ...fact, ordinal };
  })];
}
