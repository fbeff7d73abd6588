/** Functions that macro calls make and that hold what changed: followed as if they were written out at the call, where the macro's text is known. */
import { besideFunctions, functionsMade } from '../syntax/besideFunctions';
import type { FunctionFact, GeneratedFact, RegistrationFact } from '../syntax/facts';
import { madeFunction } from '../syntax/madeFunction';
import type { Step } from './plan';
import type { Unit } from './unit';

export interface MadeHolders {
  /** As the last version has them. */
  readonly holders: readonly FunctionFact[];
  /** Those of which the text is not known. */
  readonly unknown: readonly GeneratedFact[];
}

/**
 * A function of the same text in both versions holds what changed only if it names it. One whose call is new or gone is none of them: its call is what changed.
 *
 * @param versions of one file, the baseline first
 * @param isOwn whether what changed stands in that file: then both versions' texts tell whether its macros were edited
 */
export function madeHolders(name: string, kind: Step['kind'], versions: readonly Unit[], isOwn: boolean): MadeHolders {
  const found = versions.flatMap((unit) => (kind === 'function' || kind === 'record' ? unit.generatedFrom(name) : unit.generatedWith(name)));
  const holders: FunctionFact[] = [];
  const unknown: GeneratedFact[] = [];
  for (const madeName of new Set(found.map((fact) => fact.name))) {
    const all = versions.map((unit) => unit.generatedNamed(madeName));
    const last = all.at(-1)?.[0];
    if (last === undefined || all.some((facts) => facts.length === 0)) continue;
    const texts = versions.map((unit) => onlyMade(madeName, unit));
    const now = texts.at(-1);
    if (now === undefined || texts.includes(undefined)) unknown.push(last);
    // Who uses a record is told by its members: recordUsers().
    else if (kind !== 'record' && (texts.some((fact, index) => names(fact, name, kind, versions[index])) || (kind !== 'function' && (!isOwn || differ(texts))))) holders.push(now);
  }
  return { holders, unknown };
}

/** The function of that name that a macro call makes, written out; undefined where its text is not known, or one of several. */
export function onlyMade(name: string, unit: Unit): FunctionFact | undefined {
  const [made, ...others] = unit.generatedNamed(name);
  return made === undefined || others.length > 0 || unit.named(name) !== undefined ? undefined : madeFunction(made);
}

/**
 * Calls at file scope of what changed, or of a macro over it, that make something else of it than functions: data, or what is not known.
 * Not those that are new, or other ones than before: they are judged as calls that changed.
 *
 * @param isOwn as above
 */
export function madeBeside(name: string, versions: readonly Unit[], isOwn: boolean): RegistrationFact[] {
  const over = versions.map((unit) => new Set(unit.namesOver(name)));
  return (versions.at(-1)?.fileScopeCallsOf(name) ?? []).filter(({ macro, hash }) => {
    if (!versions.every((unit) => unit.fileScopeCallsOf(macro).some((call) => call.hash === hash))) return false;
    const texts = versions.map((unit) => unit.macroNamed(macro)).map((fact) => fact && besideFunctions(fact));
    if (texts.includes(undefined)) return true;
    if (macro === name && isOwn) return texts[0] !== texts.at(-1);
    return texts.some((text, index) => text?.match(/[A-Za-z_]\w*/g)?.some((word) => over[index]?.has(word)));
  });
}

/** The functions that a call at file scope of that unit makes and of which the text is not known; undefined when it makes nothing but functions of known texts. */
export function unknownOf(call: RegistrationFact, unit: Unit): readonly GeneratedFact[] | undefined {
  const made = unit.madeBy(call);
  const unknown = made.filter((fact) => fact.kind === 'function' && madeFunction(fact) === undefined);
  const macro = unit.macroNamed(call.macro);
  const isAll = macro?.conditions.every((condition) => call.conditions.includes(condition)) === true && made.length > 0 && made.length === functionsMade(macro) && /^[\s;]*$/.test(besideFunctions(macro));
  return isAll && unknown.length === 0 ? undefined : unknown;
}

/** Whether a function written out names it, itself or by a macro of the file. What names a function without calling it holds no copy of it. */
function names(fact: FunctionFact | undefined, name: string, kind: Step['kind'], unit: Unit | undefined): boolean {
  const over = new Set(unit?.namesOver(name));
  return fact !== undefined && (fact.calls.some((call) => over.has(call.name)) || unit?.calledBackIn(fact).includes(name) === true || fact.mentions.some((mention) => over.has(mention) && (kind !== 'function' || mention !== name)));
}

const differ = ([before, after]: readonly (FunctionFact | undefined)[]): boolean => after !== undefined && (before?.bodyHash !== after.bodyHash || before.signatureHash !== after.signatureHash);
