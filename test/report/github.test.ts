import { expect, it } from 'vitest';
import { setAsideText } from '../../server/src/policy/apply';
import { checkGithub } from '../../server/src/report/github';
import type { Analysis } from '../../server/src/result';
import type { Finding } from '../../server/src/rules/finding';
import { analysis } from './analysis';

const [error, info] = analysis.findings as readonly [Finding, Finding];

it('the answer, then the most severe first, each at its place with the ways out', () => {
  const reason = 'initcalls are not judged yet';
  const plan = { ...analysis.plan, unjudged: [{ path: 'fs/x.c', range: { start: 0, end: 70 }, reason }] };
  expect(checkGithub({ ...analysis, plan, reasons: [...analysis.reasons, reason], findings: [info, { ...info, severity: 'warning', rule: 'late-module', message: 'later', related: [] }, error] })).toBe(
    `::notice title=livepatch-studio::unpatchable: 1 error: notrace (other) (klp-build, Linux 6.1.192)
::error file=fs/y.c,line=1,endLine=1,col=13,title=notrace::other cannot be traced%0AWay out: Patch the callers.
::warning title=undecided::Could not tell whether this can be live patched: fs/z.bin: holds NUL bytes
::warning file=fs/x.c,line=1,endLine=8,title=undecided::Could not tell whether this can be live patched: initcalls are not judged yet
::warning file=fs/x.c,line=1,endLine=1,col=12,title=late-module::later
::notice file=fs/x.c,line=1,endLine=1,col=12,title=inlined-callers::helper is inlined into caller%0ASee 1 place: fs/x.c:6 into caller
`,
  );
});

it('tells what was set aside, once', () => {
  const setAside = [{ finding: error, severity: 'off' as const, reason: 'nobody calls it', source: 'livepatch-studio.json:3' }];
  expect(checkGithub({ ...analysis, verdict: 'patchable', findings: [], setAside, reasons: setAside.map(setAsideText) })).toBe(
    `::notice title=livepatch-studio::patchable: a live patch replaces 3 functions in vmlinux and y; 1 error set aside (klp-build, Linux 6.1.192)
::notice file=fs/y.c,line=1,endLine=1,col=13,title=notrace::Set aside by livepatch-studio.json:3 (nobody calls it): other cannot be traced
`,
  );
});

it('no name or message ends a command or begins another', () => {
  const hostile: Analysis = { ...analysis, findings: [{ ...error, path: 'a,b:c%\n::error::x.c', message: '50 %\r\n::set-output name=x::y\x1b[2J', remedies: [] }] };
  const [, line, ...rest] = checkGithub(hostile).split('\n');
  expect(line).toBe('::error file=a%2Cb%3Ac%25\\x0a%3A%3Aerror%3A%3Ax.c,line=1,endLine=1,col=13,title=notrace::50 %25\\x0d%0A::set-output name=x::y\\x1b[2J');
  expect(rest).toEqual(['::warning title=undecided::Could not tell whether this can be live patched: other cannot be traced', '::warning title=undecided::Could not tell whether this can be live patched: fs/z.bin: holds NUL bytes', '']);
});
