import { describe, expect, test } from 'vitest';
import { createAnswers } from '../../server/src/kernel/answers';
import type { Mentions } from '../../server/src/kernel/knowledge';
import { findKernelTree, kernelVersionOf, type TreeSource } from '../../server/src/kernel/tree';
import { extractFacts } from '../../server/src/syntax/extract';
import { FakeFiles, FakeGit, ROOT, treeOf, type Files } from './fakes';

const TREE: Files = {
  Kbuild: 'obj-y += kernel/ fs/\n',
  Kconfig: '',
  Makefile: 'VERSION = 6\nPATCHLEVEL = 1\nSUBLEVEL = 192\nEXTRAVERSION =\n',
  'kernel/Makefile': 'obj-y += a.o b.o\n',
  'kernel/a.c': 'int parcel(void) { return 1; }\nstruct local { int a; };\n',
  'kernel/b.c': 'int other(void) { return parcel(); }\nstruct local { long b; };\n',
  'fs/c.c': 'int third(void) { return parcel_like(); }\n',
  'include/linux/parcel.h': 'int parcel(void);\nstruct shared {\n\tint weight;\n};\ntypedef struct shared shared_t;\nenum color { RED, BLUE };\n',
  'include/linux/twice.h': 'struct twice {\n\tint a;\n};\n',
  'fs/twice.h': 'struct twice {\n\tlong a;\n};\n',
  'include/linux/smp.h': '#ifdef CONFIG_SMP\nstruct cpu {\n\tint a;\n};\n#else\nstruct cpu {\n\tlong b;\n};\n#endif\n',
  'tools/d.c': 'int tool(void) { return parcel(); }\nstruct shared {\n\tlong no;\n};\n',
  'arch/arm/e.c': 'int arm(void) { return parcel(); }\n',
};

function answering(files: Files, options: { git?: boolean; configText?: string; limits?: Parameters<typeof createAnswers>[2]; readAfter?: TreeSource['readAfter'] } = {}) {
  const fake = new FakeFiles(files);
  const git = new FakeGit(fake);
  const parsed: string[] = [];
  const answers = createAnswers(
    { root: ROOT, host: { files: fake, ...(options.git === false ? {} : { git }) }, configText: options.configText, readAfter: options.readAfter },
    (path, text) => {
      parsed.push(path);
      return extractFacts(text);
    },
    options.limits,
  );
  return { answers, fake, git, parsed };
}

const paths = (mentions: Mentions): string[] => mentions.files.map((file) => file.path).sort();

