/** What an edit does to the constants of enums, number by number. */
import type { FileChanges } from '../change/changes';
import { enumValues } from '../kernel/enums';
import { evaluate } from '../kernel/expression';
import type { Versions } from '../kernel/kept';
import type { EnumFact, FileFacts, Range } from '../syntax/facts';

export interface EnumChange {
  readonly path: string;
  readonly before: EnumFact;
  readonly after: EnumFact;
  /** Constants of both versions with different numbers, in the edit's order. */
  readonly moved: readonly MovedConstant[];
  readonly added: readonly string[];
  readonly removed: readonly string[];
}

export interface MovedConstant {
  readonly name: string;
  /** In the edit's text. */
  readonly range: Range;
  /** As a number; undefined where that could not be told. */
  readonly before?: string;
  readonly after?: string;
}

/** Every enum of a file that both versions have. One without a name is the one it shares a constant with. */
export function enumChanges({ path, enums }: FileChanges, versions: Versions): EnumChange[] {
  const removed = enums.flatMap((change) => (change.kind === 'removed' && change.before.name === '' ? [change.before] : []));
  return enums.flatMap((change): EnumChange[] => {
    if (change.kind === 'changed') return [compared(path, change.before, change.after, versions)];
    const twin = change.kind === 'added' && change.after.name === '' ? removed.find((one) => one.constants.some(({ name }) => change.after.constants.some((other) => other.name === name))) : undefined;
    return twin === undefined || change.after === undefined ? [] : [compared(path, twin, change.after, versions)];
  });
}

function compared(path: string, before: EnumFact, after: EnumFact, versions: Versions): EnumChange {
  const old = valuesOf(before, versions.get(path)?.before);
  const now = valuesOf(after, versions.get(path)?.after);
  const moved = after.constants.flatMap(({ name, range }): MovedConstant[] => {
    const [from, to] = [old.get(name), now.get(name)];
    if (from === undefined || to === undefined || from === to) return [];
    const start = after.range.start + range.start;
    const isNumber = /^-?\d+$/;
    return [{ name, range: { start, end: start + name.length }, ...(isNumber.test(from) ? { before: from } : {}), ...(isNumber.test(to) ? { after: to } : {}) }];
  });
  return { path, before, after, moved, added: [...now.keys()].filter((name) => !old.has(name)), removed: [...old.keys()].filter((name) => !now.has(name)) };
}

/** Numbers where they can be counted; else the last value written out and the distance from it, so that two versions can be compared. */
function valuesOf(fact: EnumFact, facts: FileFacts | undefined): Map<string, string> {
  const macro = (name: string, depth = 0): bigint | undefined => {
    const body = depth < 8 ? facts?.macros.find((one) => one.name === name && one.parameters === undefined)?.body : undefined;
    return body === undefined ? undefined : evaluate(body, { identifier: (inner) => macro(inner, depth + 1) });
  };
  const constant = (text: string, known: ReadonlyMap<string, bigint>): bigint | undefined => {
    const identifier = (name: string): bigint | undefined => known.get(name) ?? macro(name);
    const bit = (call: string, argument: string): bigint | undefined => {
      const value = /^BIT(_ULL)?$/.test(call) ? evaluate(argument, { identifier }) : undefined;
      return value === undefined || value < 0n || value > 63n ? undefined : 1n << value;
    };
    return evaluate(text, { identifier, call: bit });
  };
  // As if every `#if` in it held: what moves then moves in some configuration.
  const counted = enumValues(fact, constant, () => true);
  if (counted !== undefined) return new Map([...counted].map(([name, value]) => [name, String(value)]));
  let [base, offset] = ['', 0];
  return new Map(fact.constants.map(({ name, value }) => {
    if (value !== undefined) [base, offset] = [value, 0];
    const written = `${base}+${offset}`;
    offset += 1;
    return [name, written];
  }));
}
