/** A mechanical way out as the lines it takes out and puts in, the way a diff shows them. */
import type { TextChange } from '../rules/finding';
import { compareTexts } from '../syntax/text';
import { grouped } from './grouped';
import { capped, restLine } from './capped';
import { printable, type Style } from './style';

/** More is for an editor to show. */
const MOST_LINES = 12;

/** Empty where a text is not at hand. @param edits changes of the edit's texts that do not overlap */
export function fixLines(edits: readonly TextChange[], textOf: (path: string) => string | undefined, style: Style): string[] {
  const lines: string[] = [];
  for (const [path, changes] of grouped([...edits].sort((one, other) => compareTexts(one.path, other.path) || one.range.start - other.range.start), (edit) => edit.path)) {
    const text = textOf(path);
    if (text === undefined) return [];
    for (const hunk of hunksOf(text, changes)) lines.push(style.dim(printable(`${path}:${hunk.line}`)), ...hunk.out.map((line) => style.red(printable(`- ${line}`.trimEnd()))), ...hunk.put.map((line) => style.green(printable(`+ ${line}`.trimEnd()))));
  }
  const { shown, rest } = capped(lines, MOST_LINES);
  return [...shown.map((line) => `      ${line}`), ...restLine(rest, 6, 'lines', 'sarif')];
}

interface Hunk {
  /** Counts from 1. */
  readonly line: number;
  readonly out: readonly string[];
  readonly put: readonly string[];
}

/** Changes of the same lines are one hunk. */
function hunksOf(text: string, changes: readonly TextChange[]): Hunk[] {
  const hunks: { start: number; end: number; changes: TextChange[] }[] = [];
  for (const change of changes) {
    const start = change.range.start === 0 ? 0 : text.lastIndexOf('\n', change.range.start - 1) + 1;
    const next = text.indexOf('\n', change.range.end);
    const end = next === -1 ? text.length : next;
    const last = hunks.at(-1);
    if (last !== undefined && start <= last.end) {
      last.end = Math.max(last.end, end);
      last.changes.push(change);
    } else hunks.push({ start, end, changes: [change] });
  }
  return hunks.map(({ start, end, changes: list }) => {
    const old = text.slice(start, end);
    const now = list.reduceRight((sofar, { range, text: put }) => sofar.slice(0, range.start - start) + put + sofar.slice(range.end - start), old);
    return differing(old.split('\n'), now.split('\n'), text.slice(0, start).split('\n').length);
  });
}

/** Without the lines that both have at the beginning and at the end. */
function differing(old: readonly string[], now: readonly string[], line: number): Hunk {
  let head = 0;
  while (head < old.length && head < now.length && old[head] === now[head]) head += 1;
  let tail = 0;
  while (tail < old.length - head && tail < now.length - head && old[old.length - 1 - tail] === now[now.length - 1 - tail]) tail += 1;
  return { line: line + head, out: old.slice(head, old.length - tail), put: now.slice(head, now.length - tail) };
}
