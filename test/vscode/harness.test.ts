/** The harness itself, on every host, with an extension made on the fly: what fails here is not the product. */
import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { startHost } from '../../scripts/vscode/host.mjs';
import type { Host } from '../../scripts/vscode/host.mjs';
import { hostVersions, installHost } from '../../scripts/vscode/install-host.mjs';
import { git, makeWorkspace } from '../../scripts/vscode/workspace.mjs';
import { packDummyExtension } from './dummy-extension';
import { Workbench, launchBrowser } from './driver';

const POLL = { timeout: 20_000, interval: 100 };
const BEFORE = '/* One. */\n\nint one(void)\n{ return 1; }\n';
const EDIT = `--- a/kernel/one.c
+++ b/kernel/one.c
@@ -3,2 +3,2 @@
 int one(void)
-{ return 1; }
+{ return bad; }
`;

const temp = mkdtempSync(join(tmpdir(), 'livepatch-harness-'));
let browser: Browser;
let vsix: string;
let folder: string;

beforeAll(async () => {
  mkdirSync(join(temp, 'tree/kernel'), { recursive: true });
  writeFileSync(join(temp, 'tree/kernel/one.c'), BEFORE);
  writeFileSync(join(temp, 'edit.patch'), EDIT);
  folder = makeWorkspace(join(temp, 'tree'), join(temp, 'work'), [join(temp, 'edit.patch')]);
  vsix = await packDummyExtension(join(temp, 'extension'));
  browser = await launchBrowser();
});

afterAll(async () => {
  await browser.close();
  rmSync(temp, { recursive: true });
});

test('a work folder has its baseline at HEAD and the edit in the tree', () => {
  expect(git(folder, 'rev-parse', 'HEAD').trim()).toBe(git(makeWorkspace(join(temp, 'tree'), join(temp, 'again')), 'rev-parse', 'HEAD').trim());
  expect(git(folder, 'diff', '--stat', 'HEAD')).toContain('kernel/one.c | 2 +-');
  expect(() => makeWorkspace(join(temp, 'tree'), join(temp, 'twice'), [join(temp, 'edit.patch'), join(temp, 'edit.patch')])).toThrow(/patch does not apply/);
});

describe.each(hostVersions())('VS Code %s', (version) => {
  let host: Host;
  let workbench: Workbench;

  beforeAll(async () => {
    await installHost(version);
    host = await startHost({ version, vsix, stateDir: join(temp, version) });
    workbench = await Workbench.open(browser, host, folder, 'kernel/one.c', 4);
  });

  afterEach(async ({ task }) => {
    if (task.result?.state === 'fail') await workbench.screenshot(`failed-${task.name}`);
  });

  afterAll(async () => {
    await host.stop();
    expect(() => process.kill(-host.pid, 0)).toThrow('ESRCH');
  });

  test('the window shows what an extension gives', async () => {
    await expect.poll(() => workbench.squiggles(), POLL).toBe(1);
    await expect.poll(() => workbench.lenses(), POLL).toEqual(['dummy lens']);
    await expect.poll(() => workbench.problems(), POLL).toEqual([expect.stringContaining('one.c'), 'this is bad dummy badness [Ln 4, Col 10]']);
    await workbench.openView('Dummy Container');
    await workbench.openView('Dummy Container');
    await expect.poll(() => workbench.treeRows(), POLL).toEqual(['root', '  child']);
    await workbench.clickTreeRow('root');
    await expect.poll(() => workbench.treeRows(), POLL).toEqual(['root']);
    await expect.poll(() => workbench.webviewFrame().locator('h1').innerText(), POLL).toBe('Dummy page');
  });

  test('commands run from the palette and from a lens', async () => {
    await workbench.palette('Dummy: Say Hello');
    await expect.poll(() => workbench.notifications(), POLL).toEqual(['hello from palette']);
    await workbench.clickLens('dummy lens');
    await expect.poll(() => workbench.notifications(), POLL).toContain('hello from lens');
    await expect.poll(() => workbench.serverOutput('Dummy Output'), POLL).toBe('active\nhello from palette\nhello from lens\n');
    await expect.poll(() => workbench.serverOutput('Dummy Log'), POLL).toContain('active');
  });

  test('edits are seen and not saved', async () => {
    await workbench.typeAtLine('kernel/one.c', 1, '/* bad */\n/* bad */\n');
    await expect.poll(() => workbench.squiggles(), POLL).toBe(3);
    await workbench.replaceLine('kernel/one.c', 6, '{ return 2; }');
    await expect.poll(() => workbench.squiggles(), POLL).toBe(2);
    expect(git(folder, 'diff', 'HEAD')).toContain('+{ return bad; }');
  });

  test('themes change, and pictures are kept', async () => {
    await workbench.setTheme('dark');
    await workbench.setTheme('high-contrast');
    await workbench.setTheme('light');
    expect(statSync(await workbench.screenshot('harness')).size).toBeGreaterThan(10_000);
  });
});
