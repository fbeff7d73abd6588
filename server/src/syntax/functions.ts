/** Function items -> function facts, from tokens alone: what is inside a body is read even while it does not parse. */
import { sizeOfBody } from './bodySize';
import type { CallUse, FunctionFact, Range } from './facts';
import { Handing, parameterNames } from './handing';
import { combineHash, finishHash, hashSeed, hashTokens } from './hash';
import { endOfHead } from './head';
import type { Item } from './items';
import { splitArguments } from './lookup';
import { definedFunctionName, keywords } from './macros';
import { closing, Hidden, punctuation, wordAt, type Reading } from './reading';
import { readStackLocals } from './stackLocals';
import { readStaticLocals } from './staticLocals';
import { fold } from './text';
import { TokenKind, type Tokens } from './tokens';

/** Of a body up to here gcc needs no head: it inlines all of it (max-inline-insns-auto). */
const INLINED_WHOLE = 15;

/** Gives the fact with all ranges counted from the item's start; ordinal and conditions are filled in later. */
export function readFunction(reading: Reading, item: Item): FunctionFact {
  const { tokens } = reading;
  const base = tokens.start[item.from] ?? 0;
  const bodyOpen = item.bodyOpen ?? item.to - 1;
  const nameToken = item.nameToken ?? item.from;
  const relative = (from: number, to: number): Range => ({ start: (tokens.start[from] ?? 0) - base, end: (tokens.end[to] ?? 0) - base });
  const attributes = attributesOf(reading, item);
  const parameters = item.kind === 'function' && item.open !== undefined ? parameterNames(reading, item.open) : [];
  const { calls, mentions, fields, hasStatic, callsBack } = readBody(reading, bodyOpen + 1, item.to - 1, base, wordAt(tokens, nameToken), parameters);
  const macro = item.kind === 'macro-function' ? wordAt(tokens, nameToken) : undefined;
  const args = macro === undefined ? [] : splitArguments(tokens, item.open ?? 0, item.close ?? 0);
  const name = macro === undefined ? wordAt(tokens, nameToken) : definedFunctionName(macro, args);
  const bodySize = sizeOfBody(reading, bodyOpen + 1, item.to - 1);
  const headEnd = macro === undefined && bodySize > INLINED_WHOLE ? endOfHead(reading, item.open ?? bodyOpen, bodyOpen + 1, item.to - 1) : undefined;
  const stackLocals = readStackLocals(reading, bodyOpen + 1, item.to - 1);
  const firstArgument = (item.open ?? 0) + 1;
  return {
    name,
    ordinal: 0,
    range: { start: 0, end: (tokens.end[item.to - 1] ?? 0) - base },
    nameRange: macro !== undefined && args.length > 0 ? relative(firstArgument, firstArgument) : relative(nameToken, nameToken),
    conditions: [],
    signature: fold(tokens.text.slice(base, tokens.start[bodyOpen])),
    signatureHash: signatureHash(reading, item, bodyOpen),
    bodyRange: relative(bodyOpen, item.to - 1),
    bodyHash: hashTokens(tokens, bodyOpen, item.to),
    attributes,
    isStatic: attributes.includes('static'),
    inline: inlining(attributes),
    isVariadic: isVariadic(tokens, item),
    ...(macro === undefined ? {} : { definedBy: macro }),
    bodyTokens: item.to - bodyOpen - 2,
    bodySize,
    ...(headEnd === undefined ? {} : { head: { end: (tokens.start[headEnd] ?? 0) - base, hash: hashTokens(tokens, bodyOpen, headEnd) } }),
    calls,
    ...(callsBack.length === 0 ? {} : { callsBack }),
    mentions,
    fields,
    staticLocals: hasStatic ? readStaticLocals(reading, bodyOpen + 1, item.to - 1, base) : [],
    ...(stackLocals.length === 0 ? {} : { stackLocals }),
  };
}

/** Specifier words and attribute macros before the body, in order; attribute arguments are left out. */
export function attributesOf({ tokens, hidden, learnt }: Reading, item: Item): string[] {
  const words: string[] = [];
  const end = item.bodyOpen ?? item.to;
  for (let at = item.from; at < end; at += 1) {
    if (at >= (item.open ?? end) && at <= (item.close ?? end)) continue;
    if (tokens.kind[at] !== TokenKind.identifier || hidden[at] === Hidden.skipped) continue;
    const word = wordAt(tokens, at);
    if (hidden[at] === Hidden.attribute) {
      words.push(word, ...(learnt.get(word)?.means ?? []).flatMap(saidBy));
      if (punctuation(tokens, at + 1) === 40) {
        const close = closing(tokens, at + 1, end) ?? at;
        // What __attribute__((…)) says are attributes, too: weak, noinline, section, …
        if (word === '__attribute__') for (let inner = at + 1; inner < close; inner += 1) if (tokens.kind[inner] === TokenKind.identifier) words.push(wordAt(tokens, inner));
        // With its arguments, too: __section("a") and __section("b") are different attributes.
        words.push(Array.from({ length: close - at + 1 }, (_, index) => wordAt(tokens, at + index)).join(''));
        at = close;
      }
    } else if (specifiers.has(word)) words.push(word);
  }
  return words;
}

