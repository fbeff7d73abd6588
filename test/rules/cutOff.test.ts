/** What rules say while the tree cannot be searched in full: that they could not tell, so that no verdict rests on it. */
import { expect, test } from 'vitest';
import { analyze, type Analysis } from '../../server/src/analysis';
import { defaultLimits } from '../../server/src/kernel/mentions';
import { memoryHost } from '../support/memoryHost';

const TREE = new Map([
  // A walk, which is what is left without git, ends before it comes to kernel/.
  ...Array.from({ length: defaultLimits.walk.files }, (_, index): [string, string] => [`drivers/more/f${index}.c`, '\n']),
  ['Makefile', 'VERSION = 6\nPATCHLEVEL = 1\nSUBLEVEL = 192\n'],
  ['Kbuild', 'obj-y += kernel/ drivers/\n'],
  ['kernel/Makefile', 'obj-m += core.o\n'],
  ['drivers/Makefile', 'obj-m += demo.o\n'],
  ['kernel/core.c', 'int core_take(void)\n{\n\treturn 1;\n}\nEXPORT_SYMBOL_GPL(core_take);\n'],
  ['kernel/core_trace.h', 'TRACE_EVENT(core_taken, TP_PROTO(int id), TP_ARGS(id));\n'],
  ['include/linux/kernel.h', '\n'],
]);

/** Git is there and finds what it is given, or fails. */
function judged(after: string, grep: () => Promise<readonly string[]>): Promise<Analysis> {
  const before = 'int demo_open(int id)\n{\n\treturn id;\n}\n';
  const unused = (): never => { throw new Error('not asked'); };
  const host = { ...memoryHost('/tree', new Map([...TREE, ['drivers/demo.c', after]])), git: { findRoot: () => Promise.resolve('/tree'), grep, resolve: unused, show: unused, changedFiles: unused } };
  return analyze([{ path: 'drivers/demo.c', before, after }], { root: '/tree', host }, { profile: 'klp-build', kernelVersion: '6.1.192' });
}

const all = (): Promise<readonly string[]> => Promise.resolve([...TREE.keys(), 'drivers/demo.c'].filter((path) => /^(?!drivers\/more).*\.[ch]$/.test(path)));
const none = (): Promise<readonly string[]> => Promise.reject(new Error('git cannot search here'));

test.each([
  ['unexported-symbol', 'int demo_open(int id)\n{\n\treturn id + core_take();\n}\n', 'module core exports', 'Could not tell whether another module exports it'],
  ['tracepoint', 'int demo_open(int id)\n{\n\ttrace_core_taken(id);\n\treturn id;\n}\n', 'trace event core_taken of a module', 'Could not tell whether a module defines it'],
])('%s', async (rule, after, known, unknown) => {
  const of = ({ findings }: Analysis): { message: string; isOpen: boolean }[] => findings.filter((finding) => finding.rule === rule).map(({ message, isOpen }) => ({ message, isOpen: isOpen === true }));
  expect(of(await judged(after, all))).toEqual([{ message: expect.stringContaining(known) as string, isOpen: false }]);
  const cutOff = await judged(after, none);
  expect(of(cutOff)).toEqual([{ message: expect.stringContaining(unknown) as string, isOpen: true }]);
  expect(of(cutOff)[0]?.message).toContain('git cannot search here');
  expect(cutOff.verdict).toBe('undecided');
});
