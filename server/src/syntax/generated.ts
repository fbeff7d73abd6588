/** Macro calls at file scope -> the functions and variables they make, and the names of the functions they open. */
import type { FunctionFact, GeneratedFact, MacroFact, RegistrationFact } from './facts';
import { inlining } from './functions';
import { argumentsOf, learnMakers, type Extract } from './learnMakers';
import { knownMakers, made, type MakerOf } from './makers';

interface Called {
  readonly functions: readonly FunctionFact[];
  readonly registrations: readonly RegistrationFact[];
}

/**
 * What the macros of one file make, kept between its versions. The file's own macros count first, then those every kernel has, then what the
 * tree's headers teach; a macro is learnt when the file calls it.
 */
export class FileMakers {
  /** What was learnt from last. */
  #macros: readonly MacroFact[] = [];
  #makerOf: MakerOf;
  readonly #others: MakerOf;
  /** By the fact of the call, so that an edit elsewhere costs nothing. */
  #generated = new WeakMap<RegistrationFact, readonly GeneratedFact[]>();
  /** By the calls of the function, which stay the same list when it is moved: what the macro makes of it. */
  #opened = new WeakMap<FunctionFact['calls'], Partial<FunctionFact>>();

  constructor(
    private readonly extract: Extract,
    taught: MakerOf = () => undefined,
  ) {
    this.#others = (name) => knownMakers.get(name) ?? taught(name);
    this.#makerOf = this.#others;
  }

  /** The same facts with the functions that macros open under their names, and with what the calls make. */
  complete<F extends Called>(facts: F, macros: readonly MacroFact[]): F & { readonly generated: readonly GeneratedFact[] } {
    this.#learnFrom(macros);
    const generated = facts.registrations.flatMap((call) => this.#generatedBy(call));
    const opens = facts.functions.some((fact) => fact.definedBy !== undefined);
    return { ...facts, functions: opens ? inOrder(facts.functions.map((fact) => this.#openedBy(fact))) : facts.functions, generated };
  }

  #learnFrom(macros: readonly MacroFact[]): void {
    const known = this.#macros;
    this.#macros = macros;
    if (known.length === macros.length && macros.every((macro, index) => macro === known[index] || macro.hash === known[index]?.hash)) return;
    this.#makerOf = learnMakers(macros, this.extract, this.#others);
    this.#generated = new WeakMap();
    this.#opened = new WeakMap();
  }

  #generatedBy(call: RegistrationFact): readonly GeneratedFact[] {
    const known = this.#generated.get(call);
    if (known !== undefined) return known;
    const { parts } = made(this.#makerOf(call.macro) ?? { parts: [] }, call.args);
    const facts = parts.map(({ source, ...part }) => ({ ...part, definedBy: call.macro, range: call.range, conditions: call.conditions, ...(source === undefined ? {} : { source: { template: source.template, args: source.args ?? [] } }) }));
    this.#generated.set(call, facts);
    return facts;
  }

  /** A function whose header a macro makes, as that macro names and declares it. */
  #openedBy(fact: FunctionFact): FunctionFact {
    const maker = fact.definedBy === undefined ? undefined : this.#makerOf(fact.definedBy);
    if (maker === undefined) return fact;
    const known = this.#opened.get(fact.calls);
    if (known !== undefined) return { ...fact, ...known };
    const { opens = fact.name, attributes = [], parts } = made(maker, argumentsOf(fact.signature, fact.definedBy ?? ''));
    const all = [...fact.attributes, ...attributes.filter((attribute) => !fact.attributes.includes(attribute))];
    const wrappers = parts.filter(({ kind }) => kind === 'function').map(({ name }) => name);
    const opened = { name: opens, attributes: all, isStatic: all.includes('static'), inline: inlining(all), ...(wrappers.length === 0 ? {} : { wrappers }) };
    this.#opened.set(fact.calls, opened);
    return { ...fact, ...opened };
  }
}

/** Ordinals for the names that are final. */
function inOrder(functions: readonly FunctionFact[]): FunctionFact[] {
  const seen = new Map<string, number>();
  return functions.map((fact) => {
    const ordinal = seen.get(fact.name) ?? 0;
    seen.set(fact.name, ordinal + 1);
    return fact.ordinal === ordinal ? fact : { ...fact, ordinal };
  });
}
