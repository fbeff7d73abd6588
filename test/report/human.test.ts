import { describe, expect, it } from 'vitest';
import { setAsideText } from '../../server/src/policy/apply';
import { checkText } from '../../server/src/report/human';
import { colored, printable } from '../../server/src/report/style';
import { wayReached, whyReached } from '../../server/src/report/why';
import { widthOf, wrapped } from '../../server/src/report/wrap';
import type { Analysis } from '../../server/src/result';
import type { Finding } from '../../server/src/rules/finding';
import { analysis, rangeOf, texts } from './analysis';

const textOf = (path: string): string | undefined => texts[path];
const [error, info] = analysis.findings as readonly [Finding, Finding];
const nothing: Analysis = { ...analysis, verdict: 'patchable', reasons: [], plan: { objects: [], unjudged: [] }, functions: [], findings: [] };

describe('check for a person', () => {
  it('the answer, then what is replaced, then what is wrong by function with the ways out, then the sum', () => {
    expect(checkText(analysis, { textOf })).toBe(`unpatchable: 1 error: notrace (other) (klp-build, Linux 6.1.192)
  fs/z.bin: holds NUL bytes

vmlinux: 2 functions
  + helper  changed  fs/x.c:1
  reached: helper is inlined here (static, called once)
    + caller  fs/x.c:6

y (module): 1 function – taken for a module of its own
  ! other  changed  fs/y.c:1

other in fs/y.c: 1 error
  fs/y.c:1:13: error: other cannot be traced [notrace]
    1 | /* é */ int other(void)
      |             ^~~~~
  way out: Patch the callers

helper in fs/x.c: 1 info
  fs/x.c:1:12: info: helper is inlined into caller [inlined-callers]
    1 | static int helper(void)
      |            ^~~~~~
    fs/x.c:6:5: into caller

3 functions in 2 objects; 1 error, 1 info
More about a rule: livepatch-studio rules notrace
`);
  });

  it('groups: the worst first, each way out once, what is about no function by file, a manual\'s way out for a rule without one', () => {
    const start = rangeOf('fs/y.c', '{').start;
    const fix = { edits: () => [{ path: 'fs/y.c', range: { start, end: start }, text: '// one\n' }, { path: 'fs/y.c', range: rangeOf('fs/y.c', '2'), text: '3;\n\treturn 4' }] };
    const findings: Finding[] = [
      { ...error, rule: 'unexported-symbol', severity: 'warning', symbol: 'a', message: 'a is not exported', remedies: [{ kind: 'rewrite', title: 'Do without' }] },
      { ...error, rule: 'unexported-symbol', severity: 'warning', symbol: 'b', message: 'b is not exported', remedies: [{ kind: 'rewrite', title: 'Do without' }] },
      { ...error, rule: 'late-module', severity: 'warning', message: 'y comes later', remedies: [] },
      { rule: 'struct-layout', severity: 'error', path: 'fs/y.c', range: rangeOf('fs/y.c', 'int'), symbol: 's', message: 's grows', evidence: 'source', related: [], remedies: [{ kind: 'shadow-variable', title: 'Use a shadow variable', fix }] },
    ];
    const text = checkText({ ...analysis, findings, functions: [], plan: { objects: [], unjudged: [] }, reasons: [] }, { textOf });
    expect(text.slice(text.indexOf('\n\n') + 2)).toBe(`fs/y.c: 1 error
  fs/y.c:1:9: error: s grows [struct-layout]
    1 | /* é */ int other(void)
      |         ^~~
  way out: Use a shadow variable (quick fix in the editor)
      fs/y.c:2
      + // one
      fs/y.c:3
      - \treturn 2;
      + \treturn 3;
      + \treturn 4;

other in fs/y.c: 3 warnings
  fs/y.c:1:13: warning: y comes later [late-module]
    1 | /* é */ int other(void)
      |             ^~~~~
  fs/y.c:1:13: warning: a is not exported [unexported-symbol]
  fs/y.c:1:13: warning: b is not exported [unexported-symbol]
  way out: Let each part of the edit stand by itself. Name the modules in the patch's notes. [late-module]
  way out: Do without [unexported-symbol]

0 functions in 0 objects; 1 error, 3 warnings
More about a rule: livepatch-studio rules struct-layout
`);
  });

  it('tells what was set aside, in the answer, too, and each only once', () => {
    const setAside = [{ finding: error, severity: 'off' as const, reason: 'nobody calls it', source: 'livepatch-studio.json:3' }];
    expect(checkText({ ...nothing, setAside, reasons: setAside.map(setAsideText) })).toBe(`patchable: no function has to be replaced; 1 error set aside (klp-build, Linux 6.1.192)

set aside: 1 finding
  fs/y.c:1:13: error: other cannot be traced [notrace]
    does not count: nobody calls it (livepatch-studio.json:3)

0 functions in 0 objects; no findings
`);
  });

  it('an error that counts for less is told in the answer, too', () => {
    const setAside = [{ finding: error, severity: 'info' as const, reason: 'nobody calls it', source: 'livepatch-studio.json:3' }];
    expect(checkText({ ...nothing, setAside, reasons: setAside.map(setAsideText), findings: [{ ...error, severity: 'info' }] })).toMatch(/^patchable: no function has to be replaced; 1 error set aside \(/);
  });

  it.each<[string, Partial<Analysis>]>([
    ['patchable: no function has to be replaced (klp-build, Linux 6.1.192)\n\n0 functions in 0 objects; no findings\n', {}],
    ['patchable: a live patch replaces 3 functions in vmlinux and y (kpatch, kernel version unknown)\n', { plan: analysis.plan, functions: analysis.functions, profile: 'kpatch', kernelVersion: undefined }],
    // What keeps a transition from ending comes first.
    ['patchable: a live patch replaces 3 functions in vmlinux and y; 2 warnings to look at: always-on-stack (other) and lock-protocol (other) (klp-build,', { plan: analysis.plan, functions: analysis.functions, findings: [{ ...error, rule: 'lock-protocol', severity: 'warning' }, { ...error, rule: 'always-on-stack', severity: 'warning' }] }],
    ['undecided: fs/z.bin: holds NUL bytes (klp-build, Linux 6.1.192)\n\n', { verdict: 'undecided', reasons: ['fs/z.bin: holds NUL bytes'] }],
    [
      'undecided: 2 things could not be told (klp-build, Linux 6.1.192)\n  fs/z.bin: holds NUL bytes\n  fs/x.c:6: who calls it is not known\n\n',
      { verdict: 'undecided', reasons: ['fs/z.bin: holds NUL bytes', 'who calls it is not known'], plan: { objects: [], unjudged: [{ path: 'fs/x.c', range: rangeOf('fs/x.c', 'caller'), reason: 'who calls it is not known' }] } },
    ],
    // What a finding says is not said twice.
    ['undecided: 2 things could not be told (klp-build, Linux 6.1.192)\n  fs/z.bin: holds NUL bytes\n\nhelper', { verdict: 'undecided', reasons: ['fs/z.bin: holds NUL bytes', info.message], findings: [{ ...info, isOpen: true }] }],
    ['unpatchable: 4 errors: notrace (other), init-code (other), ops-table (ops) and 1 more (klp-build,', { verdict: 'unpatchable', findings: [error, { ...error, rule: 'init-code' }, { ...error, rule: 'ops-table', function: undefined, symbol: 'ops' } as unknown as Finding, { ...error, function: 'f' }] }],
  ])('%j', (start, change) => {
    expect(checkText({ ...nothing, ...change }).slice(0, start.length)).toBe(start);
  });

  it('a function that is inlined wherever it is called is told from those that are replaced', () => {
    const objects = analysis.plan.objects.map((object) => ({ ...object, functions: object.functions.map((planned) => (planned.name === 'helper' ? { ...planned, ownSymbol: 'no' as const } : planned)) }));
    const functions = analysis.functions.map((judged) => (judged.planned.name === 'helper' ? { ...judged, planned: { ...judged.planned, ownSymbol: 'no' as const } } : judged));
    const text = checkText({ ...nothing, plan: { objects, unjudged: [] }, functions });
    expect(text).toContain('a live patch replaces 2 functions in vmlinux and y');
    expect(text).toContain('  + helper  changed, inlined  fs/x.c:1\n');
  });

  it('cuts long lists, what stands in the way first, and says how much is left out', () => {
    const many = (count: number): Analysis => {
      const [, helper, other] = analysis.functions as [Analysis['functions'][0], Analysis['functions'][0], Analysis['functions'][0]];
      const functions = Array.from({ length: count }, (_, index) => (index === count - 1 ? other : { ...helper, planned: { ...helper.planned, name: `f${index}` } }));
      const objects = [{ name: 'vmlinux', isModule: false, functions: functions.map(({ planned }) => planned) }];
      const related = Array.from({ length: count }, (_, index) => ({ path: 'fs/x.c', range: rangeOf('fs/x.c', 'caller'), message: `place ${index}` }));
      return { ...nothing, verdict: 'unpatchable', plan: { objects, unjudged: [] }, functions, findings: Array.from({ length: count }, () => ({ ...error, related })), reasons: Array.from({ length: count }, (_, index) => `doubt ${index}`) };
    };
    const long = checkText(many(30));
    const lines = long.split('\n');
    expect(lines.filter((line) => line.includes('… and'))).toEqual([
      '  … and 22 more (--format json has all)', '  … and 18 more (--format json has all)', ...Array<string>(5).fill('    … and 22 more (--format json has all)'), '  … and 25 more [notrace] (--format json has all)',
    ]);
    expect(lines[lines.indexOf('vmlinux: 30 functions') + 1]).toBe('  ! other  changed  fs/y.c:1');
    expect(lines.length).toBeLessThan(90);
    // One alone is not left out.
    expect(checkText(many(6))).not.toContain('… and');
    const objects = Array.from({ length: 30 }, (_, index) => ({ name: `m${index}`, isModule: true, functions: analysis.functions.slice(2).map(({ planned }) => planned) }));
    const wide = checkText({ ...nothing, plan: { objects, unjudged: [] }, functions: objects.flatMap(() => analysis.functions.slice(2)) });
    expect(wide).toContain('\n\n… and 10 more objects with 10 functions (--format json has all)\n\n');
  });

  it('says the same in color', () => {
    const text = checkText(analysis, { style: colored, textOf });
    expect(text).toContain('\x1b[31munpatchable\x1b[39m');
    // eslint-disable-next-line no-control-regex
    expect(text.replace(/\x1b\[\d+m/g, '')).toBe(checkText(analysis, { textOf }));
  });

  it('breaks lines for a narrow terminal, between words only, and says the same', () => {
    const wide = checkText(analysis, { style: colored, textOf });
    for (const width of [20, 40, 57, 80]) {
      const text = checkText(analysis, { style: colored, textOf, width });
      const longest = Math.max(...text.split('\n').map(widthOf));
      expect(longest).toBeLessThanOrEqual(Math.max(width, 40));
      if (width >= 57) expect(text.replace(/\s+/g, ' ')).toBe(wide.replace(/\s+/g, ' '));
    }
  });

  it('shows no line when the text is not at hand', () => {
    expect(checkText(analysis)).not.toContain('^');
  });

  it('lets no file name or source line steer the terminal', () => {
    expect(printable('a\x1b[2Jb\x07\tc\x9b')).toBe('a\\x1b[2Jb\\x07\tc\\x9b');
    const hostile = { ...analysis, reasons: ['\x1b]0;title\x07'], findings: analysis.findings.map((finding) => ({ ...finding, message: '\x1b[2J', function: 'f\x07' })) };
    // eslint-disable-next-line no-control-regex
    expect(checkText(hostile, { textOf: () => 'int \x1b[31mx;\n' })).not.toMatch(/[\x1b\x07]/);
  });
});

it('a line is broken at spaces and further lines are indented; a word that is too long stays whole', () => {
  expect(wrapped('  one two three four five six seven eight nine ten', 40)).toBe('  one two three four five six seven\n      eight nine ten');
  const path = `drivers/${'x'.repeat(60)}.c:1`;
  expect(wrapped(`a ${path} b`, 40)).toBe(`a\n    ${path}\n    b`);
  expect(wrapped(`a ${path} b`, undefined)).toBe(`a ${path} b`);
});

describe('why a function is reached', () => {
  const step = (name: string, kind: 'function' | 'macro' | 'constant' | 'record', reason = 'declared inline', isSure = true) => ({ name, kind, reason, isSure, path: 'a.h', range: { start: 0, end: 1 } });
  it.each([
    ['f is inlined here (declared inline)', [step('f', 'function')]],
    ['f is probably inlined here (declared inline), through g (a small function)', [step('f', 'function'), step('g', 'function', 'a small function', false)]],
    ['macro M expands here', [step('M', 'macro', 'a macro')]],
    ['f is inlined here (declared inline), through M (a macro) → g (declared inline)', [step('f', 'function'), step('M', 'macro', 'a macro'), step('g', 'function')]],
    ['the value of C changes', [step('C', 'constant')]],
    ['members of s move', [step('s', 'record')]],
  ])('%s', (expected, via) => {
    expect(whyReached({ via })).toBe(expected);
    // One heading for all on a way; of a way of one step the reason is part.
    expect(wayReached({ via })).toBe(via.length === 1 ? expected : expected.replace(/ \([^)]*\)/g, ''));
  });
  it('says nothing of a function that is edited itself', () => {
    expect(whyReached({ via: [] })).toBeUndefined();
  });
});
