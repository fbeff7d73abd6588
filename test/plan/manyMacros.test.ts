/** A comment opened for a moment takes thousands of macros of a header away: who uses each is not looked for, and that is said. */
import { expect, it } from 'vitest';
import { analyze } from '../../server/src/analysis';
import { memoryHost } from '../support/memoryHost';

const header = (count: number, value: number): string => Array.from({ length: count }, (_, index) => `#define DEMO_${index} ${index + value}\n`).join('');

async function judged(count: number): Promise<readonly string[]> {
  const tree = new Map([
    ['Makefile', 'VERSION = 6\nPATCHLEVEL = 1\n'],
    ['Kbuild', 'obj-y += kernel/\n'],
    ['kernel/Makefile', 'obj-y += demo.o\n'],
    ['kernel/demo.c', '#include "demo.h"\nint demo(void)\n{\n\treturn DEMO_7;\n}\n'],
    ['kernel/demo.h', header(count, 1)],
  ]);
  const { plan } = await analyze([{ path: 'kernel/demo.h', before: header(count, 0), after: header(count, 1) }], { root: '/tree', host: memoryHost('/tree', tree) }, { profile: 'klp-build', kernelVersion: '6.1.192' });
  return [...plan.objects.flatMap(({ functions }) => functions.map(({ name }) => name)), ...plan.unjudged.map(({ reason }) => reason)];
}

it('follows each of a few', async () => {
  expect(await judged(10)).toEqual(['demo']);
});

it('does not follow hundreds', async () => {
  expect(await judged(201)).toEqual(['201 macros of kernel/demo.h change: who uses them was not followed']);
});
