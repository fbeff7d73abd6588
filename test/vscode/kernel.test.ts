/** The real kernel's source in the newest host: an edit of a function that many tasks sleep in. */
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { kernelSource } from '../../scripts/setup.mjs';
import { startHost, type Host } from '../../scripts/vscode/host.mjs';
import { hostVersions, installHost } from '../../scripts/vscode/install-host.mjs';
import { makeWorkspace } from '../../scripts/vscode/workspace.mjs';
import { ARTIFACTS, launchBrowser, Workbench } from './driver';

const POLL = { timeout: 30_000, interval: 150 };
const VSIX = join(import.meta.dirname, '../../dist/livepatch-studio.vsix');
const SELECT = 'fs/select.c';
const version = hostVersions()[0] ?? '';

const temp = mkdtempSync(join(tmpdir(), 'livepatch-e2e-kernel-'));
let browser: Browser;
let host: Host | undefined;
let workbench: Workbench;
let folder: string;

beforeAll(async () => {
  await installHost(version);
  for (const path of ['Makefile', 'Kbuild', 'Kconfig', 'fs/Makefile', SELECT]) {
    mkdirSync(dirname(join(temp, 'part', path)), { recursive: true });
    cpSync(join(kernelSource, path), join(temp, 'part', path));
  }
  folder = makeWorkspace(join(temp, 'part'), join(temp, 'linux'));
  browser = await launchBrowser();
  host = await startHost({ version, vsix: VSIX, stateDir: join(temp, 'host') });
  workbench = await Workbench.open(browser, host, folder, SELECT, 1);
});

afterAll(async () => {
  await browser.close();
  await host?.stop();
  rmSync(temp, { recursive: true });
});

test('the preview says who sleeps in do_sys_poll, and that signals free them', async () => {
  const preview = async (): Promise<string> => workbench.webviewFrame().locator('body').innerText();
  const text = readFileSync(join(folder, SELECT), 'utf8');
  const body = text.indexOf('{', text.search(/^(static )?int do_sys_poll\(/m));
  expect(body).toBeGreaterThan(0);
  const line = text.slice(0, body).split('\n').length + 1;
  await workbench.typeAtLine(SELECT, line, '\tbarrier();\n');
  await expect.poll(async () => (await workbench.lenses()).join('\n'), POLL).toContain('Simulate Patch');
  // A click that falls into the redrawing of lenses is lost: then a person clicks again.
  await expect.poll(async () => {
    await workbench.clickLens('Simulate Patch');
    return preview();
  }, { timeout: 30_000, interval: 2_000 }).toMatch(/Completes after 1[5-7]\.\d s/);
  expect(await preview()).toMatch(/do_sys_poll/);
  expect(await preview()).toMatch(/livepatch: signaling remaining tasks/);
  mkdirSync(ARTIFACTS, { recursive: true });
  await workbench.page.locator('iframe.webview.ready').first().screenshot({ path: join(ARTIFACTS, `${version}-preview.png`) });
});
