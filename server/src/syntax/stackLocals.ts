/** The locals of a body that have to lie in memory, as far as tokens tell: what makes a function's stack frame large. */
import type { StackLocalFact } from './facts';
import { keywords } from './macros';
import { punctuation, wordAt, type Reading } from './reading';
import { TokenKind } from './tokens';

type Body = Pick<Reading, 'tokens' | 'hidden' | 'partner'>;

interface Local extends StackLocalFact {
  /** The hash of its token: words are not cut out of the text for every token of a body. */
  readonly name: number;
  readonly isAggregate: boolean;
}

/** Arrays; records of which more is used than members, one by one, which gcc keeps in registers; and others whose address is taken. `from` and `to` are the body's, without braces. */
export function readStackLocals(reading: Body, from: number, to: number): StackLocalFact[] {
  const { tokens, hidden } = reading;
  const found: Local[] = [];
  for (let at = from; at < to; at += 1) {
    const before = at === from ? 123 : punctuation(tokens, at - 1);
    if (tokens.kind[at] !== TokenKind.identifier || hidden[at] !== 0 || (before !== 123 && before !== 125 && before !== 59)) continue;
    found.push(...declaredAt(reading, at, to));
    at = endOfMembers(reading, at);
  }
  if (found.length === 0) return [];
  const named = new Set(found.map(({ name }) => name));
  const addressed = new Set<number>();
  const whole = new Set<number>();
  for (let at = from; at < to; at += 1) {
    if (tokens.kind[at] !== TokenKind.identifier) continue;
    const name = tokens.hash[at] ?? 0;
    if (!named.has(name)) continue;
    const next = punctuation(tokens, at + 1);
    if (punctuation(tokens, at - 1) === 38 && !isOperand(reading, at - 2) && tokens.text.slice(tokens.start[at + 1], tokens.end[at + 1]) !== '->') addressed.add(name);
    // `, x)`: handed by value; `x, y` is where two are declared.
    else if (next === 41 && punctuation(tokens, at - 1) !== 42) whole.add(name);
  }
  return found.filter(({ name, arrays, isAggregate }) => arrays.length > 0 || addressed.has(name) || (isAggregate && whole.has(name))).map(({ type, pointers, arrays }) => ({ type, pointers, arrays }));
}

/** Macros that declare a local, and what of: include/linux/list.h, wait.h, completion.h, types.h, include/crypto/hash.h and skcipher.h (which hold the largest request there may be). */
const MAKERS = new Map<string, (argument: string) => StackLocalFact>([
  ['LIST_HEAD', () => ({ type: 'struct list_head', pointers: 0, arrays: [] })],
  ['HLIST_HEAD', () => ({ type: 'struct hlist_head', pointers: 0, arrays: [] })],
  ['DEFINE_WAIT', () => ({ type: 'struct wait_queue_entry', pointers: 0, arrays: [] })],
  ['DECLARE_WAITQUEUE', () => ({ type: 'struct wait_queue_entry', pointers: 0, arrays: [] })],
  ['DECLARE_COMPLETION_ONSTACK', () => ({ type: 'struct completion', pointers: 0, arrays: [] })],
  ['DECLARE_WAIT_QUEUE_HEAD_ONSTACK', () => ({ type: 'struct wait_queue_head', pointers: 0, arrays: [] })],
  ['DECLARE_BITMAP', (bits) => ({ type: 'unsigned long', pointers: 0, arrays: [`((${bits}) + 63) / 64`] })],
  ['SHASH_DESC_ON_STACK', () => ({ type: 'char', pointers: 0, arrays: ['376'] })],
  ['SYNC_SKCIPHER_REQUEST_ON_STACK', () => ({ type: 'char', pointers: 0, arrays: ['464'] })],
]);

