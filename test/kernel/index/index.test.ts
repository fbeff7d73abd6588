/** The index of a tree on a disk: what it answers, that an update answers like a new one, and that damage and faults leave a whole one or none. */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { nodeDisk, type Disk } from '../../../server/src/host/atomicWrite';
import { openIndex } from '../../../server/src/host/indexFile';
import { updateIndex } from '../../../server/src/host/indexing';
import type { StoredSegment } from '../../../server/src/kernel/index/storedIndex';
import { callersOf, inIndex } from '../../../server/src/kernel/index/callers';
import { filesWith } from '../../../server/src/kernel/index/filesWith';
import { allStored, uses as allUses, usesOf, type Use } from '../../../server/src/kernel/index/uses';
import { Space } from '../../../server/src/syntax/scan/names';

const FILES: Readonly<Record<string, string>> = {
  'include/gate.h': [
    'struct gate { struct latch latch; struct gate *next; int open:1; };',
    'struct latch { int turns; };',
    '#define gate_open(g) __gate_open((g), 1)',
    '#define gate_open_slowly(g) do { wait_a_bit(); gate_open(g); } while (0)',
    '#define this_gate find_gate()',
  ].join('\n'),
  'core/gate.c': [
    'static int turn(struct gate *g) { return g->latch.turns++; }',
    'int __gate_open(struct gate *g, int by) { return turn(g) + by; }',
    'static int gate_thread(void *unused) { return 0; }',
    'void gate_start(void) { kthread_run(gate_thread, 0, "gate"); }',
    'static const struct gate_ops ops = { .open = __gate_open };',
    'EXPORT_SYMBOL(__gate_open);',
  ].join('\n'),
  'core/user.c': [
    'void direct(struct gate *g) { __gate_open(g, 2); }',
    'void through(struct gate *g) { gate_open(g); }',
    'void twice(struct gate *g) { gate_open_slowly(g); }',
    'int bare(void) { return use(this_gate); }',
    'void no_call(int turn) { turn = 1; /* __gate_open(x) */ }',
  ].join('\n'),
};

let root = '';
let path = '';
const options = { jobs: 1 };

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'livepatch-index-'));
  path = join(root, 'cache/index.lpsx');
  for (const [name, text] of Object.entries(FILES)) put(name, text);
});
afterEach(() => { rmSync(root, { recursive: true }); });

function put(name: string, text: string): void {
  mkdirSync(dirname(join(root, name)), { recursive: true });
  writeFileSync(join(root, name), text);
}

function asking<T>(ask: (uses: (name: string, space?: Space) => Use[]) => T): T {
  const open = openIndex(path, root);
  if (open === undefined) throw new Error('there is no index');
  try {
    return ask((name, space) => usesOf(open.index, name, space));
  } finally {
    open.close();
  }
}

function segments(): readonly StoredSegment[] {
  const open = openIndex(path, root);
  onTestFinished(() => { open?.close(); });
  return open?.index.segments ?? [];
}

const shown = (uses: readonly Use[]): string[] => uses.map(({ kind, name, how, to, path: file, line }) => `${file}:${line + 1} ${kind} ${name}: ${how}${to === undefined ? '' : ` ${to}`}`);

/** Everything the index says of every name of the sample. */
const NAMES = [...new Set(Object.values(FILES).join(' ').match(/[a-z_]\w+/g))];
const everything = (): string[] => asking((uses) => NAMES.flatMap((name) => [...shown(uses(name)), ...shown(uses(name, Space.tag))]));

describe('what it answers', () => {
  beforeEach(() => updateIndex(root, path, options));

  it('tells who uses a function, and how', () => {
    expect(asking((uses) => shown(uses('__gate_open')))).toEqual([
      'core/gate.c:5 variable ops: mention', 'core/gate.c:5 variable ops: stored open', 'core/gate.c:6 registration EXPORT_SYMBOL: mention',
      'core/user.c:1 function direct: call', 'include/gate.h:3 macro gate_open: call',
    ]);
    expect(asking((uses) => shown(uses('gate_thread')))).toEqual(['core/gate.c:4 function gate_start: mention', 'core/gate.c:4 function gate_start: passed kthread_run']);
  });

  it('tells who may export a symbol: whoever defines it', () => {
    const open = openIndex(path, root);
    if (open === undefined) throw new Error('there is no index');
    try {
      expect(filesWith(open.index, 'EXPORT_SYMBOL(__gate_open')).toEqual(['core/gate.c']);
      expect(filesWith(open.index, 'EXPORT_SYMBOL_NS_GPL(nobody')).toEqual([]);
      expect(filesWith(open.index, 'GATE_MAX')).toBeUndefined();
    } finally {
      open.close();
    }
  });

  it('tells of all names at once what it tells of each, from front to back', () => {
    const open = openIndex(path, root);
    if (open === undefined) throw new Error('there is no index');
    try {
      const atOnce = allStored(open.index, NAMES, Space.ordinary, allUses);
      const oneByOne = NAMES.flatMap((name) => allStored(open.index, [name], Space.ordinary, allUses));
      const told = (uses: readonly Use[]): string[] => uses.map((use) => JSON.stringify(use)).sort();
      expect(told(atOnce)).toEqual(told(oneByOne));
      expect(oneByOne.length).toBeGreaterThan(10);
      expect(atOnce.map((use) => use.path)).toEqual(atOnce.map((use) => use.path).sort());
    } finally {
      open.close();
    }
  });

  it('tells which record embeds which, and who names it', () => {
    expect(asking((uses) => shown(uses('latch', Space.tag)))).toEqual(['include/gate.h:1 record gate: embed']);
    expect(asking((uses) => uses('gate', Space.tag).map(({ name }) => name))).toEqual(['turn', '__gate_open', 'direct', 'through', 'twice']);
  });

  it('takes a local of the same name for none', () => {
    expect(asking((uses) => shown(uses('turn')))).toEqual(['core/gate.c:2 function __gate_open: call']);
  });

  it('follows calls through macros', async () => {
    const callers = async (name: string): Promise<string[]> => {
      const open = openIndex(path, root);
      const found = await callersOf(name, open === undefined ? () => { throw new Error('there is no index'); } : inIndex(open.index));
      open?.close();
      return found.callers.map((caller) => `${caller.name} ${caller.via.join(' ')}`.trim());
    };
    expect(await callers('__gate_open')).toEqual(['direct', 'through gate_open', 'twice gate_open gate_open_slowly']);
    expect(await callers('find_gate')).toEqual(['bare this_gate']);
  });
});

