/** What the tests of the packaged extension stand on: a host with it, and a browser. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll } from 'vitest';
import { startHost, type Host } from '../../scripts/vscode/host.mjs';
import { installHost } from '../../scripts/vscode/install-host.mjs';
import { launchBrowser, Workbench } from './driver';

const VSIX = join(import.meta.dirname, '../../dist/livepatch-studio.vsix');

export interface Stage {
  /** A folder that is there from the start, and gone in the end. */
  readonly temp: string;
  /** A further window; where a test fails, the picture is of the one opened last, of those still open. To be called in hooks and tests only. */
  open(folder: string, file?: string, line?: number): Promise<Workbench>;
}

/** For the tests of the suite it is called in, in front of their own hooks; one that fails leaves a picture and what the server said. */
export function stageOn(version: string, name: string): Stage {
  const temp = mkdtempSync(join(tmpdir(), `livepatch-e2e-${name}-`));
  let browser: Browser | undefined;
  let host: Host | undefined;
  const opened: Workbench[] = [];

  beforeAll(async () => {
    await installHost(version);
    browser = await launchBrowser();
    host = await startHost({ version, vsix: VSIX, stateDir: join(temp, 'host') });
  });

  afterEach(async ({ task }) => {
    const workbench = opened.findLast(({ page }) => !page.isClosed());
    if (task.result?.state !== 'fail' || workbench === undefined) return;
    await workbench.screenshot(`failed-${task.name.replaceAll(/\W+/g, '-')}`);
    process.stderr.write(workbench.serverOutput('Livepatch Studio'));
  });

  afterAll(async () => {
    await browser?.close();
    await host?.stop();
    rmSync(temp, { recursive: true });
  });

  return {
    temp,
    async open(folder, file, line) {
      if (browser === undefined || host === undefined) throw new Error('there is no host');
      const workbench = await Workbench.open(browser, host, folder, file, line);
      opened.push(workbench);
      return workbench;
    },
  };
}
