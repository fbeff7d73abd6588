import { describe, expect, test } from 'vitest';
import type { PlanNode } from '../../client/src/planTree';
import { fileDecorations, rowDecoration } from '../../client/src/planDecorations';
import { planTree } from '../../client/src/planTree';
import { sentenceOf } from '../../client/src/planWords';
import { viewState } from '../../client/src/viewState';
import { withFunction } from '../../client/src/withFunction';
import type { FindingView, FunctionView, PlanView } from '../../server/src/lsp/protocol';

const range = { start: { line: 1, character: 0 }, end: { line: 3, character: 1 } };

function fn(name: string, change: Partial<FunctionView> = {}): FunctionView {
  return { name, uri: 'file:///k/fs/a.c', range, change: 'changed', via: [], verdict: 'patchable', findings: [], ...change };
}

function plan(change: Partial<PlanView> = {}): PlanView {
  return {
    folder: 'file:///k',
    baseline: { choice: { kind: 'git', ref: 'HEAD' }, label: 'HEAD (1a2b)' },
    profile: 'klp-build',
    kernelVersion: '6.1.192',
    state: 'ready',
    verdict: 'patchable',
    evidence: 'source',
    reasons: [],
    objects: [],
    findings: [],
    ...change,
  };
}

const finding: FindingView = { rule: 'notrace', severity: 'error', message: 'a_open() is `notrace` <b>', uri: 'file:///k/fs/a.c', range };

/** The tree as indented lines. */
function outline(nodes: readonly PlanNode[], indent = ''): string[] {
  return nodes.flatMap((node) => [`${indent}${node.kind} ${node.label} [${node.description}] ${node.icon}`, ...outline(node.children, `${indent}  `)]);
}

const full = plan({
  verdict: 'unpatchable',
  reasons: [finding.message, 'fs/x.S cannot be judged.'],
  objects: [
    { name: 'vmlinux', isModule: false, functions: [fn('a_open', { verdict: 'unpatchable', findings: [finding] }), fn('a_show', { change: 'reached', via: ['helper', 'mid'], why: 'helper is inlined here (__always_inline), through mid (a macro)' })] },
    { name: 'tracker', isModule: true, note: 'Taken for a module.', functions: [fn('t_new', { change: 'added', verdict: 'undecided' })] },
  ],
});

describe('tree', () => {
  test('objects, functions, findings', () => {
    expect(outline(planTree([full], String))).toEqual([
      // The other reason is a finding, and stands where it belongs.
      'reason fs/x.S cannot be judged. [] question',
      'object vmlinux [2 functions] circuit-board',
      '  function a_open [changed] error',
      '    finding a_open() is `notrace` <b> [notrace] error',
      '  reached a_show [helper is inlined here (__always_inline), through mid (a macro)] pass',
      'object tracker [module, 1 function] package',
      '  function t_new [added] question',
    ]);
  });
  test('folders are rows only when several have something to show', () => {
    const other = { ...full, folder: 'file:///other' };
    const kinds = (plans: readonly PlanView[]) => planTree(plans, String).map((node) => node.kind);
    expect(kinds([full, plan({ folder: 'file:///none', state: 'no-tree' })])).not.toContain('folder');
    expect(kinds([full, other])).toEqual(['folder', 'folder']);
  });
  test('what is no plan leaves the tree empty, for the welcome text; a failure says its sentence', () => {
    expect(outline(planTree([plan({ state: 'untrusted', message: 'Not trusted.' })], String))).toEqual([]);
    expect(outline(planTree([plan({ state: 'failed', message: 'No commit v9.' })], String))).toEqual(['reason No commit v9. [] error']);
  });
  test('names from the tree do not become Markdown', () => {
    const tooltips = planTree([full], String).flatMap((node) => node.children.flatMap((child) => child.children.map((it) => it.tooltip)));
    expect(tooltips[0]).toContain('\\`notrace\\` \\<b\\>');
  });
  test('why a function is reached, and the places of a finding, are there to read and to go to', () => {
    const related = [{ message: 'into a_show', uri: 'file:///k/fs/b%20c.c', range }];
    const rows = planTree([plan({ ...full, findings: [{ ...finding, related }] })], String);
    const [row] = rows;
    expect(outline(row === undefined ? [] : [row])).toEqual(['finding a_open() is `notrace` <b> [notrace] error', '  place into a_show [b c.c:2] arrow-right']);
    expect(row?.children[0]?.target).toEqual({ uri: 'file:///k/fs/b%20c.c', range });
    expect(all(rows).find((node) => node.kind === 'reached')?.tooltip).toContain('replaced by the live patch: helper is inlined here \\(\\_\\_always\\_inline\\), through mid');
  });
  test('ids are distinct though names are equal, and do not move with the text', () => {
    const twins = plan({ objects: [{ name: 'vmlinux', isModule: false, functions: [fn('twin', { findings: [finding, finding] }), fn('twin', { findings: [finding] })] }] });
    const moved = JSON.parse(JSON.stringify(twins).replaceAll('"line":1', '"line":9')) as PlanView;
    const ids = (view: PlanView) => all(planTree([view], String)).map((node) => node.id);
    expect(new Set(ids(twins)).size).toBe(ids(twins).length);
    expect(ids(moved)).toEqual(ids(twins));
  });
  function all(nodes: readonly PlanNode[]): readonly PlanNode[] {
    return nodes.flatMap((node) => [node, ...all(node.children)]);
  }
});

