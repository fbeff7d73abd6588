/** The kept index against the plain truth: whatever happens to the files, asking it tells what a scan of every file would. */
import { closeSync, fstatSync, mkdirSync, mkdtempSync, openSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { updateIndex } from '../../server/src/host/indexing';
import { IndexKeeper } from '../../server/src/host/indexKeeper';
import { EditedSources } from '../../server/src/host/sourceReader';
import { Space } from '../../server/src/syntax/scan/names';
import { TreeUses } from '../../server/src/kernel/index/treeUses';

const PATHS = ['core/a.c', 'core/b.c', 'include/a.h', 'include/b.h'];
const TEXTS = [
  'struct gate { struct latch latch; };\n#define open_gate(g) turn_gate(g)\n',
  'int turn_gate(struct gate *g)\n{\n\treturn g->state;\n}\n',
  'static int walk(void)\n{\n\treturn turn_gate(0) + open_gate(0);\n}\n',
  'struct wall { struct gate gate; };\nint open_all(void)\n{\n\topen_gate(1);\n\treturn 0;\n}\n',
];

let root: string;
let path: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'livepatch-keeper-'));
  path = join(root, '.cache/index.lpsx');
  PATHS.forEach((name, index) => { put(name, TEXTS[index] ?? ''); });
});
afterEach(() => { rmSync(root, { recursive: true }); });

function put(name: string, text: string): void {
  mkdirSync(dirname(join(root, name)), { recursive: true });
  writeFileSync(join(root, name), text);
}

class Editor {
  readonly texts = new Map<string, string>();
  openText = (name: string): string | undefined => this.texts.get(name);
  openPaths = (): readonly string[] => [...this.texts.keys()];
}

function keeperOf(editor: Editor, update: () => Promise<unknown> = () => updateIndex(root, path, { jobs: 1 }), told: (string | undefined)[] = []): IndexKeeper {
  return new IndexKeeper(root, path, { editor, update: async () => { await update(); return { files: 0, scanned: 0, removed: 0 }; }, ended: (failure) => { told.push(failure); } });
}

const never = (): Promise<never> => Promise.reject(new Error('the tree was searched'));
const through = (keeper: IndexKeeper): TreeUses => new TreeUses({ current: () => keeper.current(), damaged: () => { keeper.damaged(); }, files: keeper.files, candidates: never });
/** Every file scanned, as the editor shows it. */
const scanned = (editor: Editor): TreeUses => new TreeUses({ current: () => undefined, damaged: () => undefined, files: new EditedSources(root, editor.openText), candidates: () => Promise.resolve({ files: PATHS }) });

async function everything(uses: TreeUses): Promise<unknown[]> {
  const names = ['turn_gate', 'open_gate', 'walk', 'open_all'];
  const callers = await Promise.all(names.map((name) => uses.callersOf(name)));
  return [callers, await uses.usesOf(names), await uses.usesOf(['gate', 'latch'], Space.tag), await uses.definitionsOf('turn_gate'), await uses.definitionsOf('gate', Space.tag)];
}

const action = fc.oneof(
  fc.record({ kind: fc.constantFrom('save' as const, 'type' as const), path: fc.constantFrom(...PATHS), text: fc.constantFrom(...TEXTS) }),
  fc.record({ kind: fc.constantFrom('remove' as const, 'close' as const), path: fc.constantFrom(...PATHS) }),
  fc.constant({ kind: 'update' as const }),
);

it('tells what a scan of all files tells, whatever was saved, typed, removed or updated', { timeout: 120_000 }, async () => {
  await fc.assert(fc.asyncProperty(fc.array(action, { maxLength: 12 }), async (actions) => {
    rmSync(root, { recursive: true });
    PATHS.forEach((name, index) => { put(name, TEXTS[index] ?? ''); });
    const editor = new Editor();
    const keeper = keeperOf(editor);
    await keeper.update();
    for (const step of actions) {
      if (step.kind === 'save') put(step.path, step.text);
      else if (step.kind === 'type') editor.texts.set(step.path, step.text);
      else if (step.kind === 'remove') rmSync(join(root, step.path), { force: true });
      else if (step.kind === 'close') editor.texts.delete(step.path);
      else await keeper.update();
      if (step.kind === 'save' || step.kind === 'remove') keeper.changed([step.path]);
    }
    expect(await everything(through(keeper))).toEqual(await everything(scanned(editor)));
    keeper.dispose();
  }), { seed: 20261121, numRuns: 60 });
});

describe('updates', () => {
  it('knows what changed while one was running', async () => {
    const editor = new Editor();
    let meanwhile = (): void => undefined;
    const keeper = keeperOf(editor, async () => { await updateIndex(root, path, { jobs: 1 }); meanwhile(); });
    await keeper.update();
    meanwhile = () => { put('core/b.c', TEXTS[2] ?? ''); keeper.changed(['core/b.c']); };
    await keeper.update();
    expect(await everything(through(keeper))).toEqual(await everything(scanned(editor)));
    keeper.dispose();
  });

  it('goes on with what it has when one fails, and says why', async () => {
    const editor = new Editor();
    const told: (string | undefined)[] = [];
    let fails = false;
    const keeper = keeperOf(editor, () => (fails ? Promise.reject(new Error('the disk is full')) : updateIndex(root, path, { jobs: 1 })), told);
    await keeper.update();
    fails = true;
    put('core/a.c', TEXTS[3] ?? '');
    keeper.changed(['core/a.c']);
    await keeper.update();
    expect(told).toEqual([undefined, 'the disk is full']);
    expect(await everything(through(keeper))).toEqual(await everything(scanned(editor)));
    keeper.dispose();
  });

  it('trusts no stored index it has not compared with the tree', async () => {
    await updateIndex(root, path, { jobs: 1 });
    expect(keeperOf(new Editor()).current()).toBeUndefined();
  });
});

it('turns to searching when the stored index is damaged', async () => {
  const editor = new Editor();
  const keeper = keeperOf(editor);
  await keeper.update();
  expect(keeper.current()?.index.files).toBe(4);
  // In place, as a failing disk would: the file that is open is the one that is damaged.
  const file = openSync(path, 'r+');
  for (let at = 0; at < fstatSync(file).size - 64; at += 16) writeSync(file, Buffer.of(0xa5), 0, 1, at);
  closeSync(file);
  const uses = new TreeUses({ current: () => keeper.current(), damaged: () => { keeper.damaged(); }, files: keeper.files, candidates: () => Promise.resolve({ files: PATHS }) });
  expect(await everything(uses)).toEqual(await everything(scanned(editor)));
  expect(keeper.current()).toBeUndefined();
  keeper.dispose();
});