describe('bringing it up to date', () => {
  it('scans what changed, and answers like a new one', async () => {
    await updateIndex(root, path, options);
    expect(await updateIndex(root, path, options)).toEqual({ files: 3, scanned: 0, removed: 0 });
    put('core/user.c', (FILES['core/user.c'] ?? '').replace('direct', 'changed'));
    put('core/new.c', 'void brand_new(void) { __gate_open(0, 0); }');
    rmSync(join(root, 'core/gate.c'));
    // One of three files is a quarter and more: keep the rest alive with files that say nothing.
    for (let index = 0; index < 12; index += 1) put(`quiet/${index}.c`, `int quiet_${index};`);
    expect(await updateIndex(root, path, options)).toEqual({ files: 15, scanned: 14, removed: 1 });
    const updated = everything();
    expect(updated.join('\n')).toContain('brand_new');
    rmSync(path);
    await updateIndex(root, path, options);
    expect(everything()).toEqual(updated);
  });

  it('keeps a file that only looks newer', async () => {
    await updateIndex(root, path, options);
    utimesSync(join(root, 'core/user.c'), new Date(), new Date(Date.now() + 5000));
    expect((await updateIndex(root, path, options)).scanned).toBe(0);
  });

  it('keeps segments of one update over the next', async () => {
    for (let index = 0; index < 40; index += 1) put(`quiet/${index}.c`, `int quiet_${index};`);
    await updateIndex(root, path, options);
    for (let round = 0; round < 36; round += 1) {
      put('core/new.c', `void round_${round}(void) { __gate_open(0, ${round}); }`);
      expect((await updateIndex(root, path, options)).files).toBe(44);
      expect(asking((uses) => uses('__gate_open').map(({ name }) => name))).toContain(`round_${round}`);
      expect(asking((uses) => shown(uses('__gate_open')).filter((use) => use.includes('round_')))).toHaveLength(1);
      expect(segments().length).toBeLessThanOrEqual(17);
    }
  });

  it('writes the new time stamps of files with the same bytes down with the next change', async () => {
    for (let index = 0; index < 40; index += 1) put(`quiet/${index}.c`, `int quiet_${index};`);
    await updateIndex(root, path, options);
    const stamp = (): readonly unknown[] => segments().flatMap((segment) => segment.paths().flatMap((file, number) => (file === 'core/user.c' && segment.isLive(number) ? [segment.stamp(segment.stampNumbers(), number)] : [])));
    const [before] = stamp() as [{ modified: number }];
    // Whole seconds: what is set in fractions comes back rounded.
    const modified = Math.floor(before.modified / 1000) * 1000 + 5000;
    utimesSync(join(root, 'core/user.c'), new Date(), new Date(modified));
    put('core/new.c', 'void brand_new(void) { __gate_open(0, 0); }');
    expect((await updateIndex(root, path, options)).scanned).toBe(1);
    expect(stamp()).toEqual([{ ...before, modified }]);
    expect(everything().join('\n')).toContain('direct');
  });

  it('an index of another tree is none', async () => {
    await updateIndex(root, path, options);
    expect(openIndex(path, `${root}/elsewhere`)).toBeUndefined();
  });
});

