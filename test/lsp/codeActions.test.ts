/** Several ways out taken at once: what they have in common is put in once, and where two would meet the second waits. */
import { expect, it } from 'vitest';
import type { CodeAction, TextDocumentEdit } from 'vscode-languageserver';
import { codeActionsOf, FIX_ALL, resolvedAction } from '../../server/src/lsp/codeActions';
import type { Analysis } from '../../server/src/analysis';
import { analyzed, parse } from '../rules/fixture';

const naming = { uriOf: (path: string) => path, manualOf: (rule: string) => rule };
const PATH = 'drivers/demo/core.c';
const TREE = '//- tree drivers/Makefile\nobj-y += demo/\n//- tree drivers/demo/Makefile\nobj-m += demo.o\ndemo-y := core.o\n';

const fixture = (before: string, after: string, profile = 'klp-build'): ReturnType<typeof parse> => parse(`//- profile ${profile}\n//- before ${PATH}\n${before}//- after ${PATH}\n${after}${TREE}`);

function listed(analysis: Analysis, text: string, word: string, only?: string[]): CodeAction[] {
  const line = text.slice(0, text.indexOf(word)).split('\n').length - 1;
  const range = { start: { line, character: 0 }, end: { line, character: 0 } };
  return codeActionsOf(analysis, PATH, { textDocument: { uri: PATH }, range, context: { diagnostics: [], ...(only === undefined ? {} : { only }) } }, naming);
}

/** The text with an action's edits. */
function taken(analysis: Analysis, text: string, action: CodeAction | undefined): string {
  if (action === undefined) throw new Error('no such action');
  const { edit } = resolvedAction(action, analysis, PATH, () => 1, naming);
  const starts = [0, ...[...text.matchAll(/\n/g)].map((match) => match.index + 1)];
  const [document, ...others] = (edit?.documentChanges ?? []) as TextDocumentEdit[];
  expect(others).toEqual([]);
  const at = ({ line, character }: { line: number; character: number }): number => (starts[line] ?? 0) + character;
  const edits = [...(document?.edits ?? [])].sort((one, other) => at(other.range.start) - at(one.range.start));
  return edits.reduce((sofar, one) => sofar.slice(0, at(one.range.start)) + ('newText' in one ? one.newText : '') + sofar.slice(at(one.range.end)), text);
}

const CALLS = 'DEFINE_STATIC_CALL(demo_run, demo_slow);\nDEFINE_STATIC_KEY_FALSE(demo_fast);\n';
const calls = (extra: string): string => `#include <linux/module.h>\n\n${CALLS}\nint demo_first(int a)\n{\n\treturn static_call(demo_run)(a)${extra};\n}\n\nint demo_second(int a)\n{\n\tif (static_branch_unlikely(&demo_fast))\n\t\treturn 1;\n\treturn static_call(demo_run)(a) - 1${extra};\n}\n`;

it('all of a rule, and the include they share once', async () => {
  const { input, analysis } = await analyzed(fixture(calls(''), calls(' + 1')));
  const text = input.after.get(PATH) ?? '';
  const actions = listed(analysis, text, 'static_call(demo_run)(a) + 1');
  expect(actions.map(({ title, isPreferred }) => [title, isPreferred])).toEqual([['Use KLP_STATIC_CALL()', true], ['Mend all 2 of static-call in this file', undefined]]);
  const after = taken(analysis, text, actions[1]);
  expect(after.match(/#include <linux\/livepatch_helpers.h>/g)).toHaveLength(1);
  expect(after.match(/KLP_STATIC_CALL\(demo_run\)/g)).toHaveLength(2);
  const again = await analyzed({ ...input, after: new Map([[PATH, after]]) });
  expect(again.analysis.findings.map(({ rule }) => rule)).not.toContain('static-call');
});

it('all that is safe, when asked for by name', async () => {
  const { input, analysis } = await analyzed(fixture(calls(''), calls(' + 1')));
  const text = input.after.get(PATH) ?? '';
  const [all, ...others] = listed(analysis, text, 'static_call', [FIX_ALL]);
  expect(others).toEqual([]);
  const again = await analyzed({ ...input, after: new Map([[PATH, taken(analysis, text, all)]]) });
  expect(again.analysis.findings.filter(({ severity }) => severity === 'error')).toEqual([]);
});

it('of two that would meet only the first', async () => {
  const text = (value: number): string => `static int demo_limit = ${value};\nstatic int demo_rate = ${value + 1};\n\nint demo_use(void)\n{\n\treturn demo_limit + demo_rate;\n}\n`;
  const { input, analysis } = await analyzed(fixture(text(1), text(5)));
  const now = input.after.get(PATH) ?? '';
  const after = taken(analysis, now, listed(analysis, now, 'demo_limit').at(-1));
  expect(after.match(/_PRE_PATCH_CALLBACK\(/g)).toHaveLength(1);
});

it('a file beside the edit, by its own lines', async () => {
  const header = (factor: number): string => `static inline int demo_scale(int value)\n{\n\treturn value * ${factor};\n}\n`;
  const { analysis } = await analyzed(parse(`//- before include/linux/demo.h\n${header(2)}//- after include/linux/demo.h\n${header(3)}//- tree kernel/demo.c\n#include <linux/demo.h>\n\nint __init demo_setup(void)\n{\n\treturn demo_scale(1);\n}\n\nint demo_open(int value)\n{\n\treturn demo_scale(value);\n}\n`));
  const [action] = codeActionsOf(analysis, 'include/linux/demo.h', { textDocument: { uri: 'include/linux/demo.h' }, range: { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } }, context: { diagnostics: [] } }, naming);
  expect(action?.title).toBe('Give the other callers of demo_scale a copy under a new name and leave demo_setup alone');
  if (action === undefined) throw new Error('no action');
  const { edit } = resolvedAction(action, analysis, 'include/linux/demo.h', (uri) => (uri.endsWith('.h') ? 7 : null), naming);
  const documents = (edit?.documentChanges ?? []) as TextDocumentEdit[];
  expect(documents.map(({ textDocument }) => textDocument)).toEqual([{ uri: 'include/linux/demo.h', version: 7 }, { uri: 'kernel/demo.c', version: null }]);
  expect(documents[1]?.edits.map(({ range }) => [range.start.line, range.start.character])).toEqual([[0, 23], [9, 8]]);
});