/** What an attribute that a learnt macro stands for says: itself, its word, and what a rule knows it by. */
function saidBy(attribute: string): string[] {
  const word = /^\w+/.exec(attribute)?.[0] ?? attribute;
  const inner = word === '__attribute__' ? (attribute.slice(word.length).match(/[A-Za-z_]\w*/g) ?? []) : [];
  // Text that is freed, told by its section instead of by a macro of include/linux/init.h.
  const freed = /"\.(init|exit|meminit|memexit)\.text"/.exec(attribute)?.[1];
  return [...new Set([word, ...inner, attribute, ...(freed === undefined ? [] : [`__${freed}`])])];
}

const specifiers: ReadonlySet<string> = new Set(['static', 'extern', 'inline', '__inline', '__inline__', '_Noreturn']);

/** What a function's attributes say of inlining. */
export function inlining(attributes: readonly string[]): FunctionFact['inline'] {
  const has = (...names: readonly string[]): boolean => names.some((name) => attributes.includes(name));
  if (has('noinline', 'noinline_for_stack', 'noinstr', '__noinline__', '__ref')) return 'never';
  if (has('__always_inline', 'always_inline', 'nokprobe_inline', '__no_kasan_or_inline', '__no_sanitize_or_inline')) return 'always';
  return has('inline', '__inline', '__inline__') ? 'inline' : 'no';
}

/** Parameters and return type: the signature without attributes, specifiers and parameter names; up to the body, or to a declaration's semicolon. */
export function signatureHash({ tokens, hidden }: Reading, item: Item, bodyOpen: number): number {
  let state = hashSeed;
  const open = item.open ?? bodyOpen;
  for (let at = item.from; at < bodyOpen; at += 1) {
    const isSpecifier = at < open && signatureNeutral.has(wordAt(tokens, at));
    const isName = at > open && at < (item.close ?? bodyOpen) && isParameterName(tokens, at);
    // A branch passed over counts, too: `#else int f(long x)`.
    if (hidden[at] !== Hidden.attribute && !isSpecifier && !isName) state = combineHash(state, tokens.hash[at] ?? 0);
  }
  return finishHash(state);
}

/** The storage class is told apart from it. */
const signatureNeutral: ReadonlySet<string> = new Set(['static', 'inline', '__inline', '__inline__', 'extern']);

/** The last word of a parameter, unless it is all the parameter says (`void`, `int`, `struct foo`). */
function isParameterName(tokens: Tokens, at: number): boolean {
  if (tokens.kind[at] !== TokenKind.identifier || keywords.has(wordAt(tokens, at))) return false;
  const next = punctuation(tokens, at + 1);
  const before = punctuation(tokens, at - 1);
  if (next !== 44 && next !== 41 && next !== 91) return false; // , ) [
  return before !== 44 && before !== 40 && !['struct', 'union', 'enum'].includes(wordAt(tokens, at - 1));
}

function isVariadic(tokens: Tokens, item: Item): boolean {
  const last = (item.close ?? 0) - 1;
  return last > 0 && wordAt(tokens, last) === '...';
}

function readBody(reading: Reading, from: number, to: number, base: number, own: string, parameters: readonly string[]): { calls: CallUse[]; mentions: string[]; fields: string[]; hasStatic: boolean; callsBack: number[] } {
  const { tokens, hidden } = reading;
  const calls: CallUse[] = [];
  const mentions = new Set<string>();
  const fields = new Set<string>();
  const handing = new Handing(reading, parameters);
  let hasStatic = false;
  for (let at = from; at < to; at += 1) {
    if (tokens.kind[at] !== TokenKind.identifier || hidden[at] === Hidden.attribute) continue;
    const start = tokens.start[at] ?? 0;
    const word = tokens.text.slice(start, tokens.end[at]);
    if (isField(tokens, at)) {
      fields.add(word);
      continue;
    }
    if (keywords.has(word)) {
      if (word === 'static') hasStatic = true;
      continue;
    }
    // The header of another #if branch is no call: #else static void f(void) {
    if (hidden[at] === Hidden.skipped && word === own) continue;
    if (punctuation(tokens, at + 1) === 40) {
      calls.push({ name: word, at: start - base, ...handing.callAt(at, word, calls.length) });
    } else {
      mentions.add(word);
      handing.mentionAt(at, word);
    }
  }
  return { calls: handing.completed(calls), mentions: [...mentions], fields: [...fields], hasStatic, callsBack: handing.callsBack() };
}

/** Whether an identifier follows `.` or `->`. */
function isField(tokens: Tokens, at: number): boolean {
  if (tokens.kind[at - 1] !== TokenKind.punctuation) return false;
  const before = tokens.end[at - 1] ?? 0;
  const code = tokens.text.charCodeAt(before - 1);
  const length = before - (tokens.start[at - 1] ?? 0);
  return (code === 46 && length === 1) || (code === 62 && length === 2 && tokens.text.charCodeAt(before - 2) === 45);
}
