/** Directives -> macro and include facts. */
import { directiveWords } from './conditionals';
import type { IncludeFact, MacroFact } from './facts';
import { keywords } from './macros';
import { owned } from './owned';
import { Numbering } from './numbering';
import { shift, standsAt } from './placing';
import type { Reading } from './reading';
import type { Kept } from './retokenize';
import { fold } from './text';
import { TokenKind, type Tokens } from './tokens';

/** The macros of the text read before, and which of its tokens are this one's. */
export interface EarlierDirectives {
  readonly macros: readonly MacroFact[];
  readonly kept: Kept;
}

/** `told`, by token, is 1 for the directives that a fact stands for; `pragmas` are tokens. */
export function readDirectives({ tokens, conditionals }: Reading, earlier?: EarlierDirectives): { macros: MacroFact[]; includes: IncludeFact[]; told: Uint8Array; pragmas: number[] } {
  const macros = new NumberedMacros(tokens, earlier);
  const includes: IncludeFact[] = [];
  const told = new Uint8Array(tokens.count);
  const pragmas: number[] = [];
  const macroAt = earlierMacros(tokens, earlier);
  const guards = new GenksymsGuards();
  for (let at = 0; at < tokens.count; at += 1) {
    if (tokens.kind[at] !== TokenKind.directive) continue;
    const start = tokens.start[at] ?? 0;
    const end = tokens.end[at] ?? 0;
    const known = macroAt(at);
    if (known !== undefined) {
      told[at] = 1;
      const conditions = conditionals.conditionsAt(at);
      const ordinal = macros.numberOf(known, at);
      const stands = standsAt(known, start, conditions);
      const by = start - known.range.start;
      macros.push(stands?.ordinal === ordinal ? stands : { ...known, ordinal, conditions, range: shift(known.range, by), nameRange: shift(known.nameRange, by) });
      continue;
    }
    const head = /^#[ \t]*(define|include)\b[ \t]*/.exec(tokens.text.slice(start, Math.min(end, start + 64)));
    if (head === null) {
      const text = tokens.text.slice(start, Math.min(end, start + 64));
      guards.see(at, text, told);
      if (/^#[ \t]*pragma\b/.test(text)) pragmas.push(at);
      continue;
    }
    const conditions = conditionals.conditionsAt(at);
    const text = tokens.text.slice(start + head[0].length, end);
    if (head[1] === 'include') {
      const path = /^(?:"([^"\n]+)"|<([^>\n]+)>)/.exec(text);
      if (path === null) continue;
      told[at] = 1;
      includes.push({ path: path[1] ?? path[2] ?? '', system: path[2] !== undefined, range: { start, end }, conditions });
      continue;
    }
    const parts = /^([A-Za-z_]\w*)(\(([^)]*)\))?/.exec(text);
    if (parts === null) continue;
    told[at] = 1;
    const name = parts[1] ?? '';
    const nameStart = start + head[0].length;
    const macro: MacroFact = {
      name,
      ordinal: 0,
      range: { start, end },
      nameRange: { start: nameStart, end: nameStart + name.length },
      conditions,
      ...(parts[2] === undefined ? {} : { parameters: fold(parts[3] ?? '').split(/\s*,\s*/).filter((parameter) => parameter !== '') }),
      body: fold(text.slice(parts[0].length)),
      hash: tokens.hash[at] ?? 0,
      mentions: [...new Set(directiveWords(tokens, at).slice(2))].filter((word) => /^[A-Za-z_]/.test(word) && !keywords.has(word)),
    };
    macros.add(earlier === undefined ? macro : owned(macro));
  }
  return { macros: macros.all(), includes, told, pragmas };
}

/**
 * `#ifndef __GENKSYMS__ … #endif` hides declarations from the tool that makes symbol versions. The compiler never defines that name, so the
 * two lines change no code.
 */
class GenksymsGuards {
  /** Of each open `#if`: its token when it is such a guard. */
  readonly #open: (number | undefined)[] = [];

  see(token: number, text: string, told: Uint8Array): void {
    const word = /^#[ \t]*(if|el|endif)/.exec(text)?.[1];
    if (word === 'if') this.#open.push(/^#[ \t]*ifndef[ \t]+__GENKSYMS__\s*$/.test(text) ? token : undefined);
    else if (word === 'el') this.#open.splice(-1, 1, undefined);
    else if (word === 'endif') {
      const guard = this.#open.pop();
      if (guard !== undefined) told[guard] = told[token] = 1;
    }
  }
}

/** Macros in order, numbered among those of their name: the text before tells most of the numbers. */
class NumberedMacros {
  readonly #list: MacroFact[] = [];
  readonly #earlier: readonly MacroFact[];
  /** The first token behind the edit, and the first macro there of the text before. */
  readonly #suffix: number;
  readonly #behind: number;
  /** Macros in front of the edit. */
  #prefix = 0;
  /** Made once all at the edit are read. */
  #numbers: Numbering | undefined;

  constructor(tokens: Tokens, earlier: EarlierDirectives | undefined) {
    this.#earlier = earlier?.macros ?? [];
    this.#suffix = tokens.count - (earlier?.kept.suffix ?? 0);
    const start = (tokens.start[this.#suffix] ?? Infinity) - (earlier?.kept.shift ?? 0);
    this.#behind = this.#earlier.findLastIndex((macro) => macro.range.start < start) + 1;
  }

  /** The number of a macro of the text before: the next to be pushed. */
  numberOf(macro: MacroFact, token: number): number {
    if (token >= this.#suffix) return this.#settled().behind(macro.name, macro.ordinal);
    this.#prefix += 1;
    return macro.ordinal;
  }

  push(macro: MacroFact): void {
    this.#list.push(macro);
  }

  /** One that was read anew; it is numbered later. */
  add(macro: MacroFact): void {
    this.#list.push(this.#numbers === undefined ? macro : { ...macro, ordinal: this.#numbers.next(macro.name) });
  }

  all(): MacroFact[] {
    this.#settled();
    return this.#list;
  }

  #settled(): Numbering {
    if (this.#numbers !== undefined) return this.#numbers;
    const come = this.#list.slice(this.#prefix);
    const numbers = new Numbering(this.#earlier.slice(this.#prefix, this.#behind), come.map(({ name }) => name), () => this.#list.slice(0, this.#prefix).map(({ name }) => name));
    for (const [at, macro] of come.entries()) {
      const ordinal = numbers.next(macro.name);
      if (ordinal !== macro.ordinal) this.#list[this.#prefix + at] = { ...macro, ordinal };
    }
    this.#numbers = numbers;
    return numbers;
  }
}

/** Finds the macro that the same token was in the text read before: ask for directives in order. */
function earlierMacros(tokens: Tokens, earlier: EarlierDirectives | undefined): (token: number) => MacroFact | undefined {
  if (earlier === undefined) return () => undefined;
  const { macros, kept } = earlier;
  let index = 0;
  return (token) => {
    const by = token < kept.prefix ? 0 : token >= tokens.count - kept.suffix ? kept.shift : undefined;
    if (by === undefined) return undefined;
    const start = (tokens.start[token] ?? 0) - by;
    while ((macros[index]?.range.start ?? Infinity) < start) index += 1;
    const macro = macros[index];
    return macro?.range.start === start ? macro : undefined;
  };
}
