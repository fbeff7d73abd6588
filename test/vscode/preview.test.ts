/** The preview in a real VS Code: what a person sees of a transition, and how they move through it. On the oldest host what everything else rests on. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { MODEL_NAMES } from '../../server/src/simulate';
import { hostVersions } from '../../scripts/vscode/install-host.mjs';
import { git, makeWorkspace } from '../../scripts/vscode/workspace.mjs';
import { KERNEL } from '../sample/edits';
import type { Workbench } from './driver';
import { Preview } from './preview';
import { stageOn } from './stage';

const POLL = { timeout: 30_000, interval: 150 };
const WAITING = join(import.meta.dirname, '../sample/edits/waiting.patch');
const CORE = 'kernel/parcel/core.c';
const COURIER = 'kernel/parcel/courier.c';
const [newest] = hostVersions();

describe.each(hostVersions())('VS Code %s', (version) => {
  const stage = stageOn(version, 'preview');
  /** Nothing is skipped: on the oldest host these are no tests. */
  const onNewest = (name: string, run: () => Promise<void>): void => { if (version === newest) test(name, run); };
  let workbench: Workbench;
  let narrow: Preview;
  let wide: Preview;
  let folder: string;
  let before: string;
  const tree = (): string => git(folder, 'status', '--porcelain') + git(folder, 'diff', 'HEAD');

  beforeAll(async () => {
    folder = makeWorkspace(KERNEL, join(stage.temp, 'kernel'), [WAITING]);
    before = tree();
    // A window whose address names a file opens that one again instead of what was open.
    workbench = version === newest ? await stage.open(folder) : await stage.open(folder, CORE, 88);
    if (version === newest) await workbench.goto(CORE, 88);
    [narrow, wide] = [new Preview(workbench, 'sidebar'), new Preview(workbench, 'editor')];
  });

  test('the waiting edit is simulated: who holds it up, where, until when', async () => {
    await expect.poll(async () => (await workbench.lenses()).join('\n'), POLL).toContain('Simulate Patch');
    await workbench.palette('Livepatch Studio: Simulate Patch');
    await expect.poll(() => narrow.text(), POLL).toMatch(/Completes after \d/);
    expect(await narrow.text()).toMatch(/depot_wait_spa was in depot_wait_space until/);
    expect(await narrow.summary()).toMatch(/^livepatch · mixed · .* · 4 CPUs · 250 Hz · seed 1$/);
    expect(await (await narrow.locator('.log')).innerText()).toContain('starting patching transition');
  });

  test('the time is moved by keys, and told in words', async () => {
    await narrow.pressOnSlider('Home');
    await expect.poll(() => narrow.readout(), POLL).toMatch(/^0\.0 s, 0 of \d+ switched$/);
    await narrow.pressOnSlider('PageUp');
    expect(await narrow.readout()).not.toMatch(/^0\.0 s/);
    expect(await (await narrow.locator('input[type="range"]')).getAttribute('aria-valuetext')).toBe(await narrow.readout());
    await narrow.pressOnSlider('End');
    await expect.poll(() => narrow.readout(), POLL).toMatch(/, (\d+) of \1 switched$/);
    await expect.poll(() => narrow.text(), POLL).toContain('Nobody is in the way');
  });

  test('passes are stepped through, and who is in the way follows', async () => {
    await narrow.pressOnSlider('Home');
    await narrow.click('button', 'Next pass');
    await expect.poll(() => narrow.readout(), POLL).toContain('pass 0,');
    await narrow.click('button', 'Next pass');
    await expect.poll(() => narrow.readout(), POLL).toContain('pass 1,');
    const why = await narrow.locator('.blockers');
    expect(await why.innerText()).toMatch(/depot_wait_spa.*asleep in\s+depot_wait_space/s);
    await narrow.click('button', 'Previous pass');
    await expect.poll(() => narrow.readout(), POLL).toContain('pass 0,');
  });

  onNewest('play runs to the end by itself, and a key in the picture stops where it is pressed', async () => {
    await narrow.pressOnSlider('Home');
    await narrow.click('button', 'Play');
    await expect.poll(() => narrow.readout(), POLL).toMatch(/pass [1-9]/);
    await narrow.click('button', 'Pause');
    const stopped = await narrow.readout();
    await (await narrow.locator('[data-lane][tabindex="0"]')).press('ArrowRight');
    await expect.poll(() => narrow.readout(), POLL).not.toBe(stopped);
  });

  onNewest('a frame of the stack leads to its source', async () => {
    await workbench.palette('View: Close All Editors');
    await (await narrow.locator('.stack .patched button')).first().click();
    await workbench.page.locator('.monaco-editor .view-line', { hasText: 'depot_wait_space' }).first().waitFor();
    expect(await workbench.page.locator('.tab.active').getAttribute('data-resource-name')).toBe('courier.c');
    const line = readFileSync(join(folder, COURIER), 'utf8').split('\n').findIndex((text) => /^\w.* depot_wait_space\(/.test(text)) + 1;
    expect(await workbench.page.locator('.part.statusbar').innerText()).toContain(`Ln ${line},`);
  });

  onNewest('a run follows the edit while it is typed, and its undoing', async () => {
    const lines = readFileSync(join(folder, COURIER), 'utf8').split('\n');
    const at = lines.findIndex((text) => text.includes('depot->count + 1 <'));
    try {
      await workbench.replaceLine(COURIER, at + 1, (lines[at] ?? '').replace(' + 1', ''));
      await expect.poll(() => narrow.text(), POLL).not.toContain('depot_wait_space');
      expect(await narrow.text()).toContain('depot_accept');
      await workbench.undoAll();
      await expect.poll(() => narrow.text(), POLL).toMatch(/depot_wait_spa was in depot_wait_space until/);
    } finally {
      await workbench.palette('View: Revert and Close Editor');
      await workbench.page.locator('.tab').waitFor({ state: 'detached' });
    }
  });

  test('in an editor tab it is the same preview, with more room', async () => {
    await narrow.click('button', 'Open in an editor tab');
    await expect.poll(() => wide.text(), POLL).toMatch(/Completes after \d/);
    expect(await wide.summary()).toBe(await narrow.summary());
    const [picture, words] = await Promise.all(['#column-picture', '#column-words'].map(async (id) => (await wide.locator(id)).boundingBox()));
    expect(words?.x).toBeGreaterThan((picture?.x ?? Infinity) + (picture?.width ?? 0));
  });

  onNewest('all systems are compared, and each can be looked at', async () => {
    await wide.toggle('controls');
    for (const model of MODEL_NAMES) {
      const box = await wide.locator(`#system-${model.replaceAll('.', '\\.')}`);
      if (!(await box.isChecked())) await box.check();
      await expect.poll(async () => (await wide.systems()).some((system) => system.startsWith(`${model} `)) || (await wide.text()).includes(`${model} is not simulated:`), POLL).toBe(true);
    }
    const refused = (await wide.text()).match(/is not simulated:/g)?.length ?? 0;
    expect((await wide.systems()).length + refused).toBe(MODEL_NAMES.length);
    expect((await wide.systems()).length).toBeGreaterThan(5);
    await wide.click('button', /^kpatch/);
    await expect.poll(() => wide.summary(), POLL).toMatch(/^kpatch \+ \d others/);
    expect(await narrow.systems()).toEqual(await wide.systems());
    await wide.toggle('controls');
  });

  onNewest('a lens on two functions says where old and new run side by side', async () => {
    await wide.toggle('lens');
    await expect.poll(() => wide.text(), POLL).toMatch(/depot_wait_space/);
    expect(await (await wide.locator('#lens')).innerText()).toMatch(/livepatch/);
  });

  onNewest('after the window is loaded again, everything is as it was', async () => {
    const shown = async (preview: Preview): Promise<unknown> => [await preview.summary(), await preview.systems(), await preview.readout()];
    const was = await shown(wide);
    await workbench.palette('Developer: Reload Window');
    await expect.poll(() => shown(wide), POLL).toEqual(was);
    await workbench.openView('Live Patch');
    await expect.poll(() => narrow.systems(), POLL).toEqual(await wide.systems());
  });

  onNewest('files of the patch are marked', async () => {
    await workbench.goto(CORE, 1);
    const label = `document.querySelector('.tab.active .monaco-icon-label')`;
    await expect.poll(() => workbench.page.evaluate<string>(`getComputedStyle(${label}, '::after').content`), POLL).toMatch(/\bLP\b/);
  });

  onNewest('the status item says the verdict, and opens the report', async () => {
    await workbench.page.locator('.part.statusbar').getByText('Live patch: unpatchable').click();
    await expect.poll(() => wide.text(), POLL).toMatch(/unpatchable/i);
    expect(await wide.text()).toContain('depot_init');
  });

  test('nothing was written to the tree', () => {
    expect(tree()).toBe(before);
  });
});
