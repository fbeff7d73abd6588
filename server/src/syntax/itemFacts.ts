/** One item -> its facts, with ranges counted from its start: what is read again only when the item's text changes. */
import { readDeclarations } from './declarations';
import type { FileFacts, PrototypeFact, Range, SyntaxProblem } from './facts';
import { attributesOf, readFunction, signatureHash } from './functions';
import { combineHash, finishHash, hashSeed, hashTokens } from './hash';
import type { Item } from './items';
import { readMacroCall } from './macroCalls';
import { Hidden, wordAt, type Reading } from './reading';
import { TokenKind } from './tokens';

/** Ordinals and conditions are filled in when the facts are placed. */
export type ItemFacts = Pick<FileFacts, 'functions' | 'records' | 'enums' | 'typedefs' | 'variables' | 'exports' | 'registrations' | 'prototypes' | 'problems'>;

export const NOTHING: ItemFacts = { functions: [], records: [], enums: [], typedefs: [], variables: [], exports: [], registrations: [], prototypes: [], problems: [] };

/** A declaration whose end was guessed and that is longer is not read: while a brace is open, that would be the rest of the file with every keystroke. */
const LONGEST_GUESSED = 100_000;

export function readItem(reading: Reading, item: Item): ItemFacts {
  const { tokens } = reading;
  const base = tokens.start[item.from] ?? 0;
  const whole: Range = { start: 0, end: (tokens.end[item.to - 1] ?? base) - base };
  const problems: SyntaxProblem[] = [];
  if (item.unbalanced === true) problems.push({ kind: 'unbalanced-braces', message: 'The braces or parentheses of this definition do not match; its end was guessed.', range: whole });
  if (item.kind === 'function' || item.kind === 'macro-function') return { ...NOTHING, functions: [readFunction(reading, item)], problems };
  if (item.kind === 'macro-call') return { ...NOTHING, ...readMacroCall(reading, item), problems };
  if (item.kind === 'prototype') return { ...NOTHING, prototypes: [readPrototype(reading, item, base)] };
  if (item.unbalanced === true && whole.end > LONGEST_GUESSED) return { ...NOTHING, problems };
  const { errors, ...declarations } = readDeclarations(reading, item);
  for (const range of errors) problems.push({ kind: 'parse-error', message: 'This declaration could not be read in full.', range });
  return { ...NOTHING, ...declarations, problems };
}

function readPrototype(reading: Reading, item: Item, base: number): PrototypeFact {
  const { tokens } = reading;
  const start = (tokens.start[item.nameToken ?? item.from] ?? base) - base;
  const name = wordAt(tokens, item.nameToken ?? item.from);
  return {
    name,
    ordinal: 0,
    range: { start: 0, end: (tokens.end[item.to - 1] ?? base) - base },
    nameRange: { start, end: start + name.length },
    conditions: [],
    hash: hashTokens(tokens, item.from, item.to),
    signatureHash: signatureHash(reading, item, item.to - 1),
    attributes: attributesOf(reading, item),
  };
}

/**
 * Everything an item's facts depend on, as a number: its tokens, where they stand from its start on, and which of them are
 * read without (that may hang on an `#if` above it). 53 bits, like the hashes the facts themselves are compared by.
 */
export function itemKey({ tokens, hidden }: Reading, item: Item): number {
  const { start, hash } = tokens;
  const base = start[item.from] ?? 0;
  let state = combineHash(hashSeed, itemKinds.indexOf(item.kind) * 2 + (item.unbalanced === true ? 1 : 0));
  for (let at = item.from; at < item.to; at += 1) {
    state = combineHash(combineHash(state, hash[at] ?? 0), ((start[at] ?? 0) - base) * 4 + (hidden[at] ?? 0));
  }
  return finishHash(state);
}

const itemKinds: readonly Item['kind'][] = ['function', 'macro-function', 'macro-call', 'prototype', 'declaration'];

/** Whether a change of the item is told by its facts, or by nothing as it changes no code; else its tokens are residue. */
export function isTold(reading: Reading, item: Item, facts: ItemFacts): boolean {
  return (saysAll(facts) && !hasBranchPassedOver(reading, item)) || isForwardDeclaration(reading, item);
}

/** Whether an item's facts stand for all its tokens: it has some, and was read in full. */
const saysAll = (facts: ItemFacts): boolean => facts.problems.length === 0 && Object.values<readonly unknown[]>(facts).some((list) => list.length > 0);

/** A declaration's facts come from the first branch of `#if` alternatives; what the others say no fact tells. */
function hasBranchPassedOver({ tokens, hidden }: Reading, item: Item): boolean {
  if (item.kind !== 'declaration') return false;
  for (let at = item.from; at < item.to; at += 1) if (hidden[at] === Hidden.skipped && tokens.kind[at] !== TokenKind.directive) return true;
  return false;
}

/** `struct foo;`: says that there is such a type, and changes no code. */
function isForwardDeclaration({ tokens }: Reading, item: Item): boolean {
  return item.to - item.from === 3 && ['struct', 'union', 'enum'].includes(wordAt(tokens, item.from)) && wordAt(tokens, item.to - 1) === ';';
}
