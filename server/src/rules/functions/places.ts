/** Where a finding stands that is about a file, or about something that only the baseline has. */
import type { FileFacts, FunctionFact, Range } from '../../syntax/facts';
import type { RuleContext } from '../rule';

const TOP: Range = { start: 0, end: 0 };

/** The first line of the edit's text that differs from the baseline's, without its indentation; the top of a file that is new or gone. */
export function firstChange(context: RuleContext, path: string): Range {
  const before = context.textOf(path, 'before');
  const after = context.textOf(path, 'after');
  if (before === undefined || after === undefined) return TOP;
  let same = 0;
  while (same < before.length && same < after.length && before.charCodeAt(same) === after.charCodeAt(same)) same += 1;
  const start = after.lastIndexOf('\n', Math.min(same, after.length) - 1) + 1;
  const end = after.indexOf('\n', start);
  const line = after.slice(start, end < 0 ? undefined : end);
  return { start: start + line.length - line.trimStart().length, end: start + line.trimEnd().length };
}

/** Where each function of the baseline stood that the edit has not, those that macro calls made among them: behind the last one before it that is still there. */
export function placesOfRemoved(before: FileFacts | undefined, after: FileFacts | undefined, gone: readonly FunctionFact[]): ReadonlyMap<FunctionFact, Range> {
  const made = new Set(gone.filter(({ writtenOut }) => writtenOut !== undefined));
  const all = [...(before?.functions ?? []), ...made];
  if (made.size > 0) all.sort((one, other) => one.range.start - other.range.start);
  const kept = new Map((after?.functions ?? []).map((fact) => [`${fact.name} ${fact.ordinal}`, fact.range.end]));
  const places = new Map<FunctionFact, Range>();
  let last: Range = TOP;
  for (const fact of all) {
    const end = made.has(fact) ? undefined : kept.get(`${fact.name} ${fact.ordinal}`);
    if (end === undefined) places.set(fact, last);
    else last = { start: end - 1, end };
  }
  return places;
}
