/**
 * What one file's functions have to do with one another: who calls whom, directly or through a macro of the file,
 * and whose address is taken. Made once per version of a file.
 */
import type { FileFacts, FunctionFact, GeneratedFact, MacroFact, RegistrationFact, VariableFact } from '../syntax/facts';
import { fatesOf, type Fate, type Handing } from './handing';
import { NameFinder } from './nameFinder';

export interface Caller {
  readonly caller: FunctionFact;
  /** The macros of the file the call goes through, innermost first. */
  readonly macros: readonly string[];
}

export interface Unit {
  readonly facts: FileFacts;
  /** The function of that name, the first where there are several. */
  named(name: string): FunctionFact | undefined;
  /** Functions whose body names `name` as a call, itself or through a macro, or hands it to a header's inline function that calls it; in order of appearance. */
  callersOf(name: string): readonly Caller[];
  /** What a function hands to a header's inline function that calls it. */
  calledBackIn(fact: FunctionFact): readonly string[];
  /** How often `name` is called in the file, over all functions. */
  callCount(name: string): number;
  /** Whether a call of `name` in the file hands it a constant, or a function. */
  isHandedConstant(name: string): boolean;
  /** Whether `name` is used other than in a call: stored, compared, passed on. */
  isAddressTaken(name: string): boolean;
  /** The calls that hand `name` to a function of the file which calls it. */
  handings(name: string): readonly Handing[];
  /** What each call of `name` in the file's functions hands it as the argument of that number: a name, or undefined for anything else. */
  handedTo(name: string, argument: number): readonly (string | undefined)[];
  /** Whether the address of `name` is taken otherwise than by those. */
  isKept(name: string): boolean;
  /** Functions that use the macro or are opened by it, itself or through other macros of the file. */
  usersOfMacro(name: string): readonly Caller[];
  /** The macros of the file whose replacement text names `name`. */
  macrosOver(name: string): readonly string[];
  /** Functions without a text of their own, made by macro calls, that call `name` or that the macro `name` makes, itself or through macros of the file. */
  generatedFrom(name: string): readonly GeneratedFact[];
  /** Those, and the ones that name it other than in a call. */
  generatedWith(name: string): readonly GeneratedFact[];
  /** Functions of that name that macro calls make: several where they stand in different `#if` branches. */
  generatedNamed(name: string): readonly GeneratedFact[];
  /** What a macro call at file scope makes. */
  madeBy(call: RegistrationFact): readonly GeneratedFact[];
  /** Calls at file scope of the macro, or of macros of the file whose replacement text leads to it. */
  fileScopeCallsOf(name: string): readonly RegistrationFact[];
  /** The macro of that name, if the file defines one only. */
  macroNamed(name: string): MacroFact | undefined;
  /** The name, and the macros of the file whose replacement text leads to it. */
  namesOver(name: string): readonly string[];
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

const callers = new NameFinder<FunctionFact>((fact) => fact.calls, (fact) => fact.calls.map((call) => call.name));
const mentioners = new NameFinder<FunctionFact>((fact) => fact.mentions, (fact) => fact.mentions);
const handers = new NameFinder<FunctionFact>((fact) => fact.calls, (fact) => fact.calls.flatMap((call) => (call.hands ?? []).map(({ name }) => name)));
const macros = new NameFinder<MacroFact>((fact) => fact.mentions, (fact) => fact.mentions);
const variables = new NameFinder<VariableFact>((fact) => fact.mentions, (fact) => fact.mentions);
const registrations = new NameFinder<RegistrationFact>((fact) => fact.args, (fact) => fact.args.filter((argument) => /^\w+$/.test(argument)));
const scopeCalls = new NameFinder<RegistrationFact>((fact) => fact.args, (fact) => [fact.macro]);
const openers = new NameFinder<FunctionFact>((fact) => fact.calls, (fact) => (fact.definedBy === undefined ? [] : [fact.definedBy]));
const macroNames = new NameFinder<MacroFact>((fact) => fact.mentions, (fact) => [fact.name]);
const makers = new NameFinder<GeneratedFact>((fact) => fact.mentions, (fact) => fact.mentions);
const generatedNames = new NameFinder<GeneratedFact>((fact) => fact, (fact) => [fact.name]);
const made = new NameFinder<GeneratedFact>((fact) => fact, (fact) => [...fact.calls, fact.definedBy]);

function makeUnit(facts: FileFacts): Unit {
  const calling = callers.in(facts.functions);
  const mentioning = mentioners.in(facts.functions);
  const handing = handers.in(facts.functions);
  const overMacros = macros.in(facts.macros);
  const initializing = variables.in(facts.variables);
  const registering = registrations.in(facts.registrations);
  const making = makers.in(facts.generated);
  const madeFrom = made.in(facts.generated);
  let names: ReadonlyMap<string, FunctionFact> | undefined;
  let byCall: ReadonlyMap<number, readonly GeneratedFact[]> | undefined;
  const named = (name: string): FunctionFact | undefined => (names ??= new Map(facts.functions.toReversed().map((fact) => [fact.name, fact]))).get(name);

  const fatesIn = (fact: FunctionFact, name: string): Fate[] => fact.calls.flatMap((call) => (call.hands === undefined ? [] : fatesOf(name, call, named)));
  /** Functions of the file that hand `name`, a function of it, to what does one of these with it. */
  const handedBy = (name: string, isMeant: (fates: readonly Fate[]) => boolean): readonly FunctionFact[] => {
    const list = handing(name);
    return list.length === 0 || named(name) === undefined ? [] : list.filter((fact) => isMeant(fatesIn(fact, name)));
  };
  /** Those whose calls are as good as calls of it. */
  const callingBack = (name: string): readonly FunctionFact[] => handedBy(name, (fates) => fates.some(isCall));
  const calledBy = (name: string): readonly FunctionFact[] => {
    const [direct, handed] = [calling(name), callingBack(name)];
    return handed.length === 0 ? direct : inOrder([...direct, ...handed]);
  };
  /** Functions that name it other than in a call. */
  const mentionedBy = (name: string, isNone = (fate: Fate): boolean => fate === 'called'): readonly FunctionFact[] => {
    const handed = handedBy(name, (fates) => fates.every(isNone));
    return handed.length === 0 ? mentioning(name) : mentioning(name).filter((fact) => !handed.includes(fact));
  };
  const isOutside = (name: string): boolean => initializing(name).length > 0 || registering(name).length > 0 || making(name).length > 0;
  const countIn = (name: string): number => {
    const direct = calling(name).reduce((sum, fact) => sum + fact.calls.filter((call) => call.name === name).length, 0);
    return callingBack(name).reduce((sum, fact) => sum + fatesIn(fact, name).filter(isCall).length, direct);
  };
  const handings = (name: string): Handing[] => handedBy(name, () => true).flatMap((caller) => fatesIn(caller, name).flatMap((fate) => (typeof fate === 'string' || fate.through === caller ? [] : [{ caller, ...fate }])));

  /** The macros through which `name` is reached, each with the way from `name` to it. */
  const macroWays = (name: string): string[][] => {
    const ways: string[][] = [];
    const seen = new Set([name]);
    const open: string[][] = [[]];
    for (let way = open.shift(); way !== undefined; way = open.shift()) {
      for (const { name: macro } of overMacros(way.at(-1) ?? name)) {
        if (seen.has(macro)) continue;
        seen.add(macro);
        ways.push([...way, macro]);
        open.push([...way, macro]);
      }
    }
    return ways;
  };

  const usersThrough = (name: string, direct: readonly FunctionFact[], opened: (macro: string) => readonly FunctionFact[] = () => []): Caller[] => {
    const found = new Map<FunctionFact, Caller>();
    for (const caller of direct) found.set(caller, { caller, macros: [] });
    for (const way of macroWays(name)) {
      const last = way.at(-1) ?? '';
      for (const caller of [...calledBy(last), ...mentionedBy(last), ...opened(last)]) {
        if (!found.has(caller)) found.set(caller, { caller, macros: way });
      }
    }
    return [...found.values()].sort((one, other) => one.caller.range.start - other.caller.range.start);
  };

  const namesOver = (name: string): string[] => [name, ...macroWays(name).map((way) => way.at(-1) ?? name)];
  const functionsOf = (all: readonly GeneratedFact[]): GeneratedFact[] => [...new Set(all)].filter((fact) => fact.kind === 'function');
  const calledInScope = scopeCalls.in(facts.registrations);
  const openedBy = openers.in(facts.functions);
  const macrosNamed = macroNames.in(facts.macros);
  const generatedNamed = generatedNames.in(facts.generated);

  return {
    facts,
    named,
    generatedFrom: (name) => functionsOf(namesOver(name).flatMap(madeFrom)),
    generatedWith: (name) => functionsOf(namesOver(name).flatMap((one) => [...madeFrom(one), ...making(one)])),
    generatedNamed: (name) => functionsOf(generatedNamed(name)),
    madeBy: (call) => (byCall ??= groupedByCall(facts.generated)).get(call.range.start) ?? [],
    namesOver,
    fileScopeCallsOf: (name) => namesOver(name).flatMap(calledInScope),
    macroNamed: (name) => (macrosNamed(name).length === 1 ? macrosNamed(name)[0] : undefined),
    macrosOver: (name) => overMacros(name).map((macro) => macro.name),
    callersOf: (name) => usersThrough(name, calledBy(name)),
    calledBackIn: (fact) => fact.calls.flatMap((call) => (call.hands ?? []).flatMap(({ name }) => (fatesOf(name, call, named).some(isCall) ? [name] : []))),
    callCount: (name) => macroWays(name).reduce((sum, way) => sum + countIn(way.at(-1) ?? ''), countIn(name)) + madeFrom(name).length,
    isHandedConstant: (name) => calling(name).some((fact) => fact.calls.some((call) => call.name === name && (call.handsConstant === true || call.hands?.some((one) => named(one.name) !== undefined) === true))),
    isAddressTaken: (name) => mentionedBy(name).length > 0 || isOutside(name),
    handings,
    handedTo: (name, argument) => calling(name).flatMap((fact) => fact.calls.filter((call) => call.name === name).map((call) => call.hands?.find((one) => one.argument === argument)?.name)),
    isKept: (name) => mentionedBy(name, (fate) => fate === 'called' || typeof fate !== 'string').length > 0 || isOutside(name),
    usersOfMacro: (name) => usersThrough(name, inOrder([...calledBy(name), ...mentionedBy(name), ...openedBy(name)]), openedBy),
  };
}

/** Whether what a header's inline function does with it is as good as a call. */
const isCall = (fate: Fate): boolean => fate === 'called' || fate === 'stored';

/** Each once, as they come in the file. */
const inOrder = (functions: readonly FunctionFact[]): FunctionFact[] => [...new Set(functions)].sort((one, other) => one.range.start - other.range.start);

/** By where the call starts. */
function groupedByCall(generated: readonly GeneratedFact[]): ReadonlyMap<number, readonly GeneratedFact[]> {
  const groups = new Map<number, GeneratedFact[]>();
  for (const fact of generated) {
    const group = groups.get(fact.range.start);
    if (group === undefined) groups.set(fact.range.start, [fact]);
    else group.push(fact);
  }
  return groups;
}
