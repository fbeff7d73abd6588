/**
 * Preprocessor conditionals, read off the directives: which `#if` conditions stand around each token, and which tokens the
 * structure is read from. Of alternatives that split one definition the first branch gives the structure; alternatives
 * that each hold whole definitions, members or statements are all read, side by side. `#if 0` is never read.
 */
import { Lexer } from './lexer';
import { ownedText } from './owned';
import { lastNotAfter } from './positions';
import { TokenKind, type Tokens } from './tokens';

export interface Conditionals {
  /** 1 for tokens the structure is not read from: directives, and branches passed over. */
  readonly skipped: Uint8Array;
  /** The conditions around a token, outermost first. */
  conditionsAt(token: number): readonly string[];
}

interface Frame {
  /** Conditions of the branches before this one, as written. */
  readonly earlier: string[];
  /** Braces and parentheses open where it began. */
  readonly depth: number;
  /** So far every branch that was read began and ended between definitions, members or statements. */
  whole: boolean;
  readonly outer: readonly string[];
  readonly outerSkips: boolean;
  /** No branch so far was read for the structure: all stood under `#if 0`. */
  nothingRead: boolean;
}

const NO_CONDITIONS: readonly string[] = [];

/**
 * Conditions told around one place; the kernel nests under ten. The bound keeps a text of nothing but #if from taking
 * memory by the square of its length: conditions further in are not told.
 */
const MOST_CONDITIONS = 64;

const within = (outer: readonly string[], inner: readonly string[]): readonly string[] => (outer.length < MOST_CONDITIONS ? [...outer, ...inner] : outer);

export function readConditionals(tokens: Tokens): Conditionals {
  const skipped = new Uint8Array(tokens.count);
  const starts: number[] = [0];
  const lists: (readonly string[])[] = [NO_CONDITIONS];
  const stack: Frame[] = [];
  let depth = 0;
  let midItem = false;
  let skips = false;
  let conditions = NO_CONDITIONS;

  const enter = (token: number, list: readonly string[]): void => {
    conditions = list;
    starts.push(token);
    lists.push(list);
  };

  for (let index = 0; index < tokens.count; index += 1) {
    if (tokens.kind[index] !== TokenKind.directive) {
      if (skips) {
        skipped[index] = 1;
        continue;
      }
      if (tokens.kind[index] === TokenKind.punctuation) {
        const code = tokens.text.charCodeAt(tokens.start[index] ?? 0);
        if (code === 123 || code === 40) depth += 1; // { (
        else if (code === 125 || code === 41) {
          depth = Math.max(0, depth - 1);
          // The kernel's style closes definitions at the first column: a way back when braces do not match.
          if (code === 125 && atFirstColumn(tokens, index)) depth = 0;
        }
        midItem = code !== 59 && code !== 123 && code !== 125; // ; { }
      } else midItem = true;
      continue;
    }

    skipped[index] = 1;
    const directive = conditionalOf(tokens, index);
    if (directive === undefined) continue;
    const frame = stack.at(-1);
    if (directive.kind === 'if') {
      stack.push({ earlier: [directive.condition], depth, whole: !midItem, outer: conditions, outerSkips: skips, nothingRead: directive.condition === '0' });
      skips = skips || directive.condition === '0';
      if (opensIncludeGuard(tokens, index, directive.condition)) continue;
      enter(index + 1, within(conditions, [directive.condition]));
    } else if (frame === undefined) {
      continue; // an #else or #endif without its #if: the compiler complains, we read on
    } else if (directive.kind === 'endif') {
      stack.pop();
      skips = frame.outerSkips;
      enter(index + 1, frame.outer);
    } else {
      if (!skips && (depth !== frame.depth || midItem)) frame.whole = false;
      skips = frame.outerSkips || directive.condition === '0' || !(frame.whole || frame.nothingRead);
      if (directive.condition !== '0') frame.nothingRead = false;
      const not = frame.earlier.slice(0, MOST_CONDITIONS).map(negate);
      if (directive.kind === 'elif') frame.earlier.push(directive.condition);
      enter(index + 1, within(frame.outer, directive.kind === 'elif' ? [...not, directive.condition] : not));
    }
  }

  return { skipped, conditionsAt: (token) => lists[lastNotAfter(starts, token)] ?? NO_CONDITIONS };
}

export function negate(condition: string): string {
  if (/^!\w+$/.test(condition)) return condition.slice(1);
  return /^\w+$/.test(condition) ? `!${condition}` : `!(${condition})`;
}

type Conditional = { readonly kind: 'if' | 'elif'; readonly condition: string } | { readonly kind: 'else' | 'endif'; readonly condition?: never };

/** `#ifdef X` is written `defined(X)`, `#ifndef X` `!defined(X)`; other conditions as in the text, white space folded. */
function conditionalOf(tokens: Tokens, index: number): Conditional | undefined {
  const from = tokens.start[index] ?? 0;
  const word = /^#[ \t]*([a-z]+)/.exec(tokens.text.slice(from, from + 24))?.[1];
  const condition = (): string => ownedText(directiveWords(tokens, index).slice(1).join(' '));
  switch (word) {
    case 'if':
      return { kind: 'if', condition: tidy(condition()) };
    case 'ifdef':
      return { kind: 'if', condition: `defined(${condition()})` };
    case 'ifndef':
      return { kind: 'if', condition: `!defined(${condition()})` };
    case 'elif':
      return { kind: 'elif', condition: tidy(condition()) };
    case 'elifdef':
      return { kind: 'elif', condition: `defined(${condition()})` };
    case 'else':
    case 'endif':
      return { kind: word };
    case undefined:
    default:
      return undefined;
  }
}

/** `#ifndef X` right before `#define X` guards against double inclusion: no condition anybody cares about. */
function opensIncludeGuard(tokens: Tokens, index: number, condition: string): boolean {
  if (!condition.startsWith('!defined(') || tokens.kind[index + 1] !== TokenKind.directive) return false;
  const next = directiveWords(tokens, index + 1);
  return next[0] === 'define' && next.length === 2 && condition === `!defined(${next[1] ?? ''})`;
}

/** The words of a directive's line after `#`, comments and splices dropped. */
export function directiveWords(tokens: Tokens, index: number): string[] {
  const line = new Lexer(tokens.text, (tokens.start[index] ?? 0) + 1, tokens.end[index] ?? 0, false);
  const words: string[] = [];
  while (line.next()) words.push(tokens.text.slice(line.start, line.end));
  return words;
}

/** `defined ( X )` -> `defined(X)`, `IS_ENABLED ( X )` -> `IS_ENABLED(X)`, `! X` -> `!X`. */
function tidy(condition: string): string {
  return condition.replace(/(\w) \( (\w+) \)/g, '$1($2)').replace(/! /g, '!').replace(/\( /g, '(').replace(/ \)/g, ')');
}

export function atFirstColumn(tokens: Tokens, index: number): boolean {
  const start = tokens.start[index] ?? 0;
  return start === 0 || tokens.text.charCodeAt(start - 1) === 10;
}