describe('mentions', () => {
  test.each<[string, boolean]>([['through git', true], ['by walking', false]])('%s: whole words in kernel code of this architecture', async (_name, git) => {
    const { answers } = answering(TREE, { git, configText: 'CONFIG_X86=y' });
    const found = await answers.answer({ kind: 'mentions', word: 'parcel' });
    expect(paths(found)).toEqual(['include/linux/parcel.h', 'kernel/a.c', 'kernel/b.c']);
    expect(found.incomplete).toBeUndefined();
  });

  test('asked before it is looked up, the answer is open; then it is remembered', async () => {
    const { answers, git } = answering(TREE);
    const question = { kind: 'mentions', word: 'parcel' } as const;
    expect(answers.ask(question)).toBeUndefined();
    const first = await answers.answer(question);
    expect(answers.ask(question)).toBe(first);
    expect(await answers.answer(question)).toBe(first);
    expect(git.greps).toEqual(['parcel']);
  });

  test('what no analysis asks for any more is forgotten, what each asks for is kept', async () => {
    const { answers } = answering(TREE);
    const wanted = { kind: 'mentions', word: 'parcel' } as const;
    const unwanted = { kind: 'mentions', word: 'other' } as const;
    for (const question of [wanted, unwanted]) await answers.answer(question);
    for (let analyses = 0; analyses < 1000; analyses += 1) {
      expect(answers.ask(wanted)).toBeDefined();
      answers.lapse();
    }
    expect(answers.ask(unwanted)).toBeUndefined();
  });

  test('too many candidates: the nearest are read and the answer says so', async () => {
    const { answers, parsed } = answering(TREE, { limits: { candidates: 2, walk: { files: 10, size: 1e6 } } });
    const found = await answers.answer({ kind: 'mentions', word: 'parcel', from: 'kernel/b.c' });
    expect(parsed).toEqual(['kernel/a.c', 'kernel/b.c']);
    expect(found.incomplete).toBe('4 files hold parcel, and only 2 of them were read');
  });

  test('what would take too much memory is not read, and the answer says so; what no analysis asks for any more makes room', async () => {
    const { answers, parsed } = answering(TREE, { limits: { candidates: 9, walk: { files: 10, size: 1e6 }, lines: 4 } });
    const [first, second] = [{ kind: 'mentions', word: 'parcel', from: 'kernel/b.c' }, { kind: 'mentions', word: 'third' }] as const;
    const held = await answers.answer(first);
    expect(held.files.map(({ path }) => path)).toEqual(['kernel/a.c', 'kernel/b.c']);
    expect(held.incomplete).toBe('4 files hold parcel, and only 2 of them were read');
    expect((await answers.answer(second)).incomplete).toBe('1 file holds third, and only 0 of them were read');
    // Files that are held already cost nothing.
    expect(paths(await answers.answer({ kind: 'mentions', word: 'other' }))).toEqual(['kernel/b.c']);
    answers.invalidate(['fs/twice.h']);
    await answers.answer(first);
    answers.lapse();
    expect(paths(await answers.answer(second))).toEqual(['fs/c.c']);
    expect(answers.ask(first)).toBeUndefined();
    expect(parsed).toEqual(['kernel/a.c', 'kernel/b.c', 'fs/c.c']);
  });

  test('the files that may define a static key, of those that hold its name', async () => {
    const files = { ...TREE, 'kernel/k1.c': 'DEFINE_STATIC_CALL(depot_seal, depot_seal_slow);\n', 'kernel/k2.c': 'static DEFINE_STATIC_KEY_MAYBE(CONFIG_DEPOT, depot_seal);\n', 'kernel/k3.c': 'struct static_key_false depot_seal;\n', 'kernel/user.c': 'void use(void) { static_call(depot_seal)(); }\n', 'kernel/other.c': 'DEFINE_STATIC_CALL(depot_seal2, x);\n', 'include/linux/k.h': 'DECLARE_STATIC_CALL(depot_seal, f);\n' };
    const { answers } = answering(files);
    expect(paths(await answers.answer({ kind: 'key', name: 'depot_seal', from: 'kernel/user.c' }))).toEqual(['kernel/k1.c', 'kernel/k2.c', 'kernel/k3.c']);
  });

  test.each<[string, boolean]>([['through git', true], ['by walking', false]])('%s: phrases, in files of one kind', async (_name, git) => {
    const files = { ...TREE, 'kernel/f.c': 'int sealed(void) { return 1; }\nEXPORT_SYMBOL_GPL(sealed);\n', 'kernel/g.c': 'EXPORT_SYMBOL_GPL(sealed_too);\n' };
    const { answers } = answering(files, { git });
    expect(paths(await answers.answer({ kind: 'holding', phrases: ['EXPORT_SYMBOL(sealed', 'EXPORT_SYMBOL_GPL(sealed'], files: '*.c' }))).toEqual(['kernel/f.c']);
    expect(paths(await answers.answer({ kind: 'holding', phrases: ['parcel', 'twice'], files: '*.h' }))).toEqual(['fs/twice.h', 'include/linux/parcel.h', 'include/linux/twice.h']);
  });

  test('a walk that is cut off says so', async () => {
    const { answers } = answering(TREE, { git: false, limits: { candidates: 9, walk: { files: 2, size: 1e6 } } });
    const found = await answers.answer({ kind: 'mentions', word: 'parcel', from: 'kernel/b.c' });
    expect(paths(found)).toEqual(['kernel/a.c', 'kernel/b.c']);
    expect(found.incomplete).toBe('git cannot be asked, and only 2 files around kernel/ were searched for parcel');
  });

  test('the edit counts, not the disk, and only changed files are read again', async () => {
    const edits = new Map<string, string>();
    const { answers, git, parsed } = answering(TREE, { readAfter: (path) => edits.get(path) });
    const question = { kind: 'mentions', word: 'parcel' } as const;
    await answers.answer(question);
    edits.set('fs/c.c', 'int third(void) { return parcel(); }');
    edits.set('kernel/b.c', 'int other(void) { return 2; }');
    answers.invalidate(['fs/c.c', 'kernel/b.c']);
    expect(answers.ask(question)).toBeUndefined();
    parsed.length = 0;
    expect(paths(await answers.answer(question))).toEqual(['arch/arm/e.c', 'fs/c.c', 'include/linux/parcel.h', 'kernel/a.c']);
    expect(parsed).toEqual(['fs/c.c']);
    expect(git.greps).toEqual(['parcel']);
  });

  test('after many changes, as of a checkout, the tree is searched anew: no question looks at more and more files; unsaved text still counts', async () => {
    const edits = new Map([['fs/c.c', 'int third(void) { return parcel(); }']]);
    const { answers, fake, git } = answering(TREE, { readAfter: (path) => edits.get(path) });
    const question = { kind: 'mentions', word: 'parcel' } as const;
    const asked = async (): Promise<{ readonly found: readonly string[]; readonly reads: number }> => {
      fake.reads.length = 0;
      return { found: paths(await answers.answer(question)), reads: fake.reads.length };
    };
    const before = ['arch/arm/e.c', 'include/linux/parcel.h', 'kernel/a.c', 'kernel/b.c'];
    expect((await asked()).found).toEqual(before);
    answers.invalidate(['fs/c.c', ...Array.from({ length: 150 }, (_, i) => `drivers/gone${i}.c`)]);
    // What changed is looked at, and nothing searched for again.
    expect(await asked()).toMatchObject({ found: ['arch/arm/e.c', 'fs/c.c', ...before.slice(1)] });
    expect(git.greps).toEqual(['parcel']);
    fake.files = { ...TREE, 'kernel/new.c': 'int fresh(void) { return parcel(); }\n', 'kernel/b.c': 'int other;\n' };
    answers.invalidate(['kernel/new.c', 'kernel/b.c', ...Array.from({ length: 150 }, (_, i) => `drivers/other${i}.c`)]);
    expect(await asked()).toEqual({ found: ['arch/arm/e.c', 'fs/c.c', 'include/linux/parcel.h', 'kernel/a.c', 'kernel/new.c'], reads: 1 });
    expect(git.greps).toEqual(['parcel', 'parcel']);
  });

  test('a search that began before all was forgotten is not kept', async () => {
    const { answers, fake, git } = answering(TREE);
    const question = { kind: 'mentions', word: 'parcel' } as const;
    const pending = answers.answer(question);
    for (let turn = 0; git.searches === 0; turn += 1) {
      if (turn > 100) throw new Error('nothing was searched for');
      await Promise.resolve();
    }
    fake.files = { ...TREE, 'kernel/new.c': 'int fresh(void) { return parcel(); }\n' };
    answers.invalidate();
    await pending;
    expect(paths(await answers.answer(question))).toContain('kernel/new.c');
  });

  test('failing ports become reasons, never exceptions', async () => {
    const { answers, fake } = answering(TREE);
    fake.broken.set('kernel/b.c', 'input/output error');
    expect((await answers.answer({ kind: 'mentions', word: 'parcel' })).incomplete).toBe('kernel/b.c could not be read: input/output error');
    answers.invalidate();
  });

  test('a git that fails is no matter where the walk sees the whole tree, and is told where it does not', async () => {
    const { answers, git } = answering(TREE);
    const found = await answers.answer({ kind: 'mentions', word: 'parcel' });
    git.fault = 'git: index file corrupt';
    answers.invalidate();
    expect(await answers.answer({ kind: 'mentions', word: 'parcel' })).toEqual(found);
    expect(answers.faults()).toEqual([]);
    const short = answering(TREE, { limits: { candidates: 9, walk: { files: 2, size: 1e6 } } });
    short.git.fault = 'git is not installed';
    expect((await short.answers.answer({ kind: 'mentions', word: 'parcel', from: 'kernel/a.c' })).incomplete).toBe('git is not installed, and only 2 files around kernel/ were searched for parcel');
  });

  test('a syntax room that fails on one file costs that file', async () => {
    const fake = new FakeFiles(TREE);
    const answers = createAnswers({ root: ROOT, host: { files: fake, git: new FakeGit(fake) } }, (path, text) => {
      if (path === 'kernel/a.c') throw new Error('boom');
      return extractFacts(text);
    });
    expect((await answers.answer({ kind: 'mentions', word: 'parcel' })).incomplete).toBe('kernel/a.c could not be read: boom');
  });

  test('aborted, it rejects and remembers nothing', async () => {
    const { answers } = answering(TREE);
    const question = { kind: 'mentions', word: 'parcel' } as const;
    await expect(answers.answer(question, AbortSignal.abort())).rejects.toThrow();
    expect(answers.ask(question)).toBeUndefined();
  });

  test('a tree inside a larger repository', async () => {
    const fake = new FakeFiles(TREE);
    const answers = createAnswers({ root: ROOT, host: { files: fake, git: new FakeGit(fake, '/src') } }, (_path, text) => extractFacts(text));
    expect(paths(await answers.answer({ kind: 'mentions', word: 'other' }))).toEqual(['kernel/b.c']);
  });

  test('a tree in no repository is searched as well, through the index first where there is one', async () => {
    const fake = new FakeFiles(TREE);
    const git = new FakeGit(fake, null);
    const answers = createAnswers({ root: ROOT, host: { files: fake, git } }, (_path, text) => extractFacts(text), { candidates: 9, walk: { files: 1, size: 1e6 } });
    expect(paths(await answers.answer({ kind: 'mentions', word: 'other' }))).toEqual(['kernel/b.c']);
    expect(git.greps).toEqual(['other']);
  });

  test('an answer begun before a change is given but not kept', async () => {
    const { answers } = answering(TREE);
    const question = { kind: 'mentions', word: 'parcel' } as const;
    const pending = answers.answer(question);
    answers.invalidate(['kernel/a.c']);
    await pending;
    expect(answers.ask(question)).toBeUndefined();
  });
});

