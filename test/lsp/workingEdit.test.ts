import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Baseline } from '../../server/src/lsp/baseline';
import { WorkingEdit } from '../../server/src/lsp/workingEdit';

const FILES = 40;
const texts = Array.from({ length: FILES }, (_, number) => ({ path: `depot${number}.c`, text: `int depot${number};\n` }));
const baseline: Baseline = {
  choice: { kind: 'git', ref: 'HEAD' },
  label: 'HEAD',
  read: (path) => Promise.resolve({ text: texts.find((file) => file.path === path)?.text ?? '' }),
  changedFiles: () => Promise.resolve([]),
};
let tree = '';

beforeAll(() => {
  tree = mkdtempSync(join(tmpdir(), 'livepatch-edit-'));
  for (const { path, text } of texts) writeFileSync(join(tree, path), text);
});

afterAll(() => {
  rmSync(tree, { recursive: true });
});

test('a file that is closed unchanged leaves nothing behind, however many are opened; one that differs on disk stays', async () => {
  const edit = new WorkingEdit(tree, () => undefined);
  await edit.use(baseline, []);
  for (const { path, text } of texts) {
    edit.setOpen(path, `${text}int added;\n`);
    await edit.readBaselines();
    expect(edit.files().map((file) => file.path)).toEqual([path]);
    edit.setOpen(path, undefined);
    await edit.readDisk(path);
    expect({ files: edit.files(), baselines: edit.baselines }).toEqual({ files: [], baselines: 0 });
  }
  writeFileSync(join(tree, 'depot0.c'), 'int changed;\n');
  await edit.readDisk('depot0.c');
  expect(edit.files()).toEqual([{ path: 'depot0.c', before: 'int depot0;\n', after: 'int changed;\n' }]);
  expect(edit.baselines).toBe(1);
});

test('a file that is opened while its disk is read keeps its baseline', async () => {
  const edit = new WorkingEdit(tree, () => undefined);
  await edit.use(baseline, []);
  const reading = edit.readDisk('depot1.c');
  edit.setOpen('depot1.c', 'int typed;\n');
  await reading;
  expect(edit.files().map(({ before, after }) => ({ before, after }))).toEqual([{ before: 'int depot1;\n', after: 'int typed;\n' }]);
});
