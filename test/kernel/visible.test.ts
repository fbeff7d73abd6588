/** What a layout rests on in the tree: the headers its file sees under the configuration, and the macros and enums in them. */
import { expect, test } from 'vitest';
import { createAnswers } from '../../server/src/kernel/answers';
import { recording } from '../../server/src/kernel/knowledge';
import { layoutOf } from '../../server/src/kernel/layout';
import { layoutTypes } from '../../server/src/kernel/editedTypes';
import { extractFacts } from '../../server/src/syntax/extract';
import { memoryHost } from '../support/memoryHost';

const TREE: Readonly<Record<string, string>> = {
  'arch/x86/include/asm/lock_types.h': '#include <asm-generic/queued_types.h>\n',
  'arch/x86/include/asm/page.h': '#define PAGE_SHIFT 12\n#define PAGE_SIZE (_AC(1, UL) << PAGE_SHIFT)\n',
  'arch/arm/include/asm/lock_types.h': 'typedef struct { u64 owner, next; } arch_lock_t;\n',
  'include/asm-generic/queued_types.h': 'typedef struct queued { union { u32 val; struct { u16 low, high; }; }; } arch_lock_t;\n',
  'include/asm-generic/limits.h': '#define FALLBACK 7\n',
  'include/linux/lock_types_up.h': 'typedef struct { } arch_lock_t;\n',
  'include/linux/rtmutex.h': 'struct rt_mutex_base { long owner; long waiters; long wait_lock; };\n',
  'include/linux/lock.h': [
    '#ifdef CONFIG_SMP', '# include <asm/lock_types.h>', '#else', '# include <linux/lock_types_up.h>', '#endif',
    '#include <linux/rtmutex.h>',
    'struct lockdep_map { void *key, *name; };',
    'typedef struct raw_lock {', '\tarch_lock_t raw;', '#ifdef CONFIG_DEBUG_LOCK_ALLOC', '\tstruct lockdep_map dep_map;', '#endif', '} raw_lock_t;',
    '#ifndef CONFIG_PREEMPT_RT', 'typedef struct lock { struct raw_lock rlock; } lock_t;', '#else', 'typedef struct lock { struct rt_mutex_base lock; } lock_t;', '#endif', '',
  ].join('\n'),
  'include/linux/demo.h': [
    '#include <linux/lock.h>', '#include <asm/page.h>', '#include <asm/limits.h>', '#include "parts.h"',
    'enum demo_kind { DEMO_A, DEMO_B = BIT(3), DEMO_KINDS };',
    '#define DEMO_ROOM(n) ((n) * 2 + DEMO_SPARE)', '#define DEMO_SPARE 1', '#define __demo_aligned __attribute__((__aligned__(1 << 5)))',
    '#define DEMO_WIDE (PAGE_SHIFT > 10)',
    '#ifndef DEMO_DEFAULT', '#define DEMO_DEFAULT 3', '#endif',
    '#define demo_word u16', 'enum demo_made { MADE_ALL(X), MADE_COUNT };', 'enum demo_listed {', '#include "list.h"', '\tLISTED_COUNT };', '#if PAGE_SHIFT > 20', '#define DEMO_HUGE', '#endif', '',
  ].join('\n'),
  'include/linux/seqlock.h': 'typedef struct seqcount {\n\tunsigned sequence;\n} seqcount_t;\n',
  'include/linux/parts.h': 'struct parts { u8 low; u32 high; };\n',
  'kernel/bounds.c': 'int main(void)\n{\n\tDEFINE(NR_PARTS, __NR_PARTS);\n}\n',
  'include/linux/zones.h': 'enum zone { ZONE_LOW,\n#ifdef CONFIG_HIGH\n\tZONE_HIGH,\n#endif\n\t__NR_PARTS };\n',
  'drivers/other/parts.h': 'struct parts { u8 all[100]; };\n#define PAGE_SIZE 1\n',
  'Makefile': 'VERSION = 6\nPATCHLEVEL = 1\nSUBLEVEL = 192\nKBUILD_CFLAGS += -DGIVEN_HERE\n',
};

const X86 = 'CONFIG_X86=y\nCONFIG_SMP=y\n';

