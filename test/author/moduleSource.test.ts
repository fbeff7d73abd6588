/** The written module: its text for a plan made from real text, and whether gcc takes its tables. */
import { spawnSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { analyze, type EditedFile } from '../../server/src/analysis';
import { klpFuncs } from '../../server/src/author/klpFunc';
import { moduleSource } from '../../server/src/author/moduleSource';
import { memoryHost } from '../support/memoryHost';

const CORE = 'static int once(int a)\n{\n\treturn a;\n}\n\nint demo(int a)\n{\n\treturn once(a) + demo_rate(a);\n}\n';
const DRIVER = 'int probe(int a)\n{\n\treturn a;\n}\n';

/** The plan of an edit in vmlinux and one in a module. */
async function planned(core = CORE.replace('return a;', 'return a + 1;')): Promise<{ plan: Parameters<typeof moduleSource>[0]; texts: ReadonlyMap<string, string> }> {
  const edit: EditedFile[] = [
    { path: 'kernel/core.c', before: CORE, after: core },
    { path: 'drivers/my-driver.c', before: DRIVER, after: DRIVER.replace('a;', '-a;') },
  ];
  const tree = new Map([
    ['Makefile', 'VERSION = 6\nPATCHLEVEL = 1\nSUBLEVEL = 0\n'],
    ['Kbuild', 'obj-y += kernel/ drivers/\n'],
    ['kernel/Makefile', 'obj-y += core.o\n'],
    ['drivers/Makefile', 'obj-m += my-driver.o\n'],
    ...edit.map((file): [string, string] => [file.path, file.after ?? '']),
  ]);
  const { plan } = await analyze(edit, { root: '/tree', host: memoryHost('/tree', tree) }, { profile: 'klp-build', kernelVersion: undefined });
  return { plan, texts: tree };
}

it('holds the new bodies under new names, and a table for each object', async () => {
  const { plan, texts } = await planned();
  const source = moduleSource(plan, { name: 'fix', textOf: (path) => texts.get(path) });
  // once() is inlined and has no symbol: demo() carries it. A dash in a module's name is an underscore.
  expect(source).toContain('/* demo, kernel/core.c (holds a copy of once) */\nint livepatch_demo(int a)\n{\n\treturn once(a) + demo_rate(a);\n}\n');
  expect(source).toContain('int livepatch_probe(int a)\n{\n\treturn -a;\n}\n');
  // Its new body comes along, or the fix would be lost.
  expect(source).toContain('/* once, kernel/core.c (inlined wherever the running kernel calls it) */\nstatic int once(int a)\n{\n\treturn a + 1;\n}\n');
  expect(source).not.toContain('livepatch_once');
  expect(source).not.toContain('"once"');
  expect(source).toContain('{ .name = NULL, .funcs = vmlinux_functions },\n\t{ .name = "my_driver", .funcs = my_driver_functions },\n\t{ }\n');
});

it('gives each line of its tables by itself', async () => {
  const { plan, texts } = await planned();
  const source = moduleSource(plan, { name: 'fix', textOf: (path) => texts.get(path) });
  const lines = new Map([...klpFuncs(plan)].map(([{ name }, line]) => [name, line]));
  expect([...lines.keys()].sort()).toEqual(Object.values(redirected(source)).flat().sort());
  expect(lines.get('demo')).toBe('{ .old_name = "demo", .new_func = livepatch_demo },');
  for (const line of lines.values()) expect(source).toContain(`\t${line}\n`);
});

/** The functions that the tables redirect, by object. */
function redirected(source: string): Record<string, string[]> {
  return Object.fromEntries([...source.matchAll(/struct klp_func (\w+)_functions\[\] = \{\n([\s\S]*?)\n\};/g)].map(([, object = '', entries = '']) => [object, [...entries.matchAll(/old_name = "(\w+)"/g)].map(([, name = '']) => name)]));
}

it.each<[string, string, string[]]>([
  // What is new is called by what changed; nobody can be redirected to it.
  ['a function that is new', CORE.replace('+ demo_rate', '+ fresh() + demo_rate').replace('int demo(', 'int fresh(void)\n{\n\treturn 1;\n}\n\nint demo('), ['demo']],
  // Only the edit makes it a function of its own, by a second call, or by its length: the running kernel holds it in demo() alone.
  ['a function that the running kernel has inlined everywhere', `${CORE.replace('return a;', `return a + ${'demo_step(a) + '.repeat(40)}1;`)}\nint second(int a)\n{\n\treturn once(a) - once(a + 1);\n}\n`, ['demo']],
  ['the same where the edit says noinline', CORE.replace('static int once', 'static noinline int once').replace('return a;', 'return a + 1;'), ['demo']],
  // The running kernel has it, the edit inlines it.
  ['a function that the edit inlines everywhere', CORE.replace('static int once', 'static __always_inline int once').replace('return a;', 'return a + 1;'), ['demo']],
])('%s has no entry; those that hold its code have', async (_name, core, expected) => {
  const { plan, texts } = await planned(core);
  const source = moduleSource(plan, { name: 'fix', textOf: (path) => texts.get(path) });
  expect(redirected(source)['vmlinux']).toEqual(expected);
  for (const object of plan.objects) for (const { name } of object.functions) expect(source, `${name} is carried`).toMatch(new RegExp(`^(.* )?\\**(livepatch_)?${name}\\(`, 'm'));
});

it('functions of one name in two files get two names, and code of two objects stands there once', async () => {
  const text = 'static noinline int same(int a)\n{\n\treturn a;\n}\n\nint NAME(int a)\n{\n\treturn same(a) + same(a + 1);\n}\n';
  const files = ['one', 'two'].map((name): EditedFile => ({ path: `kernel/${name}.c`, before: text.replace('NAME', name), after: text.replace('NAME', name).replace('return a;', 'return -a;') }));
  const shared: EditedFile = { path: 'drivers/shared.c', before: DRIVER, after: DRIVER.replace('a;', '-a;') };
  const tree = new Map([
    ['Makefile', 'VERSION = 6\nPATCHLEVEL = 1\nSUBLEVEL = 0\n'],
    ['Kbuild', 'obj-y += kernel/ drivers/\n'],
    ['kernel/Makefile', 'obj-y += one.o two.o\n'],
    ['drivers/Makefile', 'obj-m += a.o b.o\na-y := a_main.o shared.o\nb-y := b_main.o shared.o\n'],
    ...[...files, shared].map((file): [string, string] => [file.path, file.after ?? '']),
  ]);
  const { plan } = await analyze([...files, shared], { root: '/tree', host: memoryHost('/tree', tree) }, { profile: 'klp-build', kernelVersion: undefined });
  const source = moduleSource(plan, { name: 'fix', textOf: (path) => tree.get(path) });
  expect(source).toContain('{ .old_name = "same", .new_func = livepatch_same },\n\t{ .old_name = "same", .new_func = livepatch_same_2 },');
  expect(redirected(source)).toEqual({ vmlinux: ['same', 'same'], a: ['probe'], b: ['probe'] });
  expect(source.match(/^(static noinline )?int livepatch_\w+\(/gm)).toEqual(['static noinline int livepatch_same(', 'static noinline int livepatch_same_2(', 'int livepatch_probe(']);
});

const MADE = `#define SHOW(name, word) int name##_show(int a) { return word##_of(a) + sizeof(#name); }
#define OPENS(name) int name##_run(int a)
#define HELD(name) static int name##_held(int a) { return a + 1; }
HELD(rate)
int twice_of(int a) { return rate_held(a); }
SHOW(rate, half)
OPENS(rate)
{
	return a;
}
`;

it('writes out what a macro makes wholly, and says so of what one names', async () => {
  const text = MADE.replace('+ sizeof', '- sizeof').replace('return a;', 'return -a;').replace('a + 1', 'a + 2');
  const tree = new Map([['Makefile', 'VERSION = 6\nPATCHLEVEL = 1\n'], ['Kbuild', 'obj-y += demo.o\n'], ['demo.c', text]]);
  const { plan } = await analyze([{ path: 'demo.c', before: MADE, after: text }], { root: '/tree', host: memoryHost('/tree', tree) }, { profile: 'klp-build', kernelVersion: undefined });
  const source = moduleSource(plan, { name: 'fix', textOf: () => text });
  expect(source).toContain('/* rate_show, demo.c (holds a copy of SHOW), as SHOW makes it */\nint livepatch_rate_show ( int a ) { return half_of ( a ) - sizeof ( "rate" ) ; }\n');
  expect(source).toContain('int livepatch_twice_of(int a) { return rate_held(a); }\n');
  expect(source).toContain('/* rate_run, demo.c: OPENS names it. Take its body from the edit, under a header of its own, as livepatch_rate_run. */\n');
  expect(source).not.toContain('SHOW(');
  expect(redirected(source)['vmlinux']).toEqual(['twice_of', 'rate_show', 'rate_run']);
});

it('writes out what a new call of a macro makes, and leaves out what one made that is gone', async () => {
  const text = MADE.replace('HELD(rate)', 'HELD(rate)\nHELD(pace)').replace('rate_held(a);', 'rate_held(a) + pace_held(a) + pace_held(2);').replace('SHOW(rate, half)\n', '');
  const tree = new Map([['Makefile', 'VERSION = 6\nPATCHLEVEL = 1\n'], ['Kbuild', 'obj-y += demo.o\n'], ['demo.c', text]]);
  const { plan } = await analyze([{ path: 'demo.c', before: MADE, after: text }], { root: '/tree', host: memoryHost('/tree', tree) }, { profile: 'klp-build', kernelVersion: undefined });
  const source = moduleSource(plan, { name: 'fix', textOf: () => text });
  expect(plan.objects.flatMap(({ functions }) => functions.map(({ name, change }) => `${name} ${change}`))).toEqual(['pace_held added', 'twice_of changed', 'rate_show removed']);
  expect(source).toContain('/* pace_held, demo.c (new), as HELD makes it */\nstatic int pace_held ( int a ) { return a + 1 ; }\n');
  expect(redirected(source)['vmlinux']).toEqual(['twice_of']);
});

it.each([true, false])('gcc takes it as it is; where a body is to be had is said when the text is not at hand (at hand: %s)', async (atHand) => {
  const { plan, texts } = await planned();
  const source = moduleSource(plan, { name: 'fix', textOf: (path) => (atHand ? texts.get(path) : undefined) });
  if (!atHand) {
    expect(source).toContain('/* demo, kernel/core.c (holds a copy of once): take its body from the edit, as livepatch_demo. */');
    expect(source).toContain('/* once, kernel/core.c (inlined wherever the running kernel calls it): take its body from the edit. */');
  }
  // What include/linux/livepatch.h and module.h give, as far as the tables use it.
  const stubs = `
#define NULL ((void *)0)
#define __init
#define __exit
#define true 1
#define THIS_MODULE ((struct module *)0)
#define module_init(f) int (*module_init_)(void) = f;
#define module_exit(f) void (*module_exit_)(void) = f;
#define MODULE_LICENSE(text) const char module_license_[] = text;
#define MODULE_INFO(tag, text) const char module_##tag##_[] = text;
struct module;
struct klp_func { const char *old_name; void *new_func; unsigned long old_sympos; };
struct klp_object { const char *name; struct klp_func *funcs; };
struct klp_patch { struct module *mod; struct klp_object *objs; _Bool replace; };
int klp_enable_patch(struct klp_patch *patch);
int livepatch_demo(int a);
int livepatch_probe(int a);
int demo_rate(int a);
`;
  const { status, stderr } = spawnSync('gcc', ['-fsyntax-only', '-Wall', '-Werror', '-x', 'c', '-'], { input: stubs + source.replace(/^#include.*$/gm, ''), encoding: 'utf8' });
  expect(stderr).toBe('');
  expect(status).toBe(0);
});

it.each(['', 'Fix', 'fix-it', '../fix', '1fix', 'x'.repeat(56)])('refuses %j as a module name', async (name) => {
  const { plan } = await planned();
  expect(() => moduleSource(plan, { name, textOf: () => undefined })).toThrow(RangeError);
});
