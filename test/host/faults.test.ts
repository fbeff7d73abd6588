/**
 * A file that cannot be read, a git that fails: for every call an analysis makes of its ports, the same analysis with that call failing. It never
 * throws, and either comes to the same result or says what could not be read, and then it is not "patchable" where it was not.
 */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { analyze } from '../../server/src/analysis';
import { editByPatches, editSinceCommit, type Edit } from '../../server/src/host/edit';
import { nodeGit } from '../../server/src/host/git';
import { nodeHost } from '../../server/src/host/node';
import type { Host } from '../../server/src/host/ports';
import { openBaseline } from '../../server/src/lsp/baseline';
import { WorkingEdit } from '../../server/src/lsp/workingEdit';
import { checkJson, type CheckJson } from '../../server/src/report/check';
import type { EditedFile } from '../../server/src/result';
import { FakeFiles, FakeGit, ROOT } from '../kernel/fakes';
import { allEdits, KERNEL } from '../sample/edits';
import { FAULT, faulty } from './faults';
import { Repository } from './repository';

const files = new FakeFiles(
  Object.fromEntries(readdirSync(KERNEL, { recursive: true, encoding: 'utf8' }).filter((path) => statSync(join(KERNEL, path)).isFile()).map((path) => [path, readFileSync(join(KERNEL, path), 'utf8')])),
);
const unconfigured = Object.fromEntries(Object.entries(files.files).filter(([path]) => path !== '.config'));
const hosts: Record<string, Host> = {
  'a tree in git': { files, git: new FakeGit(files) },
  'a tree without git': { files },
  'a tree without .config': { files: new FakeFiles(unconfigured) },
};

describe.each(Object.entries(hosts))('%s', (_, host) => {
  it.each(allEdits().map(({ name, patchFile }) => [name, patchFile]))('%s', { timeout: 300_000 }, async (_name, patchFile) => {
    const edit = await editByPatches(KERNEL, [patchFile]);
    const sound = faulty(host, 0);
    const truth = await judged(edit, sound.host);
    expect(sound.calls()).toBeGreaterThan(5);
    const silent: string[] = [];
    for (let failing = 1; failing <= sound.calls(); failing += 1) {
      const broken = faulty(host, failing);
      const result = await judged(edit, broken.host);
      const isSame = JSON.stringify(result) === JSON.stringify(truth);
      const isSaid = result.verdict !== 'patchable' && result.reasons.some((reason) => reason.includes(FAULT));
      if (!isSame && !isSaid) silent.push(`${failing}: ${broken.failed()}: ${result.verdict} (${truth.verdict}) ${result.reasons.join('; ')}`);
    }
    expect(silent).toEqual([]);
  });
});

describe('the edit itself', () => {
  const repo = new Repository({ 'fs/x.c': 'int x;\n', 'fs/y.c': 'int y;\n' });
  repo.write({ 'fs/x.c': 'int x = 1;\n', 'fs/y.c': 'int y = 2;\n' });
  afterAll(() => { repo.remove(); });

  it.each<[string, (host: Host) => Promise<readonly EditedFile[]>]>([
    ['against a commit', async ({ git }) => (await editSinceCommit(git ?? nodeGit, repo.path, 'HEAD')).files],
    ['against the baseline of an editor', async (host) => {
      const baseline = await openBaseline({ kind: 'git', ref: 'HEAD' }, repo.path, host);
      const edit = new WorkingEdit(repo.path, () => undefined);
      await edit.use(baseline, await baseline.changedFiles());
      return edit.files();
    }],
  ])('%s: it fails, or says which file it could not read', async (_, read) => {
    const sound = faulty(nodeHost, 0);
    const truth = await read(sound.host);
    expect(truth).toHaveLength(2);
    expect(sound.calls()).toBeGreaterThan(4);
    for (let failing = 1; failing <= sound.calls(); failing += 1) {
      const outcome = await read(faulty(nodeHost, failing).host).catch((error: unknown) => (error as Error).message);
      const unread = typeof outcome === 'string' ? [outcome] : outcome.flatMap(({ unreadable }) => unreadable ?? []);
      expect(unread).toEqual([expect.stringContaining(FAULT)]);
      if (typeof outcome !== 'string') expect(outcome.map(({ path }) => path)).toEqual(truth.map(({ path }) => path));
    }
  });
});

async function judged(edit: Edit, host: Host): Promise<CheckJson> {
  const { overlay } = edit;
  const readAfter = (path: string): string | undefined => (overlay?.has(path) === true ? (overlay.get(path) ?? '') : undefined);
  const analysis = await analyze(edit.files, { root: ROOT, host, readAfter }, { profile: 'klp-build', kernelVersion: '6.1.0' });
  return checkJson(analysis, { name: 'livepatch-studio', version: '0' });
}
