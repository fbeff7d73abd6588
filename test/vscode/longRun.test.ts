/** A run that takes long, in the newest host: how far it is, looking on meanwhile, and cancelling it where it is seen and where it is not. */
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { hostVersions } from '../../scripts/vscode/install-host.mjs';
import { makeWorkspace } from '../../scripts/vscode/workspace.mjs';
import { KERNEL } from '../sample/edits';
import type { Workbench } from './driver';
import { Preview } from './preview';
import { stageOn } from './stage';

const POLL = { timeout: 30_000, interval: 150 };
const WAITING = join(import.meta.dirname, '../sample/edits/waiting.patch');
/** Nine systems with so many tasks of the workload `kvm-host` take a minute of CPU time: no run ends while a test looks at it. */
const MANY = '40000';
const BUSY = /(\d+)% Simulating the transition/;

const stage = stageOn(hostVersions()[0] ?? '', 'long');
let workbench: Workbench;
let narrow: Preview;
let wide: Preview;

beforeAll(async () => {
  workbench = await stage.open(makeWorkspace(KERNEL, join(stage.temp, 'kernel'), [WAITING]), 'kernel/parcel/core.c', 88);
  [narrow, wide] = [new Preview(workbench, 'sidebar'), new Preview(workbench, 'editor')];
});

const percent = async (): Promise<number> => Number(BUSY.exec(await narrow.text())?.[1] ?? -1);

async function setTasks(count: string): Promise<void> {
  const field = await narrow.locator('#set-tasks');
  await field.fill(count);
  await field.press('Enter');
}

test('a small machine is compared at once', async () => {
  await expect.poll(async () => (await workbench.lenses()).join('\n'), POLL).toContain('Simulate Patch');
  await workbench.palette('Livepatch Studio: Simulate Patch');
  await expect.poll(() => narrow.text(), POLL).toMatch(/Completes after \d/);
  await workbench.page.locator('.sidebar .pane-header', { hasText: 'Functions' }).click();
  await narrow.click('button', 'Compare all systems');
  await expect.poll(async () => (await narrow.systems()).length, POLL).toBeGreaterThan(5);
  await narrow.toggle('controls');
  await (await narrow.locator('#set-workload')).selectOption('kvm-host');
  await expect.poll(() => narrow.summary(), POLL).toMatch(/^livepatch \+ \d others · kvm-host ·/);
  await narrow.click('button', 'Open in an editor tab');
  await expect.poll(() => wide.text(), POLL).toContain('Patched: ');
});

test('a long run tells how far it is, and the picture before stays', async () => {
  const shown = await wide.systems();
  await setTasks(MANY);
  await expect.poll(percent, POLL).toBeGreaterThan(0);
  const first = await percent();
  await expect.poll(percent, POLL).toBeGreaterThan(first);
  expect(await wide.systems()).toEqual(shown);
  await workbench.screenshot('long-run');
});

test('meanwhile the picture is zoomed, filtered and turned to another system, each view by itself', async () => {
  const log = async (preview: Preview): Promise<string> => (await preview.locator('#log-lines')).innerText();
  expect(await log(wide)).toContain('starting patching transition');
  await wide.pressOnSlider('End');
  for (let times = 0; times < 4; times++) await wide.click('button', 'Zoom in (+)');
  await expect.poll(() => log(wide), POLL).not.toContain('starting patching transition');
  expect(await log(narrow)).toContain('starting patching transition');
  await wide.click('button', /^kpatch/);
  await expect.poll(() => wide.summary(), POLL).toMatch(/^kpatch \+ \d others/);
  expect(await narrow.summary()).toMatch(/^livepatch \+ \d others/);
  await (await narrow.locator('#filter')).fill('nobody of that name');
  await expect.poll(() => narrow.text(), POLL).toContain('No task matches the filter.');
  expect(await wide.text()).not.toContain('No task matches the filter.');
  expect(await percent()).toBeGreaterThan(0);
  await (await narrow.locator('#filter')).fill('');
});

test('cancelled in the view, it leaves the picture, and the server does not go on', async () => {
  await narrow.click('button', 'Cancel');
  await expect.poll(percent, POLL).toBe(-1);
  expect(await narrow.text()).toContain('Patched: ');
  const before = await narrow.readout();
  await setTasks('300');
  await expect.poll(() => narrow.readout(), POLL).not.toBe(before);
});

test('where no preview is seen a notification tells how far it is, and cancels', async () => {
  await setTasks(MANY);
  await expect.poll(percent, POLL).toBeGreaterThan(0);
  await workbench.palette('View: Close All Editors');
  expect(await workbench.notifications()).toEqual([]);
  await workbench.page.locator('.activitybar a[aria-label^="Explorer"]').click();
  await expect.poll(async () => (await workbench.notifications()).join('\n'), POLL).toMatch(/Simulating the transition: \d+%/);
  await workbench.screenshot('hidden-run');
  await workbench.page.locator('.notification-list-item').getByRole('button', { name: 'Cancel' }).click();
  await expect.poll(() => workbench.notifications(), POLL).toEqual([]);
  await workbench.openView('Live Patch');
  await expect.poll(() => narrow.text(), POLL).toContain('Patched: ');
  expect(await percent()).toBe(-1);
});
