/** The lines a mechanical way out is shown as, applied by hand: they give what the editor's quick fix gives. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { fixLines } from '../../server/src/report/fixLines';
import { plain } from '../../server/src/report/style';
import { compareTexts } from '../../server/src/syntax/text';
import { analyzed, applied, parse, type Input } from '../rules/fixture';

const folder = join(import.meta.dirname, '../rules/fixtures');
const cases = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.c'));

/** Takes the shown lines out and puts them in, from the last place to the first. */
function patched({ after, tree }: Input, shown: readonly string[]): Map<string, string[]> {
  const texts = new Map([...after].map(([path, text]) => [path, text.split('\n')]));
  const hunks: { path: string; line: number; out: string[]; put: string[] }[] = [];
  for (const line of shown.map((one) => one.slice(6))) {
    const [, path = '', at = ''] = /^([\w./-]+):(\d+)$/.exec(line) ?? [];
    if (at !== '') hunks.push({ path, line: Number(at), out: [], put: [] });
    else (line.startsWith('-') ? hunks.at(-1)?.out : hunks.at(-1)?.put)?.push(line.slice(2));
  }
  for (const { path, line, out, put } of hunks.reverse()) {
    if (!texts.has(path)) texts.set(path, tree.get(path)?.split('\n') ?? []);
    const taken = texts.get(path)?.splice(line - 1, out.length, ...put);
    expect(taken?.map((one) => one.trimEnd())).toEqual(out.map((one) => one.trimEnd()));
  }
  return texts;
}

let checked = 0;

it.each(cases)('%s', async (name) => {
  const { input, analysis } = await analyzed(parse(readFileSync(join(folder, name), 'utf8')));
  for (const { fix } of analysis.findings.flatMap(({ remedies }) => remedies)) {
    const edits = fix?.edits() ?? [];
    const shown = fixLines(edits, (path) => input.after.get(path) ?? input.tree.get(path), plain);
    if (edits.length === 0 || shown.at(-1)?.includes('… and') === true) continue;
    checked += 1;
    const trimmed = (texts: ReadonlyMap<string, readonly string[]>): [string, string[]][] => [...texts].sort(([one], [other]) => compareTexts(one, other)).map(([path, lines]) => [path, lines.map((line) => line.trimEnd())]);
    expect(trimmed(patched(input, shown))).toEqual(trimmed(new Map([...applied(input, edits)].map(([path, text]) => [path, text.split('\n')]))));
  }
});

it('there were some', () => {
  expect(checked).toBeGreaterThan(15);
});

it('what is long is cut, and what is not at hand is not shown', () => {
  const edits = [{ path: 'a.c', range: { start: 0, end: 0 }, text: 'x;\n'.repeat(20) }];
  expect(fixLines(edits, () => 'int y;\n', plain)).toEqual(['      a.c:1', ...Array<string>(11).fill('      + x;'), '      … and 9 more lines (--format sarif has all)']);
  expect(fixLines(edits, () => undefined, plain)).toEqual([]);
});
