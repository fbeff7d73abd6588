/** What everybody includes is followed into some of its users, and the plan says how many there are. */
import { expect, it } from 'vitest';
import { analyze, type Analysis } from '../../server/src/analysis';
import { memoryHost } from '../support/memoryHost';

const header = (step: number): string => `static inline int demo_next(int id)\n{\n\treturn id + ${step};\n}\n`;

/** Each of so many files has so many functions that hold the header's. */
function judged(files: number, functions: number): Promise<Analysis> {
  const names = Array.from({ length: files }, (_, index) => `u${index}`);
  const body = (name: string): string => Array.from({ length: functions }, (_, index) => `int ${name}_${index}(int id)\n{\n\treturn demo_next(id);\n}\n`).join('');
  const tree = new Map([
    ['Makefile', 'VERSION = 6\nPATCHLEVEL = 1\n'],
    ['Kbuild', 'obj-y += kernel/\n'],
    ['kernel/Makefile', `obj-y += ${names.map((name) => `${name}.o`).join(' ')}\n`],
    ['include/linux/demo.h', header(2)],
    ...names.map((name): [string, string] => [`kernel/${name}.c`, `#include <linux/demo.h>\n${body(name)}`]),
  ]);
  return analyze([{ path: 'include/linux/demo.h', before: header(1), after: header(2) }], { root: '/tree', host: memoryHost('/tree', tree) }, { profile: 'klp-build', kernelVersion: '6.1.192' });
}

const planned = ({ plan }: Analysis): number => plan.objects.flatMap((object) => object.functions.filter(({ path }) => path.endsWith('.c'))).length;

it('all of a few', async () => {
  const analysis = await judged(20, 25);
  expect([planned(analysis), analysis.plan.unjudged, analysis.questions]).toEqual([500, [], []]);
});

it('some of many functions', async () => {
  const analysis = await judged(21, 25);
  expect(planned(analysis)).toBe(500);
  expect(analysis.plan.unjudged.map(({ reason }) => reason)).toEqual(['what include/linux/demo.h changes is part of more than 500 functions; the others were not followed']);
  expect(analysis.verdict).toBe('undecided');
});

it('some of many files, from all over them', async () => {
  // The header, too, holds the word.
  const analysis = await judged(300, 1);
  expect(analysis.plan.unjudged.map(({ reason }) => reason)).toEqual(['who uses demo_next is not known in full: 301 files hold demo_next, and only 50 of them were read']);
  expect(analysis.verdict).toBe('undecided');
  const places = analysis.plan.objects.flatMap((object) => object.functions.map(({ name }) => Number(name.slice(1, -2))));
  expect(places.length).toBeGreaterThanOrEqual(49);
  for (const hundred of [0, 100, 200]) expect(places.some((place) => place >= hundred && place < hundred + 100)).toBe(true);
});

it('names what is not followed once enough files are', async () => {
  const pair = (step: number): string => `${header(step)}static inline int demo_last(int id)\n{\n\treturn id - ${step};\n}\n`;
  const names = Array.from({ length: 310 }, (_, index) => index);
  const tree = new Map([
    ['Makefile', 'VERSION = 6\nPATCHLEVEL = 1\n'],
    ['Kbuild', 'obj-y += kernel/\n'],
    ['kernel/Makefile', `obj-y += ${names.map((index) => `u${index}.o`).join(' ')}\n`],
    ['include/linux/demo.h', pair(2)],
    ...names.map((index): [string, string] => [`kernel/u${index}.c`, `#include <linux/demo.h>\nint u${index}(int id)\n{\n\treturn ${index < 299 ? 'demo_next' : 'demo_last'}(id);\n}\n`]),
  ]);
  const { plan, questions, verdict } = await analyze([{ path: 'include/linux/demo.h', before: pair(1), after: pair(2) }], { root: '/tree', host: memoryHost('/tree', tree) }, { profile: 'klp-build', kernelVersion: '6.1.192' });
  expect(plan.unjudged.map(({ reason }) => reason)).toEqual(['what include/linux/demo.h changes stands in 300 files and more; who uses demo_last was not followed']);
  expect([questions, verdict]).toEqual([[], 'undecided']);
});
