/** `check TREE --patch FILE` on the kernel tree as Debian packs it. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createTwoFilesPatch } from 'diff';
import { afterAll, describe, expect, it } from 'vitest';
import { kernelSource } from '../../scripts/setup.mjs';
import { cli } from '../cli/program';
import { edits, headerEdits, textsOf, type KernelEdit } from './edits';
import { expectedOf, reportedOf, withoutThrough, type Report } from './judging';

const folder = mkdtempSync(join(tmpdir(), 'livepatch-system-'));
afterAll(() => { rmSync(folder, { recursive: true }); });

const STATUS = { patchable: 0, unpatchable: 1, undecided: 3 } as const;

function patchOf(edit: KernelEdit): string {
  const patch = join(folder, 'edit.patch');
  writeFileSync(patch, [...textsOf(edit, kernelSource)].map(([path, { before, after }]) => createTwoFilesPatch(`a/${path}`, `b/${path}`, before, after)).join(''));
  return patch;
}

/** Every fourth edit, and so some of each verdict and of each file. */
const chosen = edits.filter((_, index) => index % 4 === 0);

describe('check --format json', () => {
  it('is tried on every verdict an edit of a .c file can have', () => {
    expect(new Set(chosen.map((edit) => edit.verdict))).toEqual(new Set(edits.map((edit) => edit.verdict)));
  });

  it.each(chosen)('$name', (edit) => {
    const { status, stdout, stderr } = cli(['check', kernelSource, '--patch', patchOf(edit), '--format', 'json']);
    expect({ status, stderr }).toEqual({ status: STATUS[edit.verdict], stderr: '' });
    const report = JSON.parse(stdout) as Report & { kernelVersion: string };
    expect(reportedOf(report)).toEqual(withoutThrough(expectedOf(edit)));
    expect(report.kernelVersion).toMatch(/^6\.1\.\d+$/);
  });

  it.each(headerEdits.slice(0, 1))('$name: undecided where there is neither git nor an index', (edit) => {
    const { status, stdout } = cli(['check', kernelSource, '--patch', patchOf(edit), '--format', 'json'], { env: { PATH: folder } });
    expect(status).toBe(STATUS.undecided);
    expect(stdout).toContain('is not known in full: git is not installed, and only 6000 files around ');
  });

  it.each(headerEdits.slice(0, 1))('$name: decided once there is an index', (edit) => {
    const env = { XDG_CACHE_HOME: folder };
    expect(cli(['index', kernelSource], { env }).stdout).toMatch(/^5\d{4} files in the index: 5\d{4} scanned, 0 gone\n/);
    const { status, stdout } = cli(['check', kernelSource, '--patch', patchOf(edit), '--format', 'json'], { env });
    expect(status).toBe(STATUS[edit.verdict]);
    expect(reportedOf(JSON.parse(stdout) as Report)).toEqual(withoutThrough(expectedOf(edit)));
  });
});