describe('type', () => {
  const question = (space: 'struct' | 'enum' | 'typedef', name: string, from?: string) => ({ kind: 'type', space, name, ...(from === undefined ? {} : { from }) }) as const;

  test.each<[string, ReturnType<typeof question>, string]>([
    ['a header of include/', question('struct', 'shared'), 'include/linux/parcel.h'],
    ['an enum', question('enum', 'color'), 'include/linux/parcel.h'],
    ['a typedef', question('typedef', 'shared_t'), 'include/linux/parcel.h'],
    ['the asking file first', question('struct', 'local', 'kernel/b.c'), 'kernel/b.c'],
    ['the header beside the asking file', question('struct', 'twice', 'fs/c.c'), 'fs/twice.h'],
  ])('%s', async (_name, asked, path) => {
    const { answers } = answering(TREE);
    expect(await answers.answer(asked)).toMatchObject({ found: true, path, space: asked.space, fact: { name: asked.name } });
  });

  test.each<[string, ReturnType<typeof question>, string]>([
    ['nowhere', question('struct', 'nothing'), 'no definition of struct nothing was found'],
    ['twice with different contents', question('struct', 'twice'), 'twice is defined 2 times with different contents, in fs/twice.h, include/linux/twice.h'],
    ['in two branches of #if', question('struct', 'cpu'), 'cpu is defined 2 times with different contents, in include/linux/smp.h'],
  ])('not found: %s', async (_name, asked, reason) => {
    expect(await answering(TREE).answers.answer(asked)).toEqual({ found: false, reason, ...(reason.includes(' times ') ? { isAmbiguous: true } : {}) });
  });

  test('the configuration picks the branch', async () => {
    const { answers } = answering(TREE, { configText: 'CONFIG_SMP=y' });
    expect(await answers.answer(question('struct', 'cpu'))).toMatchObject({ found: true, fact: { ordinal: 0 } });
  });
});

