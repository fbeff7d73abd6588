/** New functions moved to the end of their file, so that what stands below them keeps its lines. */
import type { FileFacts, FunctionFact } from '../../syntax/facts';
import { positionAt } from '../../syntax/positions';
import { aboveComment } from '../comments';
import type { TextChange } from '../finding';
import type { RuleContext } from '../rule';

interface Block {
  readonly fact: FunctionFact;
  /** With the comment above it and the empty line below. */
  readonly start: number;
  readonly end: number;
  readonly lines: number;
}

/** The changes, or undefined where they would not put every function of `moved` back on its line. A declaration takes the place of the empty line above each. */
export function toTheEnd(context: RuleContext, path: string, before: FileFacts, after: FileFacts, moved: readonly FunctionFact[]): TextChange[] | undefined {
  const text = context.textOf(path, 'after') ?? '';
  const added = context.changes.find((change) => change.path === path)?.functions.flatMap(({ kind, after: fact }) => (kind === 'added' && fact.definedBy === undefined && fact.conditions.length === 0 ? [fact] : [])) ?? [];
  const last = after.functions.at(-1);
  const blocks = added.filter((fact) => fact !== last).map((fact) => blockOf(text, fact));
  const groups = grouped(blocks);
  if (groups.length === 0 || groups.some(({ start }) => text.slice(start - 2, start) !== '\n\n')) return undefined;
  const old = new Map(before.functions.map((fact) => [`${fact.name} ${fact.ordinal}`, fact]));
  const isBack = (fact: FunctionFact): boolean => {
    const twin = old.get(`${fact.name} ${fact.ordinal}`);
    const gone = blocks.filter(({ end }) => end <= fact.range.start).reduce((sum, { lines }) => sum + lines, 0);
    return twin !== undefined && lineOf(after, fact) - gone === lineOf(before, twin);
  };
  if (!moved.every(isBack)) return undefined;
  const tail = blocks.map(({ fact, start }) => `\n${text.slice(start, fact.range.end)}\n`).join('');
  return [
    ...groups.map(({ start, end, declarations }): TextChange => ({ path, range: { start: start - 1, end }, text: `${declarations.join(' ')}\n` })),
    { path, range: { start: text.length, end: text.length }, text: text.endsWith('\n') ? tail : `\n${tail}` },
  ];
}

interface Group {
  readonly start: number;
  readonly end: number;
  /** On one line: there is one empty line to put them on. */
  readonly declarations: readonly string[];
}

/** Blocks that stand right behind each other. */
function grouped(blocks: readonly Block[]): Group[] {
  const groups: Group[] = [];
  for (const { fact, start, end } of blocks) {
    const last = groups.at(-1);
    const declaration = `${fact.signature};`;
    if (last?.end === start) groups[groups.length - 1] = { start: last.start, end, declarations: [...last.declarations, declaration] };
    else groups.push({ start, end, declarations: [declaration] });
  }
  return groups;
}

const lineOf = (facts: FileFacts, fact: FunctionFact): number => positionAt(facts.lineStarts, fact.range.start).line;

function blockOf(text: string, fact: FunctionFact): Block {
  const start = aboveComment(text, fact.range.start);
  const [below = ''] = /^[ \t]*(\n[ \t]*)?(\n|$)/.exec(text.slice(fact.range.end)) ?? [];
  const end = fact.range.end + below.length;
  return { fact, start, end, lines: text.slice(start, end).split('\n').length - 1 };
}
