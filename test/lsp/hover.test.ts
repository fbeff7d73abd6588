/** What the hover says of names on the way of an edit, from the rules' own edits. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { objectViews } from '../../server/src/lsp/convert';
import { hoverOf } from '../../server/src/lsp/hover';
import type { Analysis } from '../../server/src/result';
import { analyzed, parse, type Input } from '../rules/fixture';

const edit = (before: string, after: string, more: Partial<Input> = {}): Input => ({ before: new Map([['kernel/demo.c', before]]), after: new Map([['kernel/demo.c', after]]), tree: new Map(), profile: 'klp-build', kernelVersion: '6.1.192', ...more });

/** The hover over the first occurrence of a word in the edited file. */
async function hovers(input: Input): Promise<(word: string, path?: string) => string | undefined> {
  const { analysis } = await analyzed(input);
  return (word, path = 'kernel/demo.c') => {
    const at = (input.after.get(path) ?? '').search(new RegExp(`\\b${word}\\b`));
    expect(at, `${word} in ${path}`).toBeGreaterThan(-1);
    const hover = hoverOf(analysis, path, at);
    return hover === undefined ? undefined : (hover.contents as { readonly value: string }).value;
  };
}

describe('hover', () => {
  it('over an edited function and over those that hold its code, through others, too', async () => {
    const text = 'static int once(int a)\n{\n\treturn a + 1;\n}\n\nstatic inline int mid(int a)\n{\n\treturn once(a);\n}\n\nint __init demo(int a)\n{\n\treturn mid(a);\n}\n\nint apart(int a)\n{\n\treturn a;\n}\n';
    const hover = await hovers(edit(text, text.replace('a + 1', 'a + 2')));
    expect(hover('once')).toBe('**`once` is inlined.** A live patch of it replaces:\n- `demo` (kernel/demo.c): through `mid` (static, called once)');
    expect(hover('demo')).toMatch(/^\*\*Not edited, but replaced by a live patch:\*\* `once` is inlined here \(static, called once\), through `mid` \(static, called once\)\.\n- error: once is inlined into demo, which is \\_\\_init/);
    expect(hover('apart')).toBeUndefined();
  });

  it('over a macro, a constant and a record, and over who uses them', async () => {
    const text = '#define COST 3\n\nenum kind { FIRST, SECOND };\n\nint pay(void)\n{\n\treturn COST;\n}\n\nint second(int a)\n{\n\treturn a == SECOND;\n}\n';
    const hover = await hovers(edit(text, text.replace('COST 3', 'COST 4').replace('FIRST,', 'ZEROTH, FIRST,')));
    expect(hover('COST')).toBe('**`COST` is a macro.** A live patch of it replaces:\n- `pay` (kernel/demo.c)');
    expect(hover('pay')).toBe('**Not edited, but replaced by a live patch:** macro `COST` expands here.');
    expect(hover('SECOND')).toBe('**`SECOND` gets another value.** A live patch of it replaces:\n- `second` (kernel/demo.c)');
    expect(hover('second')).toBe('**Not edited, but replaced by a live patch:** the value of `SECOND` changes.');
  });

  it('over the holder of a function that is inlined in one version only', async () => {
    const text = 'static int once(int a)\n{\n\treturn a + 1;\n}\n\nint demo(int a)\n{\n\treturn once(a);\n}\n';
    const marked = text.replace('static int', 'static noinline int');
    expect((await hovers(edit(text, marked)))('demo')).toBe('**Not edited, but replaced by a live patch:** `once` is inlined here (static, called once, until now).');
    expect((await hovers(edit(marked, text)))('demo')).toBe('**Not edited, but replaced by a live patch:** `once` is inlined here (static, called once, only now).');
  });

  it('over a function whose __LINE__ moved, for kpatch-build alone', async () => {
    const input = parse(readFileSync(join(import.meta.dirname, '../rules/fixtures/line-shift/kpatch.c'), 'utf8'));
    const { analysis } = await analyzed(input);
    const [moved] = analysis.findings.filter(({ rule }) => rule === 'line-shift').flatMap(({ related }) => related);
    const text = '**Not edited, but changed for kpatch-build:** `__LINE__` has another value here, as lines move from line ';
    const at = moved?.range.start ?? -1;
    expect(JSON.stringify(hoverOf(analysis, moved?.path ?? '', at))).toContain(text);
    const reached = (one: Analysis): unknown[] => objectViews(one, { uriOf: (path) => path, manualOf: () => '' }).flatMap(({ functions }) => functions.flatMap(({ name, change, why }) => (change === 'reached' ? [[name, why]] : [])));
    expect(reached(analysis)).toEqual([['demo_open', '__LINE__ moved'], ['demo_line', '__LINE__ moved']]);
    const { analysis: kept } = await analyzed({ ...input, profile: 'klp-build' });
    expect(reached(kept)).toEqual([]);
    expect(hoverOf(kept, moved?.path ?? '', at)).toBeUndefined();
  });
});