describe('a cap of memory', () => {
  const capped = { jobs: 1, memory: 1 };
  // Jobs take 32 files at once: enough for several rounds.
  beforeEach(() => { for (let index = 0; index < 197; index += 1) put(`quiet/${index}.c`, `int quiet_${index}(void) { return ${index % 3 === 0 ? 'turn' : '__gate_open'}(${index}); }`); });

  it('is kept by rounds, after which the index answers the same', async () => {
    const summary = await updateIndex(root, path, options);
    const right = everything();
    expect(segments()).toHaveLength(1);
    rmSync(path);
    expect(await updateIndex(root, path, capped)).toEqual(summary);
    expect(segments().length).toBeGreaterThan(2);
    expect(everything()).toEqual(right);
    expect(readdirSync(dirname(path))).toEqual(['index.lpsx']);
    expect((await updateIndex(root, path, capped)).scanned).toBe(0);
  });

  it('a round that fails leaves the index as it was, and the rounds before it are not done again', async () => {
    put('core/old.c', 'void old(void) { __gate_open(0, 0); }');
    const all = await updateIndex(root, path, options);
    const right = everything();
    for (let index = 0; index < 197; index += 1) put(`quiet/${index}.c`, `int loud_${index}(void) { return __gate_open(${index}); }`);
    let renamed = 0;
    const failing: Disk = { ...nodeDisk, rename: (from, to) => {
      renamed += 1;
      if (renamed === 3) throw new Error('no more');
      nodeDisk.rename(from, to);
    } };
    await expect(updateIndex(root, path, { ...capped, disk: failing })).rejects.toThrow('no more');
    expect(everything()).toEqual(right);
    expect(readdirSync(dirname(path)).sort()).toEqual(['index.lpsx', 'index.lpsx.part']);
    const { scanned } = await updateIndex(root, path, options);
    expect(scanned).toBeGreaterThan(0);
    expect(scanned).toBeLessThan(all.files - 2 * 32 + 1);
    expect(readdirSync(dirname(path))).toEqual(['index.lpsx']);
    const resumed = everything();
    rmSync(path);
    await updateIndex(root, path, options);
    expect(everything()).toEqual(resumed);
  });

  it('a cancelled round leaves the index as it was', async () => {
    await updateIndex(root, path, options);
    const right = everything();
    for (let index = 0; index < 197; index += 1) put(`quiet/${index}.c`, `int loud_${index}(void) { return __gate_open(${index}); }`);
    const abort = new AbortController();
    const cancelling: Disk = { ...nodeDisk, rename: (from, to) => {
      nodeDisk.rename(from, to);
      abort.abort(new Error('cancelled'));
    } };
    await expect(updateIndex(root, path, { ...capped, disk: cancelling, signal: abort.signal })).rejects.toThrow('cancelled');
    expect(everything()).toEqual(right);
  });
});

describe('damage', () => {
  it('is never answered from: each flipped byte gives the same answers, none, or an error, and the next update mends it', async () => {
    await updateIndex(root, path, options);
    const whole = readFileSync(path);
    const right = everything();
    let told = 0;
    for (let at = 0; at < whole.length; at += 211) {
      const damaged = Buffer.from(whole);
      damaged[at] = (damaged[at] ?? 0) ^ 0x55;
      writeFileSync(path, damaged);
      let answer: string[] | undefined;
      try {
        answer = everything();
      } catch {
        told += 1;
      }
      if (answer !== undefined) expect(answer).toEqual(right);
    }
    expect(told).toBeGreaterThan(0);
    await updateIndex(root, path, options);
    expect(everything()).toEqual(right);
  });

  it('a file cut short is none', async () => {
    await updateIndex(root, path, options);
    const whole = readFileSync(path);
    for (let length = 0; length < whole.length; length += 1009) {
      writeFileSync(path, whole.subarray(0, length));
      expect(openIndex(path, root)).toBeUndefined();
    }
  });
});

describe('faults of the disk', () => {
  it('leave the index as it was and nothing beside it, whichever call fails', async () => {
    await updateIndex(root, path, options);
    const right = everything();
    put('core/new.c', 'void brand_new(void) { __gate_open(0, 0); }');
    for (let failing = 1; ; failing += 1) {
      let calls = 0;
      const guarded = Object.fromEntries(Object.entries(nodeDisk).map(([name, work]) => [name, (...args: unknown[]) => {
        calls += 1;
        if (calls === failing) throw new Error(`${name} failed`);
        return (work as (...args: unknown[]) => unknown)(...args);
      }])) as unknown as Disk;
      const failed = await updateIndex(root, path, { ...options, disk: guarded }).then(() => false, () => true);
      if (!failed) {
        expect(failing).toBeGreaterThan(5);
        break;
      }
      expect(everything()).toEqual(right);
      // What a failing close leaves open, the end of the process closes.
      expect(readdirSync(dirname(path))).toEqual(['index.lpsx']);
    }
    expect(everything().join('\n')).toContain('brand_new');
  });

  it('an abort leaves it as it was', async () => {
    await updateIndex(root, path, options);
    const right = everything();
    put('core/new.c', 'void brand_new(void) { __gate_open(0, 0); }');
    await expect(updateIndex(root, path, { ...options, signal: AbortSignal.abort(new Error('cancelled')) })).rejects.toThrow('cancelled');
    expect(everything()).toEqual(right);
  });
});