test('object answers survive edits of C files, not of Makefiles', async () => {
  const { answers, fake } = answering(TREE, { configText: '' });
  const question = { kind: 'object', path: 'kernel/a.c' } as const;
  expect(await answers.answer(question)).toMatchObject({ name: 'vmlinux', isBuilt: true });
  answers.invalidate(['kernel/a.c']);
  expect(answers.ask(question)?.name).toBe('vmlinux');
  fake.files = { ...TREE, 'kernel/Makefile': 'obj-m += a.o\n' };
  answers.invalidate(['kernel/Makefile']);
  expect(answers.ask(question)).toBeUndefined();
  expect(await answers.answer(question)).toMatchObject({ name: 'a', isModule: true });
});

test('config tells nothing without a configuration and n for what it leaves out', async () => {
  const { answers } = answering({ ...TREE, '.config': 'CONFIG_SMP=y\n' });
  expect(answers.config('CONFIG_SMP')).toBeUndefined();
  await answers.prepare();
  expect([answers.config('CONFIG_SMP'), answers.config('CONFIG_PM')]).toEqual(['y', 'n']);
  expect(answering(TREE).answers.config('CONFIG_SMP')).toBeUndefined();
});

test('the version and the top of a tree', async () => {
  const files = new FakeFiles(TREE);
  expect(await kernelVersionOf(treeOf(TREE))).toBe('6.1.192');
  expect(await kernelVersionOf(treeOf({ Makefile: 'all:\n' }))).toBeUndefined();
  expect(await findKernelTree(files, `${ROOT}/kernel/sched`)).toBe(ROOT);
  expect(await findKernelTree(files, `${ROOT}/`)).toBe(ROOT);
  expect(await findKernelTree(files, '/src')).toBeUndefined();
  expect(await findKernelTree(new FakeFiles({ Makefile: TREE['Makefile'] ?? '' }), ROOT)).toBeUndefined();
});
