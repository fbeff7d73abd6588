/**
 * The syntax room's door: text -> facts. Never fails and never throws, whatever the text: it gives facts and problems.
 *
 * A `FactReader` remembers the items of the last text it read: an item whose text did not change gives its facts again,
 * moved, without being parsed. That makes a keystroke cost one pass of the lexer and one small parse.
 */
import { readDeclarations } from './declarations';
import type { Declared, EnumFact, ExportFact, FileFacts, FunctionFact, PrototypeFact, Range, RecordFact, RegistrationFact, SyntaxProblem, TypedefFact, VariableFact } from './facts';
import { readFunction } from './functions';
import { combineHash, finishHash, hashSeed, hashTokens } from './hash';
import { splitItems, type Item } from './items';
import { readMacroCall } from './macroCalls';
import { lineStartsOf } from './positions';
import { readDirectives } from './preprocessor';
import { Hidden, readTokens, wordAt, type Reading } from './reading';
import { TokenKind } from './tokens';

/** Facts of one item, with ranges counted from its start. */
type ItemFacts = Pick<FileFacts, 'functions' | 'records' | 'enums' | 'typedefs' | 'variables' | 'exports' | 'registrations' | 'problems'>;

const NOTHING: ItemFacts = { functions: [], records: [], enums: [], typedefs: [], variables: [], exports: [], registrations: [], problems: [] };

/** Facts of a text read once. */
export function extractFacts(text: string): FileFacts {
  return new FactReader().read(text);
}

export class FactReader {
  #known = new Map<number, ItemFacts>();

  read(text: string): FileFacts {
    const reading = readTokens(text);
    const { tokens, conditionals } = reading;
    const known = new Map<number, ItemFacts>();
    const facts = { functions: [] as FunctionFact[], records: [] as RecordFact[], enums: [] as EnumFact[], typedefs: [] as TypedefFact[], variables: [] as VariableFact[], exports: [] as ExportFact[], registrations: [] as RegistrationFact[] };
    const problems: SyntaxProblem[] = [];
    const ordinals = new Map<string, number>();

    const place = <F extends Declared>(kind: string, fact: F, base: number, conditions: readonly string[]): F => {
      const key = `${kind} ${fact.name}`;
      const ordinal = ordinals.get(key) ?? 0;
      ordinals.set(key, ordinal + 1);
      return { ...fact, ordinal, conditions, range: shift(fact.range, base), nameRange: shift(fact.nameRange, base) };
    };

    const prototypes: PrototypeFact[] = [];
    const residue = new Residue(reading);
    for (const item of splitItems(reading)) {
      const base = tokens.start[item.from] ?? 0;
      residue.upTo(item.from);
      if (item.kind === 'prototype') {
        prototypes.push(place('prototype', readPrototype(reading, item, base), base, conditionals.conditionsAt(item.from)));
        residue.skipTo(item.to);
        continue;
      }
      const key = itemKey(reading, item);
      const found = this.#known.get(key) ?? known.get(key) ?? readItem(reading, item);
      known.set(key, found);
      if ((saysAll(found) && !hasBranchPassedOver(reading, item)) || isForwardDeclaration(reading, item)) residue.skipTo(item.to);
      else residue.upTo(item.to);
      const conditions = conditionals.conditionsAt(item.from);
      for (const fact of found.functions) {
        const placed = place('function', fact, base, conditions);
        facts.functions.push({ ...placed, bodyRange: shift(fact.bodyRange, base) });
      }
      for (const fact of found.records) facts.records.push(place(fact.kind, fact, base, conditions));
      for (const fact of found.enums) facts.enums.push(place('enum', fact, base, conditions));
      for (const fact of found.typedefs) facts.typedefs.push(place('typedef', fact, base, conditions));
      for (const fact of found.variables) {
        const placed = place('variable', fact, base, conditions);
        facts.variables.push(fact.initializerRange === undefined ? placed : { ...placed, initializerRange: shift(fact.initializerRange, base) });
      }
      for (const fact of found.exports) facts.exports.push({ ...fact, range: shift(fact.range, base) });
      for (const fact of found.registrations) facts.registrations.push({ ...fact, range: shift(fact.range, base), conditions });
      for (const problem of found.problems) problems.push({ ...problem, range: shift(problem.range, base) });
    }
    this.#known = known;
    residue.upTo(tokens.count);

    if (tokens.unterminatedAt >= 0) {
      problems.push({ kind: 'unterminated', message: 'A comment or literal is not closed.', range: { start: tokens.unterminatedAt, end: tokens.unterminatedAt + 1 } });
    }
    return { ...facts, prototypes, ...readDirectives(reading), residueHash: residue.hash, tokenHash: hashTokens(tokens, 0, tokens.count), problems, lineStarts: lineStartsOf(text) };
  }
}

