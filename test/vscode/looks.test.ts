/** How the preview looks, in the newest host: golden pictures, which the README shows, and what axe-core says of it, in each theme and at both widths. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startHost, type Host } from '../../scripts/vscode/host.mjs';
import { hostVersions, installHost } from '../../scripts/vscode/install-host.mjs';
import { makeWorkspace } from '../../scripts/vscode/workspace.mjs';
import { KERNEL } from '../sample/edits';
import { launchBrowser, Workbench } from './driver';
import { expectPicture } from './pictures';
import { Preview, setSideBarWidth } from './preview';

const POLL = { timeout: 30_000, interval: 150 };
const VSIX = join(import.meta.dirname, '../../dist/livepatch-studio.vsix');
const WAITING = join(import.meta.dirname, '../sample/edits/waiting.patch');
const version = hostVersions()[0] ?? '';

/** The narrowest side bar that the preview is made for, and a window in which the editor beside it takes 1000, in pixels. */
const NARROW = 280;
const WINDOW = { width: 1340, height: 1200 };
/** Beside upstream's: one that stops the machine, one that asks each task, one that starts another kernel. */
const COMPARED = ['kpatch', 'kgraft', 'kexec'];

const temp = mkdtempSync(join(tmpdir(), 'livepatch-e2e-looks-'));
let browser: Browser;
let host: Host | undefined;
let workbench: Workbench;
let narrow: Preview;
let wide: Preview;

beforeAll(async () => {
  await installHost(version);
  const folder = makeWorkspace(KERNEL, join(temp, 'kernel'), [WAITING]);
  browser = await launchBrowser();
  host = await startHost({ version, vsix: VSIX, stateDir: join(temp, 'host') });
  workbench = await Workbench.open(browser, host, folder, 'kernel/parcel/core.c', 88);
  [narrow, wide] = [new Preview(workbench, 'sidebar'), new Preview(workbench, 'editor')];
  await workbench.page.setViewportSize(WINDOW);
});

afterAll(async () => {
  await browser.close();
  await host?.stop();
  rmSync(temp, { recursive: true });
});

test('the edit is simulated and compared, narrow and wide', async () => {
  await expect.poll(async () => (await workbench.lenses()).join('\n'), POLL).toContain('Simulate Patch');
  await workbench.palette('Livepatch Studio: Simulate Patch');
  await expect.poll(() => narrow.text(), POLL).toMatch(/Completes after \d/);
  await setSideBarWidth(workbench, NARROW);
  await workbench.page.locator('.sidebar .pane-header', { hasText: 'Functions' }).click();
  await narrow.click('button', 'Open in an editor tab');
  await expect.poll(() => wide.text(), POLL).toMatch(/Completes after \d/);
  await wide.toggle('controls');
  for (const [at, model] of COMPARED.entries()) {
    await (await wide.locator(`#system-${model}`)).check();
    await expect.poll(async () => (await wide.systems()).length, POLL).toBe(at + 2);
  }
  await wide.toggle('controls');
  await wide.toggle('lens');
});

describe.each(['light', 'dark', 'high-contrast'] as const)('%s', (theme) => {
  beforeAll(async () => {
    await workbench.setTheme(theme);
  });

  test.each(['narrow', 'wide'] as const)('%s: as it was', async (width) => {
    expectPicture(`preview-${theme}-${width}`, await (width === 'narrow' ? narrow : wide).picture());
  });

  test.each(['narrow', 'wide'] as const)('%s: no serious barrier', async (width) => {
    expect(await (width === 'narrow' ? narrow : wide).graveViolations()).toEqual([]);
  });
});

/** The system takes the place of the theme's colors, as high contrast of Windows does: nothing may vanish that is drawn as a background or by a theme's color alone. */
test('forced colors, narrow: as it was', async () => {
  await workbench.setTheme('dark');
  await workbench.page.emulateMedia({ forcedColors: 'active', colorScheme: 'dark' });
  try {
    expectPicture('preview-forced-colors-narrow', await narrow.picture());
  } finally {
    await workbench.page.emulateMedia({ forcedColors: 'none', colorScheme: null });
  }
});
