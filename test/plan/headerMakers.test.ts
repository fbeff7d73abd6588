/** A header's macro that is called at file scope of .c files: the edit of the header is no patchable one with nothing to replace. */
import { expect, it } from 'vitest';
import { analyze } from '../../server/src/analysis';
import { memoryHost } from '../support/memoryHost';

it.each([
  ['makes functions', '#define DEMO(name) int name##_show(int a) { return a; }\n', 'return a', 'return -a', 'DEMO(age);\n', 'what DEMO(age) makes in demo.c changes: that is not judged'],
  ['makes data', '#define DEMO(name) struct demo_row name##_row = { 1 }\n', '{ 1 }', '{ 2 }', 'DEMO(age);\n', 'what DEMO(age) makes in demo.c changes: that is not judged'],
  ['is part of what a macro of the file makes', '#define DEMO_LIMIT(x) ((x) + 1)\n', '+ 1', '+ 2', '#define DEMO(name) struct demo_row name##_row = { DEMO_LIMIT(name) }\nDEMO(age);\n', 'DEMO_LIMIT is part of what DEMO(age) makes in demo.c: that is not judged'],
])('where it %s', async (_name, header, old, now, source, reason) => {
  const tree = new Map([['Makefile', 'VERSION = 6\nPATCHLEVEL = 1\n'], ['Kbuild', 'obj-y += demo.o\n'], ['demo.h', header], ['demo.c', `#include "demo.h"\n${source}`]]);
  const { verdict, reasons } = await analyze([{ path: 'demo.h', before: header, after: header.replace(old, now) }], { root: '/tree', host: memoryHost('/tree', tree) }, { profile: 'klp-build', kernelVersion: '6.1.192' });
  expect([verdict, reasons]).toEqual(['undecided', [reason]]);
});

it('what a macro of the file makes of it in a function is planned', async () => {
  const header = '#define DEMO_LIMIT(x) ((x) + 1)\n';
  const tree = new Map([['Makefile', 'VERSION = 6\nPATCHLEVEL = 1\n'], ['Kbuild', 'obj-y += demo.o\n'], ['demo.h', header], ['demo.c', '#include "demo.h"\n#define DEMO(name) int name##_show(int a) { return DEMO_LIMIT(a); }\nDEMO(age);\n']]);
  const { verdict, plan } = await analyze([{ path: 'demo.h', before: header, after: header.replace('+ 1', '+ 2') }], { root: '/tree', host: memoryHost('/tree', tree) }, { profile: 'klp-build', kernelVersion: '6.1.192' });
  expect([verdict, plan.objects.flatMap(({ functions }) => functions.map(({ name, via }) => [name, ...via.map((step) => step.name)]))]).toEqual(['patchable', [['age_show', 'DEMO_LIMIT', 'DEMO']]]);
});