/**
 * Size of a struct with these members in a file of the tree, or why it is not known.
 *
 * @param ahead what a round of questions needs is looked up at once, as the analysis does it
 */
async function sizeOf(members: string, config = X86, ahead = false): Promise<number | string | undefined> {
  const path = 'kernel/demo.c';
  const text = `#include <linux/demo.h>\n#include <linux/zones.h>\n#include <linux/seqlock.h>\nstruct asked { ${members}\n};\n`;
  const host = memoryHost('/tree', new Map([...Object.entries(TREE), [path, text]]));
  const answers = createAnswers({ root: '/tree', host: { ...host, git: gitOver(TREE) }, configText: config }, (_path, source, about) => extractFacts(source, undefined, about));
  await answers.prepare();
  const facts = extractFacts(text);
  const [asked] = facts.records;
  if (asked === undefined) throw new Error('no struct');
  for (let round = 0; round < 20; round += 1) {
    const { knowledge, open } = recording(answers);
    const layout = layoutOf(asked, layoutTypes({ versions: new Map([[path, { after: facts }]]), knowledge }, path, 'after'));
    if (open.size === 0) return layout.size ?? layout.unknown;
    if (ahead) await answers.ahead([...open.values()]);
    for (const question of open.values()) await answers.answer(question);
  }
  return 'asks for ever';
}

/** Finds words as git grep -lw does. */
function gitOver(tree: Readonly<Record<string, string>>): NonNullable<ReturnType<typeof memoryHost>['git']> {
  const unused = (): never => { throw new Error('not asked'); };
  const grep = (_root: string, words: readonly string[], specs: readonly string[]): Promise<string[]> => {
    const isOf = (path: string): boolean => specs.some((spec) => new RegExp(`^${spec.replace(/\./g, '\\.').replace(/\*/g, '.*')}$`).test(path));
    return Promise.resolve(Object.entries(tree).filter(([path, text]) => isOf(path) && words.some((word) => new RegExp(`(^|\\W)${word}(\\W|$)`, 'm').test(text))).map(([path]) => path));
  };
  return { findRoot: () => Promise.resolve('/tree'), grep, resolve: unused, show: unused, changedFiles: unused };
}

