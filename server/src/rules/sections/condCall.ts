/**
 * static_call_cond(name)(…); as an indirect call through the key. What it stands for is skipped where the target is NULL, so the key is read once: another CPU may
 * clear it between a test and a second look (include/linux/static_call.h, static_call_cond() without HAVE_STATIC_CALL). The build tools' macros read it without a test.
 */
import type { Range } from '../../syntax/facts';

interface Replacement {
  readonly range: Range;
  readonly text: string;
}

/**
 * The statement of the call at `at`, written anew. Undefined where it is no statement of its own, or where its arguments do something, which they then would only with a target.
 *
 * @param prefix of the local variable's name
 */
export function condCall(text: string, at: number, prefix: string): Replacement | undefined {
  const match = /^static_call_cond\s*\(\s*([A-Za-z_]\w*)\s*\)\s*\(([^()]*)\)\s*;/.exec(text.slice(at, at + MOST_CHARACTERS));
  const [whole = '', name = '', args = ''] = match ?? [];
  if (match === null || /\+\+|--|[^=!<>]=[^=]/.test(args)) return undefined;
  const before = text.slice(Math.max(0, at - MOST_CHARACTERS), at).trimEnd();
  const isAlone = isAfterHead(before);
  if (!isAlone && !/[;{}]$/.test(before)) return undefined;
  const indent = /[ \t]*$/.exec(text.slice(0, at))?.[0] ?? '';
  const inner = isAlone ? indent : `${indent}\t`;
  const target = `${prefix}_${name}`;
  const lines = [`typeof(&STATIC_CALL_TRAMP(${name})) ${target} = READ_ONCE(STATIC_CALL_KEY(${name}).func);`, '', `if (${target})`, `\t${target}(${args});`];
  const block = `{\n${lines.map((line) => (line === '' ? '' : `${inner}${line}`)).join('\n')}\n${isAlone ? indent.slice(0, -1) : indent}}`;
  const start = at - (isAlone ? indent.length + 1 : 0);
  const isOnItsLine = text[start] === '\n';
  return isAlone && !isOnItsLine ? undefined : { range: { start, end: at + whole.length }, text: isAlone ? ` ${block}` : block };
}

/** The same for all of a text's. Undefined where one of them cannot be written anew, or the text is a macro's. */
export function condCalls(text: string, prefix: string): string | undefined {
  const places = [...text.matchAll(/\bstatic_call_cond\b/g)].map(({ index }) => condCall(text, index, prefix));
  if (places.includes(undefined) || (places.length > 0 && text.startsWith('#'))) return undefined;
  return places.reduceRight((now, place) => (place === undefined ? now : now.slice(0, place.range.start) + place.text + now.slice(place.range.end)), text);
}

/** Long argument lists and conditions; what is longer is left to a person. */
const MOST_CHARACTERS = 1000;

/** Whether what comes is all that an `if`, an `else` or a loop holds. */
function isAfterHead(before: string): boolean {
  if (/\belse$/.test(before)) return true;
  let depth = 0;
  for (let at = before.length - 1; at >= 0 && before.endsWith(')'); at -= 1) {
    if (before[at] === ')') depth += 1;
    if (before[at] === '(') depth -= 1;
    if (depth === 0) return /\b(if|while|for|\w*for_each\w*)\s*$/.test(before.slice(0, at));
  }
  return false;
}
