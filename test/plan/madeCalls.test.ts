/** A macro call at file scope is new or gone: what it makes. */
import { expect, it } from 'vitest';
import { analyze } from '../../server/src/analysis';
import { memoryHost } from '../support/memoryHost';

const MACROS = `#define DEMO_GET(name) static int name##_get(int a) { return a + 1; }
#define DEMO_TABLE(name) static int name##_row(int a) { return a; } \\
static struct demo_row name##_rows[] = { name##_row };
#ifdef CONFIG_SMP
#define DEMO_SET(name) static int name##_set(int a) { return a; }
#else
#define DEMO_SET(name) static int name##_set(int a) { return -a; }
#endif
#define DEMO_BOTH(name) DEMO_GET(name) DEMO_SET(name)
#ifdef CONFIG_AGES
#define DEMO_AGE(name) static int name##_age(int a) { return a; }
#endif
`;

async function judged(before: string, after: string): Promise<readonly unknown[]> {
  const tree = new Map([['Makefile', 'VERSION = 6\nPATCHLEVEL = 1\n'], ['Kbuild', 'obj-y += demo.o\n'], ['demo.c', after], ['demo.h', MACROS], ['.config', '# CONFIG_SMP is not set\n']]);
  const { verdict, plan, reasons } = await analyze([{ path: 'demo.c', before, after }], { root: '/tree', host: memoryHost('/tree', tree) }, { profile: 'klp-build', kernelVersion: '6.1.192' });
  return [verdict, plan.objects.flatMap(({ functions }) => functions.map(({ name, change, via }) => [name, change, ...via.map((step) => step.name)].join(' '))), plan.unjudged.flatMap(({ functions = [] }) => functions), reasons.map((reason) => reason.replace(/:.*/, ''))];
}

it.each<[name: string, call: string, expected: readonly [verdict: string, functions: readonly string[], named: readonly string[], reasons: readonly string[]]]>([
  ['a function', 'DEMO_GET(age);', ['patchable', ['age_get added'], [], []]],
  ['a function and data', 'DEMO_TABLE(age);', ['undecided', ['age_row added'], [], ['DEMO_TABLE(age) changed']]],
  ['a function of one text of two', 'DEMO_SET(age);', ['undecided', [], ['age_set'], ['DEMO_SET(age) changed']]],
  ['functions by other macros, one of one text of two', 'DEMO_BOTH(age);', ['undecided', ['age_get added'], ['age_set'], ['DEMO_BOTH(age) changed']]],
  ['a function, by a macro that may be another one', 'DEMO_AGE(age);', ['undecided', ['age_age added'], [], ['DEMO_AGE(age) changed']]],
  ['what the table of makers tells', 'DEFINE_SHOW_ATTRIBUTE(age);', ['undecided', [], ['age_open'], ['DEFINE_SHOW_ATTRIBUTE(age) changed']]],
  ['nothing in this build', '#ifdef CONFIG_SMP\nDEFINE_SHOW_ATTRIBUTE(age);\n#endif', ['undecided', [], [], ['DEFINE_SHOW_ATTRIBUTE(age) changed', '#if conditions, pragmas or text that could not be read changed in demo.c, outside any definition']]],
])('%s', async (_name, call, expected) => {
  expect(await judged(MACROS, `${MACROS}${call}\n`)).toEqual(expected);
  const [verdict, functions, ...others] = expected;
  expect(await judged(`${MACROS}${call}\n`, MACROS)).toEqual([verdict, functions.map((one) => one.replace(' added', ' removed')), ...others]);
});

it('by a macro of a header', async () => {
  const include = '#include "demo.h"\n';
  expect(await judged(include, `${include}DEMO_GET(age);\n`)).toEqual(['undecided', ['age_get added'], [], ['DEMO_GET(age) changed']]);
});

it('who calls it is replaced when it gets another argument, and it is said once when its macro changes, too', async () => {
  const text = (macro: string, value: number): string => `#define DEMO_GET(name, value) static int name##_get(int a) { return ${macro}; }\nDEMO_GET(age, ${value});\nDEMO_GET(size, 1);\nint demo_age(int a)\n{\n\treturn age_get(a);\n}\n`;
  expect(await judged(text('a + value', 1), text('a + value', 2))).toEqual(['patchable', ['age_get changed', 'demo_age reached age_get'], [], []]);
  expect(await judged(text('a + value', 1), text('a - value', 2))).toEqual(['patchable', ['age_get changed', 'size_get reached DEMO_GET', 'demo_age reached age_get'], [], []]);
});