/** `struct foo;`: says that there is such a type, and changes no code. */
function isForwardDeclaration({ tokens }: Reading, item: Item): boolean {
  return item.to - item.from === 3 && ['struct', 'union', 'enum'].includes(wordAt(tokens, item.from)) && wordAt(tokens, item.to - 1) === ';';
}

/** Hashes the tokens that no fact stands for. `#define` and `#include` are facts. */
class Residue {
  #state = hashSeed;
  #at = 0;
  readonly #reading: Reading;

  constructor(reading: Reading) {
    this.#reading = reading;
  }

  get hash(): number {
    return finishHash(this.#state);
  }

  upTo(token: number): void {
    const { tokens } = this.#reading;
    for (; this.#at < token; this.#at += 1) {
      const isFact = tokens.kind[this.#at] === TokenKind.directive && /^#\s*(define|include)\b/.test(tokens.text.slice(tokens.start[this.#at], (tokens.start[this.#at] ?? 0) + 32));
      if (!isFact) this.#state = combineHash(this.#state, tokens.hash[this.#at] ?? 0);
    }
  }

  skipTo(token: number): void {
    this.#at = Math.max(this.#at, token);
  }
}

/** A declaration's facts come from the first branch of `#if` alternatives; what the others say no fact tells. */
function hasBranchPassedOver({ tokens, hidden }: Reading, item: Item): boolean {
  if (item.kind !== 'declaration') return false;
  for (let at = item.from; at < item.to; at += 1) if (hidden[at] === Hidden.skipped && tokens.kind[at] !== TokenKind.directive) return true;
  return false;
}

/** Whether an item's facts stand for all its tokens: it has some, and was read in full. */
const saysAll = (facts: ItemFacts): boolean =>
  facts.problems.length === 0 &&
  facts.functions.length + facts.records.length + facts.enums.length + facts.typedefs.length + facts.variables.length + facts.exports.length + facts.registrations.length > 0;

function readPrototype({ tokens }: Reading, item: Item, base: number): PrototypeFact {
  const start = (tokens.start[item.nameToken ?? item.from] ?? base) - base;
  const name = wordAt(tokens, item.nameToken ?? item.from);
  return {
    name,
    ordinal: 0,
    range: { start: 0, end: (tokens.end[item.to - 1] ?? base) - base },
    nameRange: { start, end: start + name.length },
    conditions: [],
    hash: hashTokens(tokens, item.from, item.to),
  };
}

const shift = (range: Range, by: number): Range => ({ start: range.start + by, end: range.end + by });

/**
 * Everything an item's facts depend on, as a number: its tokens, where they stand from its start on, and which of them are
 * read without (that may hang on an `#if` above it). 53 bits, like the hashes the facts themselves are compared by.
 */
function itemKey({ tokens, hidden }: Reading, item: Item): number {
  const { start, hash } = tokens;
  const base = start[item.from] ?? 0;
  let state = combineHash(hashSeed, itemKinds.indexOf(item.kind) * 2 + (item.unbalanced === true ? 1 : 0));
  for (let at = item.from; at < item.to; at += 1) {
    state = combineHash(combineHash(state, hash[at] ?? 0), ((start[at] ?? 0) - base) * 4 + (hidden[at] ?? 0));
  }
  return finishHash(state);
}

const itemKinds: readonly Item['kind'][] = ['function', 'macro-function', 'macro-call', 'prototype', 'declaration'];

function readItem(reading: Reading, item: Item): ItemFacts {
  const { tokens } = reading;
  const base = tokens.start[item.from] ?? 0;
  const whole: Range = { start: 0, end: (tokens.end[item.to - 1] ?? base) - base };
  const problems: SyntaxProblem[] = [];
  if (item.unbalanced === true) problems.push({ kind: 'unbalanced-braces', message: 'The braces or parentheses of this definition do not match; its end was guessed.', range: whole });
  if (item.kind === 'function' || item.kind === 'macro-function') return { ...NOTHING, functions: [readFunction(reading, item)], problems };
  if (item.kind === 'macro-call') return { ...NOTHING, ...readMacroCall(reading, item), problems };
  if (item.kind === 'prototype') return NOTHING;
  const { errors, ...declarations } = readDeclarations(reading, item);
  for (const range of errors) problems.push({ kind: 'parse-error', message: 'This declaration could not be read in full.', range });
  return { ...NOTHING, ...declarations, problems };
}
