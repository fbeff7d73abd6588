/**
 * What one file's functions have to do with one another: who calls whom, directly or through a macro of the file,
 * and whose address is taken. Made once per version of a file.
 */
import type { FileFacts, FunctionFact, GeneratedFact } from '../syntax/facts';

export interface Caller {
  readonly caller: FunctionFact;
  /** The macros of the file the call goes through, innermost first. */
  readonly macros: readonly string[];
}

export interface Unit {
  readonly facts: FileFacts;
  /** Functions whose body names `name` as a call, itself or through a macro, or hands it to an inline function that calls it; in order of appearance. */
  callersOf(name: string): readonly Caller[];
  /** How often `name` is called in the file, over all functions. */
  callCount(name: string): number;
  /** Whether a call of `name` in the file hands it a constant. */
  isHandedConstant(name: string): boolean;
  /** Whether `name` is used other than in a call: stored, compared, passed on. */
  isAddressTaken(name: string): boolean;
  /** Functions that use the macro, itself or through other macros of the file. */
  usersOfMacro(name: string): readonly Caller[];
  /** The macros of the file whose replacement text names `name`. */
  macrosOver(name: string): readonly string[];
  /** Functions without a text of their own, made by macro calls, that call `name` or that the macro `name` makes, itself or through macros of the file. */
  generatedFrom(name: string): readonly GeneratedFact[];
}

const units = new WeakMap<FileFacts, Unit>();

/** The unit of a file's facts; the same facts give the same unit. */
export function unitOf(facts: FileFacts): Unit {
  const known = units.get(facts);
  if (known !== undefined) return known;
  const unit = makeUnit(facts);
  units.set(facts, unit);
  return unit;
}

function makeUnit(facts: FileFacts): Unit {
  // Made with every keystroke: lists, each function once as they come in order, and no set of what a map tells already.
  const calls = new Map<string, { readonly functions: FunctionFact[]; count: number; handsConstant: boolean }>();
  const mentioned = new Map<string, FunctionFact[]>();
  const takenOutside = new Set<string>();
  const macrosOver = new Map<string, string[]>();
  const generated = new Map<string, GeneratedFact[]>();
  const defined = new Set(facts.functions.map((fact) => fact.name));

  for (const fact of facts.functions) {
    const handed = handedOver(fact, defined);
    for (const { name, handsConstant = false } of [...fact.calls, ...handed.map((name) => ({ name, handsConstant: undefined }))]) {
      const entry = calls.get(name);
      if (entry === undefined) calls.set(name, { functions: [fact], count: 1, handsConstant });
      else {
        if (entry.functions.at(-1) !== fact) entry.functions.push(fact);
        entry.count += 1;
        entry.handsConstant ||= handsConstant;
      }
    }
    for (const name of fact.mentions) if (!handed.includes(name)) push(mentioned, name, fact);
  }
  for (const fact of facts.generated) {
    for (const name of fact.mentions) takenOutside.add(name);
    for (const name of new Set([...fact.calls, fact.definedBy])) push(generated, name, fact);
  }
  for (const variable of facts.variables) for (const name of variable.mentions) takenOutside.add(name);
  for (const registration of facts.registrations) for (const argument of registration.args) if (/^\w+$/.test(argument)) takenOutside.add(argument);
  for (const macro of facts.macros) for (const name of macro.mentions) push(macrosOver, name, macro.name);

  /** The macros through which `name` is reached, each with the way from `name` to it. */
  const macroWays = (name: string): string[][] => {
    const ways: string[][] = [];
    const seen = new Set([name]);
    const open: string[][] = [[]];
    for (let way = open.shift(); way !== undefined; way = open.shift()) {
      for (const macro of macrosOver.get(way.at(-1) ?? name) ?? []) {
        if (seen.has(macro)) continue;
        seen.add(macro);
        ways.push([...way, macro]);
        open.push([...way, macro]);
      }
    }
    return ways;
  };

  const usersThrough = (name: string, direct: Iterable<FunctionFact>): Caller[] => {
    const found = new Map<FunctionFact, Caller>();
    for (const caller of direct) found.set(caller, { caller, macros: [] });
    for (const macros of macroWays(name)) {
      const last = macros.at(-1) ?? '';
      for (const caller of [...(calls.get(last)?.functions ?? []), ...(mentioned.get(last) ?? [])]) {
        if (!found.has(caller)) found.set(caller, { caller, macros });
      }
    }
    return [...found.values()].sort((one, other) => one.caller.range.start - other.caller.range.start);
  };

  const generatedFrom = (name: string): GeneratedFact[] => {
    const names = [name, ...macroWays(name).map((way) => way.at(-1) ?? name)];
    return [...new Set(names.flatMap((one) => generated.get(one) ?? []))].filter((fact) => fact.kind === 'function');
  };

  return {
    facts,
    generatedFrom,
    macrosOver: (name) => macrosOver.get(name) ?? [],
    callersOf: (name) => usersThrough(name, calls.get(name)?.functions ?? []),
    callCount: (name) => macroWays(name).reduce((sum, way) => sum + (calls.get(way.at(-1) ?? '')?.count ?? 0), calls.get(name)?.count ?? 0) + (generated.get(name)?.length ?? 0),
    isHandedConstant: (name) => calls.get(name)?.handsConstant ?? false,
    isAddressTaken: (name) => mentioned.has(name) || takenOutside.has(name),
    usersOfMacro: (name) => usersThrough(name, new Set([...(calls.get(name)?.functions ?? []), ...(mentioned.get(name) ?? [])])),
  };
}

/**
 * Inline functions and macros of headers that call the function they are handed: once they are inlined, the call is a direct one, and gcc inlines what it calls like any other.
 * include/linux/kref.h, rbtree.h (6.1: __always_inline), iopoll.h, indirect_call_wrapper.h, bsearch.h.
 */
const CALLS_BACK = /^(kref_put(_mutex|_lock)?|rb_(add|add_cached|find|find_add|find_first)|read_poll_timeout(_atomic)?|INDIRECT_CALL_\w+|__inline_bsearch)$/;

/** Functions of the file that `fact` hands to one of these. */
function handedOver(fact: FunctionFact, defined: ReadonlySet<string>): readonly string[] {
  return fact.calls.some((call) => CALLS_BACK.test(call.name)) ? fact.mentions.filter((name) => defined.has(name)) : [];
}

function push<V>(map: Map<string, V[]>, key: string, value: V): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [value]);
  else list.push(value);
}