test.each<[string, string, string | undefined, number | string]>([
  ["the architecture's lock", 'lock_t a; char b;', undefined, 8],
  ['a lock without SMP', 'lock_t a; char b;', 'CONFIG_X86=y\n', 1],
  ['a lock with lockdep', 'raw_lock_t a;', `${X86}CONFIG_DEBUG_LOCK_ALLOC=y\n`, 24],
  ['a lock with PREEMPT_RT', 'lock_t a;', `${X86}CONFIG_PREEMPT_RT=y\n`, 24],
  ['another architecture', 'lock_t a;', 'CONFIG_ARM=y\nCONFIG_SMP=y\n', 16],
  ['a header beside hides nothing of another folder', 'struct parts a;', undefined, 8],
  ["an architecture's constant", 'char a[PAGE_SIZE];', undefined, 4096],
  ['a header that only asm-generic has', 'char a[FALLBACK];', undefined, 7],
  ['constants of an enum', 'char a[DEMO_KINDS]; enum demo_kind b;', undefined, 16],
  ['a macro that is called', 'char a[DEMO_ROOM(4)];', undefined, 9],
  ['a macro for an attribute', 'char a __demo_aligned;', undefined, 32],
  ['a macro for a type', 'demo_word a[3];', undefined, 6],
  ['a macro that nobody defined before', 'char a[DEMO_DEFAULT];', undefined, 3],
  ["the file's own default for a macro of a header", '\n#ifndef PAGE_SHIFT\n#define PAGE_SHIFT 3\n#endif\n\tchar a[PAGE_SHIFT];', undefined, 12],
  ['which of its own macros a header tells', '\n#if PAGE_SHIFT > 20\n#define ROOMS 16\n#else\n#define ROOMS 17\n#endif\n\tchar a[ROOMS];', undefined, 17],
  ['a macro under a condition that does not hold', '\n#ifdef DEMO_HUGE\n\tlong a;\n#else\n\tchar a;\n#endif', undefined, 1],
  ['constants behind those a macro makes', 'char a[MADE_COUNT];', undefined, 'the array size MADE_COUNT is not known'],
  ['constants behind those of an #include', 'char a[LISTED_COUNT];', undefined, 'the array size LISTED_COUNT is not known'],
  ['what kernel/bounds.c makes', 'char a[NR_PARTS];', undefined, 1],
  ['what kernel/bounds.c makes with another configuration', 'char a[NR_PARTS];', `${X86}CONFIG_HIGH=y\n`, 2],
  ['a condition on a macro', '\n#if DEMO_WIDE\n\tlong a;\n#else\n\tchar a;\n#endif', undefined, 8],
  ['a condition on a macro that is nowhere', '\n#ifdef DEMO_NOWHERE\n\tlong a;\n#else\n\tchar a;\n#endif', undefined, 1],
  ['a condition on a macro that a Makefile gives', '\n#ifdef GIVEN_HERE\n\tlong a;\n#else\n\tchar a;\n#endif', undefined, 'whether defined(GIVEN_HERE) holds is not known'],
  ['a condition on a macro of the compiler', '\n#ifdef __OPTIMIZE__\n\tlong a;\n#else\n\tchar a;\n#endif', undefined, 'whether defined(__OPTIMIZE__) holds is not known'],
  ['what is hidden from genksyms', '\n#ifndef __GENKSYMS__\n\tlong a;\n#endif', undefined, 8],
  ['sizes of members and types', 'char a[sizeof(((struct parts *)0)->high)]; char b[offsetof(struct parts, high)]; char c[sizeof(struct parts[2])]; char d __aligned(__alignof__(u64));', undefined, 32],
  ['logarithms', 'char a[ilog2(PAGE_SIZE)]; char b[roundup_pow_of_two(5)]; char c[max(2, 3)];', undefined, 23],
  ['a counter with the lock it is written under', 'seqcount_spinlock_t a;', undefined, 4],
  ['a counter with lockdep', 'seqcount_spinlock_t a;', `${X86}CONFIG_LOCKDEP=y\n`, 16],
  ['members that may be shuffled', '\n\trandomized_struct_fields_start\n\tchar a;\n\tlong b;\n\trandomized_struct_fields_end\n\tstruct parts c;', undefined, 24],
  ['members that are shuffled', '\n\trandomized_struct_fields_start\n\tchar a;\n\tlong b;\n\trandomized_struct_fields_end\n\tstruct parts c;', `${X86}CONFIG_GCC_PLUGIN_RANDSTRUCT=y\n`, 'the configuration has the members of structs shuffled'],
  ['a type that is nowhere', 'struct nowhere a;', undefined, 'the size of struct nowhere is not known'],
  ['a constant that is nowhere', 'char a[NOWHERE];', undefined, 'the array size NOWHERE is not known'],
])('%s', async (_name, members, config, expected) => {
  expect(await sizeOf(members, config)).toBe(expected);
  expect(await sizeOf(members, config, true)).toBe(expected);
});

test('files that hold objects of a record are told from those that mention it', async () => {
  const holds = { member: 'struct outer { struct demo one; };', array: 'static struct demo all[4];', typedef: 'struct outer { demo one; };', perCpu: 'DEFINE_PER_CPU(struct demo, mine);', size: 'void f(void)\n{\n\tg(sizeof(struct demo));\n}', cache: 'void f(void)\n{\n\tKMEM_CACHE(demo, 0);\n}', aligned: 'struct outer { struct demo one ____cacheline_aligned; };', bitless: 'struct demo one = { 0 };' };
  const mentions = { pointer: 'struct outer { struct demo *one; };', parameter: 'void f(struct demo *demo, int b);', forward: 'struct demo;', pointee: 'void f(void)\n{\n\tg(sizeof(struct demo *));\n}', word: '/* demo is nice */' };
  const files = Object.entries({ ...holds, ...mentions }).map(([name, text]): [string, string] => [`kernel/${name}.c`, text]);
  const answers = createAnswers({ root: '/tree', host: memoryHost('/tree', new Map(files)) }, (_path, source) => extractFacts(source));
  const { files: found } = await answers.answer({ kind: 'byValue', name: 'demo' });
  expect(found.map(({ path }) => path).sort()).toEqual(Object.keys(holds).map((name) => `kernel/${name}.c`).sort());
});
