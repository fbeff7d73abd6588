/** The text of a function's body, token by token: for rules that look at the order of things and at arguments. */
import type { Around } from '../kernel/kept';
import type { FunctionFact } from '../syntax/facts';
import { tokenize, TokenKind } from '../syntax/tokens';

export interface BodyToken {
  readonly text: string;
  readonly kind: TokenKind;
  /** Offset in the file's text. */
  readonly at: number;
}

/** `name(a, b)` somewhere in a body. */
export interface BodyCall {
  readonly name: string;
  /** Of the name, in the file's text. */
  readonly at: number;
  /** Behind the closing parenthesis. */
  readonly end: number;
  /** As written, white space folded. */
  readonly args: readonly string[];
  /** Index of the name among the body's tokens. */
  readonly index: number;
}

/** What was read for one analysis, by all its rules. It lives no longer: a token keeps its whole text alive. */
export type Bodies = Map<FunctionFact, readonly BodyToken[]>;

/** The tokens from a function's opening brace to its closing one, without comments; empty when its file is not part of the edit. Those of a function that a macro call makes all stand at the call. */
export function bodyTokens(context: Pick<Around, 'textOf'> & { readonly bodies: Bodies }, path: string, version: 'before' | 'after', fact: FunctionFact): readonly BodyToken[] {
  // Looked at even when another rule has read the body: what is kept for this one rests on it, too.
  const whole = context.textOf(path, version);
  const known = context.bodies.get(fact);
  if (known !== undefined) return known;
  const { writtenOut } = fact;
  const text = bodyText(whole, fact);
  const tokens = tokenize(text);
  const list = Array.from({ length: tokens.count }, (_, index): BodyToken => {
    const start = tokens.start[index] ?? 0;
    return { text: text.slice(start, tokens.end[index] ?? start), kind: (tokens.kind[index] ?? TokenKind.punctuation) as TokenKind, at: writtenOut === undefined ? fact.bodyRange.start + start : fact.range.start };
  });
  context.bodies.set(fact, list);
  return list;
}

/** A function's text from its opening brace to its closing one; `whole` is its file's, and an empty text is all there is where that is not known. */
export const bodyText = (whole: string | undefined, { writtenOut, bodyRange }: FunctionFact): string =>
  writtenOut?.text.slice(writtenOut.bodyRange.start, writtenOut.bodyRange.end) ?? whole?.slice(bodyRange.start, bodyRange.end) ?? '';

/** What stands in front of that. */
export const headText = (whole: string | undefined, { writtenOut, range, bodyRange }: FunctionFact): string => writtenOut?.text.slice(0, writtenOut.bodyRange.start) ?? whole?.slice(range.start, bodyRange.start) ?? '';

/** The calls in a body, in order, nested ones after the one they stand in. */
export function callsIn(tokens: readonly BodyToken[]): BodyCall[] {
  const calls: BodyCall[] = [];
  tokens.forEach((token, index) => {
    if (token.kind !== TokenKind.identifier || tokens[index + 1]?.text !== '(') return;
    const args: string[] = [];
    let words: string[] = [];
    let depth = 0;
    for (let at = index + 1; at < tokens.length; at += 1) {
      const next = tokens[at];
      if (next === undefined) return;
      const opens = /^[([{]$/.test(next.text);
      const closes = /^[)\]}]$/.test(next.text);
      if (closes) depth -= 1;
      if (depth === 0 && closes) {
        if (words.length > 0 || args.length > 0) args.push(joined(words));
        calls.push({ name: token.text, at: token.at, end: next.at + 1, args, index });
        return;
      }
      if (depth === 1 && next.text === ',') {
        args.push(joined(words));
        words = [];
      } else if (depth > 0) words.push(next.text);
      if (opens) depth += 1;
    }
  });
  return calls;
}

/** Tokens as a person would write them: a space between words, none around punctuation. */
function joined(words: readonly string[]): string {
  return words.reduce((text, word) => text + (/\w$/.test(text) && /^\w/.test(word) ? ' ' : '') + word, '');
}

/** Whether the `&` at an index takes an address: `&x` and not `a & x`. Behind a parenthesis it may be either, `(int *)&x` or `(a) & x`, and counts as taking one. */
export function takesAddress(tokens: readonly BodyToken[], index: number): boolean {
  const before = tokens[index - 1]?.text ?? '';
  return tokens[index]?.text === '&' && (!/^(\w+|\])$/.test(before) || /^(return|case|else|do|sizeof|typeof)$/.test(before));
}
