/** The loops of a body that do not end by their own condition. */
import type { BodyToken } from '../body';

export interface EndlessLoop {
  /** Indexes of the body's tokens: the statement that is repeated, condition included. */
  readonly from: number;
  readonly to: number;
  /** Ends only when somebody stops the kernel thread. */
  readonly isThread: boolean;
}

/** Conditions of a kernel thread's main loop: include/linux/kthread.h. */
export const STOPS: ReadonlySet<string> = new Set(['kthread_should_stop', 'kthread_freezable_should_stop', 'kthread_should_stop_or_park']);

/** `for (;;)`, `while (1)`, `while (!kthread_should_stop())` and `do … while (true)`; outer loops before those within. */
export function endlessLoops(tokens: readonly BodyToken[]): EndlessLoop[] {
  const loops: EndlessLoop[] = [];
  tokens.forEach(({ text }, at) => {
    if ((text !== 'for' && text !== 'while') || tokens[at + 1]?.text !== '(') return;
    const close = closing(tokens, at + 1);
    const condition = tokens.slice(at + 2, close).map((token) => token.text);
    const isThread = condition.some((word) => STOPS.has(word));
    if (!isThread && !isAlways(text, condition.join(''))) return;
    const behindBlock = text === 'while' && tokens[at - 1]?.text === '}' ? opening(tokens, at - 1) : -1;
    if (behindBlock > 0 && tokens[behindBlock - 1]?.text === 'do') loops.push({ from: behindBlock, to: close, isThread });
    else loops.push({ from: at, to: endOfStatement(tokens, close + 1), isThread });
  });
  return loops;
}

function isAlways(keyword: string, condition: string): boolean {
  return keyword === 'for' ? /^[^;]*;(1|true)?;[^;]*$/.test(condition) : /^(1|true)$/.test(condition);
}

/** Index of what closes the bracket at `open`; the last token where nothing does. */
export function closing(tokens: readonly BodyToken[], open: number): number {
  let depth = 0;
  for (let at = open; at < tokens.length; at += 1) {
    const text = tokens[at]?.text;
    if (text === '(' || text === '{' || text === '[') depth += 1;
    else if (text === ')' || text === '}' || text === ']') depth -= 1;
    if (depth === 0) return at;
  }
  return tokens.length - 1;
}

function opening(tokens: readonly BodyToken[], close: number): number {
  let depth = 0;
  for (let at = close; at >= 0; at -= 1) {
    const text = tokens[at]?.text;
    if (text === '}') depth += 1;
    else if (text === '{') depth -= 1;
    if (depth === 0) return at;
  }
  return -1;
}

/** The statement's last token: its closing brace, or the first semicolon outside brackets. */
function endOfStatement(tokens: readonly BodyToken[], start: number): number {
  if (tokens[start]?.text === '{') return closing(tokens, start);
  for (let at = start; at < tokens.length; at += 1) {
    const text = tokens[at]?.text;
    if (text === ';') return at;
    if (text === '(' || text === '{' || text === '[') at = closing(tokens, at);
    if (text === '{') return at;
  }
  return tokens.length - 1;
}
