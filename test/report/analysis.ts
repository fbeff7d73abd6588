/** A hand-made analysis: two files, two objects, two findings, deliberately out of order where the reports sort. */
import type { PlannedFunction } from '../../server/src/plan/plan';
import type { Analysis, JudgedFunction } from '../../server/src/result';
import type { Finding, Verdict } from '../../server/src/rules/finding';
import type { FunctionFact, Range } from '../../server/src/syntax/facts';
import { lineStartsOf } from '../../server/src/syntax/positions';

export const texts: Readonly<Record<string, string>> = {
  'fs/x.c': 'static int helper(void)\n{\n\treturn 1;\n}\n\nint caller(void)\n{\n\treturn helper();\n}\n',
  'fs/y.c': '/* é */ int other(void)\n{\n\treturn 2;\n}\n',
};

export function rangeOf(path: string, word: string): Range {
  const start = texts[path]?.indexOf(word) ?? -1;
  if (start === -1) throw new Error(`no ${word} in ${path}`);
  return { start, end: start + word.length };
}

function fact(path: string, name: string): FunctionFact {
  const range = rangeOf(path, name);
  return {
    name, ordinal: 0, range, nameRange: range, conditions: [], signature: `int ${name}(void)`, signatureHash: 1, bodyRange: range, bodyHash: 2, attributes: [],
    isStatic: false, inline: 'no', isVariadic: false, bodyTokens: 3, bodySize: 2, calls: [], mentions: [], fields: [], staticLocals: [],
  };
}

function planned(path: string, name: string, change: PlannedFunction['change'], via: PlannedFunction['via'] = []): PlannedFunction {
  return { name, path, fact: fact(path, name), change, via, ownSymbol: 'yes', inKernel: 'yes' };
}

const helper = planned('fs/x.c', 'helper', 'changed');
const caller = planned('fs/x.c', 'caller', 'reached', [{ name: 'helper', path: 'fs/x.c', range: rangeOf('fs/x.c', 'helper'), reason: 'static, called once', isSure: true, kind: 'function' }]);
const other = planned('fs/y.c', 'other', 'changed');

const warning: Finding = {
  rule: 'inlined-callers', severity: 'info', path: 'fs/x.c', range: rangeOf('fs/x.c', 'helper'), function: 'helper', message: 'helper is inlined into caller', evidence: 'source',
  related: [{ path: 'fs/x.c', range: rangeOf('fs/x.c', 'caller'), message: 'into caller' }], remedies: [],
};
const error: Finding = {
  rule: 'notrace', severity: 'error', path: 'fs/y.c', range: rangeOf('fs/y.c', 'other'), function: 'other', message: 'other cannot be traced', evidence: 'symbols',
  related: [], remedies: [{ kind: 'patch-callers', title: 'Patch the callers' }], details: 'not for scripts',
};

const judged = (each: PlannedFunction, verdict: Verdict): JudgedFunction => ({ planned: each, verdict, evidence: verdict === 'unpatchable' ? 'symbols' : 'source' });

export const analysis: Analysis = {
  profile: 'klp-build',
  kernelVersion: '6.1.192',
  verdict: 'unpatchable',
  reasons: ['other cannot be traced', 'fs/z.bin: holds NUL bytes'],
  plan: {
    objects: [
      { name: 'vmlinux', isModule: false, functions: [caller, helper] },
      { name: 'y', isModule: true, note: 'taken for a module of its own', functions: [other] },
    ],
    unjudged: [],
  },
  functions: [judged(caller, 'patchable'), judged(helper, 'patchable'), judged(other, 'unpatchable')],
  findings: [error, warning],
  setAside: [],
  policyProblems: [],
  sleepers: [],
  changes: [],
  questions: [],
  lineStarts: new Map(Object.entries(texts).map(([path, text]) => [path, lineStartsOf(text)])),
};
