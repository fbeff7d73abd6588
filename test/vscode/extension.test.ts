/** The packaged extension in a real VS Code, on every host: what a person sees of the sample kernel's waiting edit. */
import { cpSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { hostVersions } from '../../scripts/vscode/install-host.mjs';
import { git, makeWorkspace } from '../../scripts/vscode/workspace.mjs';
import { KERNEL } from '../sample/edits';
import type { Workbench } from './driver';
import { stageOn } from './stage';

const POLL = { timeout: 30_000, interval: 150 };
const WAITING = join(import.meta.dirname, '../sample/edits/waiting.patch');
const CORE = 'kernel/parcel/core.c';

describe.each(hostVersions())('VS Code %s', (version) => {
  const stage = stageOn(version, 'extension');
  let workbench: Workbench;
  let folder: string;

  const problems = async (): Promise<string> => (await workbench.problems()).join('\n');
  const tree = async (): Promise<string> => (await workbench.treeRows()).join('\n');
  const lenses = async (): Promise<string> => (await workbench.lenses()).join('\n');
  const preview = async (): Promise<string> => workbench.webviewFrame().locator('body').innerText();

  beforeAll(async () => {
    folder = makeWorkspace(KERNEL, join(stage.temp, 'kernel'), [WAITING]);
    workbench = await stage.open(folder, CORE, 88);
  });

  test('lenses stand over the changed functions and say what becomes of them', async () => {
    await expect.poll(lenses, POLL).toMatch(/Patchable · reaches 1 caller/);
    expect(await lenses()).toContain('Simulate Patch');
  });

  test('problems name the rules, at their lines', async () => {
    await expect.poll(problems, POLL).toContain('init-code');
    const rows = await problems();
    for (const rule of ['struct-layout', 'variable-initializer', 'inlined-callers']) expect(rows).toContain(rule);
    expect(rows).toMatch(/depot_init is __init.*\[Ln 199, Col 19\]/);
    await workbench.goto(CORE, 199);
    await expect.poll(() => workbench.squiggles('error'), POLL).toBeGreaterThan(0);
  });

  test('the tree shows objects, functions and findings', async () => {
    await workbench.openView('Live Patch');
    await expect.poll(tree, POLL).toContain('depot_init');
    const rows = await tree();
    expect(rows).toMatch(/vmlinux/);
    for (const name of ['depot_clock_coarse', 'parcel_validate', 'depot_find']) expect(rows).toContain(name);
    expect(rows).toMatch(/depot_accept\s*parcel_validate is inlined here/);
  });

  test('"Simulate Patch" on a lens shows the transition of those functions', async () => {
    await workbench.goto(CORE, 82);
    await expect.poll(lenses, POLL).toContain('Simulate Patch');
    // VS Code draws lenses anew when it scrolls, and a click that falls into it is lost: then a person clicks again.
    await expect.poll(async () => {
      await workbench.clickLens('Simulate Patch');
      return preview();
    }, { timeout: 30_000, interval: 2_000 }).toMatch(/Completes after \d/);
    const text = await preview();
    expect(text).toContain('depot_accept');
    expect(text).toContain('livepatch: enabling patch');
    await workbench.screenshot('overview');
  });

  test('problems and the tree follow an unsaved edit, and its undoing', async () => {
    const lineOf = (text: string): string => text.split('\n').find((line) => line.includes('zone_surcharge[] =')) ?? '';
    const edit = readFileSync(join(folder, CORE), 'utf8');
    const here = edit.slice(0, edit.indexOf(lineOf(edit))).split('\n').length;
    await workbench.replaceLine(CORE, here, lineOf(git(folder, 'show', `HEAD:${CORE}`)));
    await expect.poll(problems, POLL).not.toContain('variable-initializer');
    expect(await problems()).toContain('struct-layout');
    await expect.poll(tree, POLL).not.toContain('variable-initializer');
    await workbench.replaceLine(CORE, here, lineOf(edit));
    await expect.poll(problems, POLL).toContain('variable-initializer');
    await expect.poll(tree, POLL).toContain('variable-initializer');
  });

  test('a function is compared with its baseline in the diff editor', async () => {
    await workbench.goto(CORE, 82);
    await workbench.palette('Livepatch Studio: Show Difference from Baseline');
    await expect.poll(() => workbench.page.locator('.tab.active').innerText(), POLL).toMatch(/parcel_validate: HEAD/);
    const inserted = workbench.page.locator('.monaco-diff-editor .modified .line-insert');
    await expect.poll(() => inserted.count(), POLL).toBeGreaterThan(0);
    // The file has five other edits; only this function differs here.
    expect(await workbench.page.locator('.monaco-diff-editor .modified .view-lines').innerText()).toContain('parcel_validate');
    await workbench.screenshot('difference');
    await workbench.palette('View: Close Editor');
  });

  test('the module source names the functions it replaces', async () => {
    await workbench.palette('Livepatch Studio: Preview Module Source');
    const source = workbench.page.locator('.editor-instance .view-lines');
    await expect.poll(async () => (await source.first().innerText()).replaceAll('\u00a0', ' '), POLL).toContain('#include <linux/livepatch.h>');
    await workbench.palette('View: Revert and Close Editor');
  });

  test('a tree without git says what to do', async () => {
    const plain = join(stage.temp, 'plain');
    cpSync(KERNEL, plain, { recursive: true });
    const other = await stage.open(plain, CORE, 1);
    await other.openView('Live Patch');
    await expect.poll(() => other.page.locator('.sidebar .welcome-view').innerText(), POLL).toContain('not under git');
    expect(await other.page.locator('.sidebar .welcome-view').innerText()).toContain('Choose Baseline');
    await other.screenshot('no-baseline');
    await other.close();
  });

  test('nothing was written to the tree', () => {
    expect(git(folder, 'status', '--porcelain')).toBe(' M kernel/parcel/clock.c\n M kernel/parcel/core.c\n M kernel/parcel/courier.c\n');
  });

  test.each(['light', 'dark', 'high-contrast'] as const)('in the %s theme the view can be read', async (theme) => {
    await workbench.setTheme(theme);
    await workbench.screenshot(`theme-${theme}`);
    await expect.poll(preview, POLL).toMatch(/Completes after \d/);
  });
});
