/** Whether a caller's stack frame would grow too large, were a function inlined into it: then gcc leaves even one alone that is called once. */
import { layoutTypes } from '../kernel/editedTypes';
import type { Around } from '../kernel/kept';
import { layoutOf } from '../kernel/layout';
import type { LayoutTypes } from '../kernel/layoutTypes';
import type { FunctionFact, StackLocalFact } from '../syntax/facts';
import { inliningOf, isCalledOnce, ownSymbol, type Inlining } from './inlining';
import type { Unit } from './unit';

/**
 * Kernels are compiled with -fconserve-stack (Makefile), which sets large-stack-frame to 100 bytes and large-stack-frame-growth to 40 %: beyond both nothing is inlined (ipa-inline.cc,
 * caller_growth_limits()). Of 3,712 static functions called once gcc inlined 3 of 100 that go beyond by their locals' true sizes, and 2,523 of 2,578 others of known size (246 files of Linux 6.1, Debian's configuration).
 */
const LARGE_FRAME = 100;
const GROWTH = 1.4;

/** Functions called once, one in the other. */
const DEEPEST = 8;

export class Frames {
  #types: LayoutTypes | undefined;
  readonly #sizes = new Map<FunctionFact, Frame>();
  readonly #wholes = new Map<FunctionFact, number>();

  constructor(
    private readonly path: string,
    private readonly around: Pick<Around, 'versions' | 'knowledge'>,
  ) {}

  /** As the text tells (inlining.ts), and the frames. */
  inliningOf(fact: FunctionFact, unit: Unit): Inlining {
    return this.#keepApart(fact, unit) ? apart : inliningOf(fact, unit);
  }

  /** Whether the compiled object keeps a copy under the function's own name. */
  ownSymbol(fact: FunctionFact, unit: Unit): 'yes' | 'no' | 'likely' {
    return this.#keepApart(fact, unit) ? 'yes' : ownSymbol(fact, unit);
  }

  /** False where it is not known (yet): a size that was not told may be small. gcc begins with functions that call no others, so that the caller is still itself when it is asked for. */
  #keepApart(fact: FunctionFact, unit: Unit, depth = 0): boolean {
    if (depth > DEEPEST || !isCalledOnce(inliningOf(fact, unit))) return false;
    const caller = unit.callersOf(fact.name)[0]?.caller;
    if (caller === undefined) return false;
    const together = this.#frameOf(caller).atLeast + this.#wholeOf(fact, unit, depth);
    const { atLeast, isKnown } = this.#frameOf(caller);
    return isKnown && together > atLeast && together > Math.max(LARGE_FRAME, GROWTH * atLeast);
  }

  /** Bytes at least, with what was inlined into it before: what two callees need lies in the same place. */
  #wholeOf(fact: FunctionFact, unit: Unit, depth: number): number {
    const known = this.#wholes.get(fact);
    if (known !== undefined) return known;
    this.#wholes.set(fact, 0); // for those that call one another
    const callees = [...new Set(fact.calls.map((call) => call.name))].map((name) => unit.named(name)).filter((callee) => callee !== undefined && callee !== fact);
    const within = callees.flatMap((callee) => (callee !== undefined && isCalledOnce(inliningOf(callee, unit)) && !this.#keepApart(callee, unit, depth + 1) ? [this.#wholeOf(callee, unit, depth + 1)] : []));
    const whole = this.#frameOf(fact).atLeast + Math.max(0, ...within);
    this.#wholes.set(fact, whole);
    return whole;
  }

  #frameOf(fact: FunctionFact): Frame {
    const known = this.#sizes.get(fact);
    if (known !== undefined) return known;
    const sizes = (fact.stackLocals ?? []).map((local) => this.#sizeOf(local));
    const frame = { atLeast: sizes.reduce<number>((sum, size) => sum + (size ?? 0), 0), isKnown: !sizes.includes(undefined) };
    this.#sizes.set(fact, frame);
    return frame;
  }

  /** Bytes; undefined where the type or a bound is not known. */
  #sizeOf(local: StackLocalFact): number | undefined {
    this.#types ??= layoutTypes(this.around, this.path, 'after');
    return layoutOf({ kind: 'struct', attributes: [], fields: [{ ...local, name: 'local', range: { start: 0, end: 0 }, attributes: [], conditions: [] }] }, this.#types).size;
  }
}

const apart: Inlining = { inlined: false, reason: 'too large a stack frame', isSure: false, likelihood: 0.03 };

interface Frame {
  /** Bytes: the sum of those known. */
  readonly atLeast: number;
  readonly isKnown: boolean;
}
