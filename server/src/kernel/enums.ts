/** The size gcc gives an enum: int or unsigned int, a 64-bit type when a value needs it, the smallest when packed. */
import type { EnumFact } from '../syntax/facts';
import type { Size } from './ctypes';

/** Evaluates an expression, knowing the constants before it. */
export type Evaluate = (text: string, known: ReadonlyMap<string, bigint>) => bigint | undefined;

/** Whether an `#if` condition holds; undefined when it cannot be told. */
export type Holds = (condition: string) => boolean | undefined;

/** Undefined when a value is not known or there is no such enum. */
export function enumSize(fact: EnumFact | undefined, constant: Evaluate, holds: Holds): Size | undefined {
  const values = fact === undefined ? undefined : enumValues(fact, constant, holds);
  if (fact === undefined || values === undefined) return undefined;
  const [lowest, highest] = [...values.values()].reduce<[bigint, bigint]>(([low, high], value) => [value < low ? value : low, value > high ? value : high], [0n, 0n]);
  const fits = (bits: bigint): boolean => (lowest < 0n ? lowest >= -(1n << (bits - 1n)) && highest < 1n << (bits - 1n) : highest < 1n << bits);
  const isPacked = fact.attributes.some((attribute) => /\b(__)?packed(__)?\b/.test(attribute));
  const size = (isPacked ? [1, 2, 4] : [4]).find((bytes) => fits(BigInt(bytes * 8))) ?? 8;
  return { size, align: size };
}

/** The value of every constant that is compiled, or undefined when one is not known, or whether it is compiled, or how many a macro or an #include among them makes. */
export function enumValues(fact: EnumFact, constant: Evaluate, holds: Holds): Map<string, bigint> | undefined {
  const values = new Map<string, bigint>();
  let next = 0n;
  for (const { name, value, conditions = [] } of fact.constants) {
    if (!/^\w+$/.test(name)) return undefined;
    const isThere = conditions.every((condition) => holds(condition) === true);
    if (!isThere && (fact.passedOver === true || !conditions.some((condition) => holds(condition) === false))) return undefined;
    if (!isThere) continue;
    const known = value === undefined ? next : constant(value, values);
    if (known === undefined) return undefined;
    values.set(name, known);
    next = known + 1n;
  }
  return values;
}