test.each<[string, PlanView]>([
  ['3 functions in vmlinux, tracker: unpatchable', full],
  ['No changes', plan()],
  ['fs/x.S cannot be judged', plan({ verdict: 'undecided', reasons: ['fs/x.S cannot be judged'] })],
])('%s', (expected, view) => {
  expect(sentenceOf(view)).toBe(expected);
});

test('findings stand by severity, each in its place', () => {
  const findings = (['info', 'error', 'warning'] as const).map((severity) => ({ ...finding, rule: severity, severity }));
  const rows = planTree([plan({ findings, objects: [{ name: 'vmlinux', isModule: false, functions: [fn('f', { findings })] }] })], String);
  const rules = (nodes: readonly PlanNode[]): string[] => nodes.filter(({ kind }) => kind === 'finding').map(({ description }) => description);
  expect(rules(rows)).toEqual(['error', 'warning', 'info']);
  expect(rules(rows.at(-1)?.children[0]?.children ?? [])).toEqual(['error', 'warning', 'info']);
});

describe('decorations', () => {
  test('a row tells how the function changed, in the color of its verdict', () => {
    expect(rowDecoration(fn('f', { change: 'signature', verdict: 'unpatchable' }))).toEqual({ badge: 'S', tooltip: 'Signature changed, cannot be live patched as it is', color: 'list.errorForeground' });
    const badges = (['changed', 'added', 'removed', 'signature', 'reached'] as const).map((change) => rowDecoration(fn('f', { change })).badge);
    expect(new Set(badges).size).toBe(badges.length);
    // VS Code draws no longer ones.
    expect(badges.filter((badge) => badge.length > 2)).toEqual([]);
  });
  test('a file tells what of it is patched, in the color of the worst verdict', () => {
    const there = fileDecorations([full, plan({ ...full, state: 'analyzing' })]);
    expect([...there]).toEqual([['file:///k/fs/a.c', { badge: 'LP', tooltip: 'Live patch of a_open, a_show, t_new: cannot be live patched as it is', color: 'list.errorForeground' }]]);
    const many = plan({ objects: [{ name: 'vmlinux', isModule: false, functions: ['a', 'b', 'c', 'd', 'e', 'f', 'g'].map((name) => fn(name)) }] });
    expect(fileDecorations([many]).get('file:///k/fs/a.c')?.tooltip).toBe('Live patch of a, b, c, d, e and 2 more: can be live patched');
    expect(fileDecorations([plan({ state: 'analyzing', objects: full.objects })]).size).toBe(0);
  });
});

describe('view state', () => {
  test.each<[string, Parameters<typeof viewState>[0], PlanView[]]>([
    ['starting', 'starting', [full]],
    ['stopped', 'failed', [full]],
    ['stopped', 'stopped', []],
    ['analyzing', 'running', []],
    ['no-changes', 'running', [plan()]],
    ['ready', 'running', [plan({ state: 'no-tree' }), full]],
    ['untrusted', 'running', [plan({ state: 'untrusted' }), plan({ state: 'no-tree' })]],
    // Something changed that nobody could judge: not the same as no change.
    ['ready', 'running', [plan({ verdict: 'undecided', reasons: ['fs/x.S cannot be judged'] })]],
  ])('%s', (expected, server, plans) => {
    expect(viewState(server, plans)).toBe(expected);
  });
});

describe('the edit with one function put back', () => {
  const text = 'int x;\nint f(void)\n{\n\treturn 2;\n}\nint y;\n';
  const lines = { start: { line: 1, character: 0 }, end: { line: 5, character: 0 } };
  const brace = { start: { line: 1, character: 0 }, end: { line: 4, character: 1 } };
  test.each<[string, Parameters<typeof withFunction>[1], string | null, string]>([
    ['by whole lines', lines, 'int f(void)\n{\n\treturn 1;\n}\n', 'int x;\nint f(void)\n{\n\treturn 1;\n}\nint y;\n'],
    ['up to the brace', brace, 'int f(void)\n{\n\treturn 1;\n}\n', 'int x;\nint f(void)\n{\n\treturn 1;\n}\nint y;\n'],
    ['not in the baseline', lines, null, 'int x;\nint y;\n'],
    ['a range past the end', { start: lines.start, end: { line: 99, character: 0 } }, 'int f;\n', 'int x;\nint f;\n'],
  ])('%s', (_name, where, baseline, expected) => {
    expect(withFunction(text, where, baseline)).toBe(expected);
  });
});
