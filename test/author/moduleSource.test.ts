/** The written module: its text for a plan made from real text, and whether gcc takes its tables. */
import { spawnSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { analyze, type EditedFile } from '../../server/src/analysis';
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
  expect(source).not.toContain('livepatch_once');
  expect(source).toContain('{ .name = NULL, .funcs = vmlinux_functions },\n\t{ .name = "my_driver", .funcs = my_driver_functions },\n\t{ }\n');
});

it('has no entry for what the running kernel lacks', async () => {
  const { plan, texts } = await planned(`${CORE}\nint fresh(void)\n{\n\treturn 1;\n}\n`);
  const source = moduleSource(plan, { name: 'fix', textOf: (path) => texts.get(path) });
  expect(source).not.toContain('fresh');
  expect(source).not.toContain('vmlinux_functions');
});

it('says where a body is to be had when the text is not at hand; gcc takes the tables as they are', async () => {
  const { plan } = await planned();
  const source = moduleSource(plan, { name: 'fix', textOf: () => undefined });
  expect(source).toContain('/* demo, kernel/core.c (holds a copy of once): take its body from the edit, as livepatch_demo. */');
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
`;
  const { status, stderr } = spawnSync('gcc', ['-fsyntax-only', '-Wall', '-Werror', '-x', 'c', '-'], { input: stubs + source.replace(/^#include.*$/gm, ''), encoding: 'utf8' });
  expect(stderr).toBe('');
  expect(status).toBe(0);
});

it.each(['', 'Fix', 'fix-it', '../fix', '1fix', 'x'.repeat(56)])('refuses %j as a module name', async (name) => {
  const { plan } = await planned();
  expect(() => moduleSource(plan, { name, textOf: () => undefined })).toThrow(RangeError);
});