/** What a statement declares; nothing when it is no declaration. */
function declaredAt(reading: Body, from: number, to: number): Local[] {
  const { tokens, partner } = reading;
  const maker = MAKERS.get(wordAt(tokens, from));
  const close = partner[from + 1] ?? -1;
  if (maker !== undefined && punctuation(tokens, from + 1) === 40 && close > 0) {
    const argument = tokens.text.slice(tokens.start[from + 4] ?? 0, tokens.start[close]);
    return [{ ...maker(argument), name: tokens.hash[from + 2] ?? 0, isAggregate: true }];
  }
  const end = typeEnd(reading, from);
  if (end === undefined) return [];
  const type = tokens.text.slice(tokens.start[from], tokens.end[end - 1]).replace(/\s+/g, ' ');
  const isAggregate = /\b(?:struct|union)\b/.test(type);
  const found: Local[] = [];
  for (let at = end; at < to; ) {
    let pointers = 0;
    for (; punctuation(tokens, at) === 42 || qualifiers.has(wordAt(tokens, at)); at += 1) if (punctuation(tokens, at) === 42) pointers += 1;
    if (tokens.kind[at] !== TokenKind.identifier || keywords.has(wordAt(tokens, at))) return [];
    const name = tokens.hash[at] ?? 0;
    const arrays: string[] = [];
    for (at += 1; punctuation(tokens, at) === 91; at = closing(reading, at) + 1) arrays.push(tokens.text.slice(tokens.end[at], tokens.start[closing(reading, at)]).trim());
    // Attributes, up to the value, the next one or the end.
    while (tokens.kind[at] === TokenKind.identifier) at = (punctuation(tokens, at + 1) === 40 ? closing(reading, at + 1) : at) + 1;
    if (punctuation(tokens, at) === 61) while (at < to && punctuation(tokens, at) !== 44 && punctuation(tokens, at) !== 59) at = closing(reading, at) + 1;
    const code = punctuation(tokens, at);
    if (code !== 44 && code !== 59) return [];
    found.push({ name, type, pointers, arrays, isAggregate: isAggregate && pointers === 0 });
    if (code === 59) break;
    at += 1;
  }
  return found;
}

/** The closing brace of a type that is made here, whose members are no locals: `const struct { … }`, `struct name { … }`. Else where the statement begins. */
function endOfMembers(reading: Body, from: number): number {
  const { tokens } = reading;
  let at = from;
  while (qualifiers.has(wordAt(tokens, at)) || wordAt(tokens, at) === 'static') at += 1;
  if (!tags.has(wordAt(tokens, at))) return from;
  const open = [at + 1, at + 2].find((place) => punctuation(tokens, place) === 123);
  return open === undefined ? from : closing(reading, open);
}

/** The other bracket; where it is missing, or this is none, the place itself. */
const closing = ({ partner }: Body, at: number): number => Math.max(at, partner[at] ?? -1);

const qualifiers: ReadonlySet<string> = new Set(['const', 'volatile', 'register', '__maybe_unused']);
const numbers: ReadonlySet<string> = new Set(['unsigned', 'signed', 'long', 'short', 'int', 'char']);
const tags: ReadonlySet<string> = new Set(['struct', 'union', 'enum']);

/** The token behind a declaration's type; undefined for what is none, such as a statement. */
function typeEnd({ tokens }: Body, from: number): number | undefined {
  let isTyped = false;
  for (let at = from; ; at += 1) {
    if (tokens.kind[at] !== TokenKind.identifier) return isTyped && punctuation(tokens, at) === 42 ? at : undefined;
    const word = wordAt(tokens, at);
    if (qualifiers.has(word)) continue;
    if (tags.has(word)) {
      if (isTyped || tokens.kind[at + 1] !== TokenKind.identifier) return undefined;
      at += 1;
      isTyped = true;
    } else if (numbers.has(word)) isTyped = true;
    else if (isTyped) return keywords.has(word) ? undefined : at;
    else if (keywords.has(word)) return undefined;
    else isTyped = true;
  }
}

/** Whether an `&` behind it takes two: a bit-wise and. */
function isOperand({ tokens }: Body, at: number): boolean {
  const code = punctuation(tokens, at);
  return tokens.kind[at] === TokenKind.number || code === 41 || code === 93 || (tokens.kind[at] === TokenKind.identifier && !keywords.has(wordAt(tokens, at)));
}
