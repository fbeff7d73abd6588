/** Records as genksyms sees them, which makes the versions of exported symbols: it defines __GENKSYMS__ (scripts/Makefile.build), the compiler does not. */
import type { FieldFact, RecordFact } from '../../syntax/facts';
import type { TextChange } from '../finding';
import type { RuleContext } from '../rule';
import type { LayoutChange } from './layoutChange';

/** Whether the edit changes what genksyms sees of the record. */
export function isSeen({ change: { before, after } }: LayoutChange): boolean {
  return seen(before.fields).join() !== seen(after.fields).join();
}

/** Each member that genksyms sees, in words. The macros of distributions for room (`…_KABI_USE(1, u64 owner)`) show it the old member. */
const seen = (fields: readonly FieldFact[]): string[] =>
  fields.filter(({ conditions }) => !conditions.some(hides)).map(({ name, type, pointers, arrays, bits, record }) => [type.replace(/_KABI_(USE|REPLACE)\w*\((\w+).*/, '_KABI_RESERVE($2)'), '*'.repeat(pointers), name, ...arrays.map((bound) => `[${bound}]`), bits, ...(record === undefined ? [] : ['{', ...seen(record.fields), '}'])].join(' '));

/** `#ifndef __GENKSYMS__`, or the `#else` of its contrary. */
const hides = (condition: string): boolean => /^!\(?\s*(defined\s*\(?\s*)?__GENKSYMS__\b/.test(condition);

/**
 * The lines of the record that differ put under a condition: the compiler sees the edit's, genksyms the baseline's. Empty where they are no members of their own
 * (the first line or the last, a part of a comment) or hold a directive.
 */
export function hidden({ path, change: { before, after } }: LayoutChange, { textOf }: RuleContext): TextChange[] {
  const [old, now] = [linesOf(textOf(path, 'before'), before), linesOf(textOf(path, 'after'), after)];
  let head = 0;
  while (head < old.length && head < now.length && old[head] === now[head]) head += 1;
  let tail = 0;
  while (tail < old.length - head && tail < now.length - head && old[old.length - 1 - tail] === now[now.length - 1 - tail]) tail += 1;
  const [was, is] = [old.slice(head, old.length - tail), now.slice(head, now.length - tail)];
  if (head === 0 || tail === 0 || is.length === 0 || ![was, is].every(areMembers)) return [];
  const start = after.range.start + now.slice(0, head).join('\n').length + 1;
  const text = is.join('\n');
  const condition = was.length === 0 ? ['#ifndef __GENKSYMS__'] : ['#ifdef __GENKSYMS__', ...was, '#else'];
  return [{ path, range: { start, end: start + text.length }, text: [...condition, text, '#endif'].join('\n') }];
}

const linesOf = (text: string | undefined, { range }: RecordFact): string[] => text?.slice(range.start, range.end).split('\n') ?? [];

/** Whole members, and comments that end where they begin. */
function areMembers(lines: readonly string[]): boolean {
  const text = lines.join('\n');
  const bare = text.replace(/\/\*[^]*?\*\//g, '').replace(/\/\/.*/g, '');
  return !/^\s*#|\/\*|\*\/|[{}]/m.test(bare) && /^(|[^]*;)\s*$/.test(bare);
}
