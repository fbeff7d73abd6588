/** What goes into the preview and comes out of it, through the newest host's own dialogs: snapshots, scenario files, exports. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { hostVersions } from '../../scripts/vscode/install-host.mjs';
import { git, makeWorkspace } from '../../scripts/vscode/workspace.mjs';
import { KERNEL } from '../sample/edits';
import type { Workbench } from './driver';
import { Preview } from './preview';
import { stageOn } from './stage';

const POLL = { timeout: 30_000, interval: 150 };
const WAITING = join(import.meta.dirname, '../sample/edits/waiting.patch');
const FIXTURES = join(import.meta.dirname, '../simulate/snapshots/fixtures');
const version = hostVersions()[0] ?? '';

const stage = stageOn(version, 'scenarios');
let workbench: Workbench;
let preview: Preview;
let folder: string;

beforeAll(async () => {
  folder = makeWorkspace(KERNEL, join(stage.temp, 'kernel'), [WAITING]);
  workbench = await stage.open(folder, 'kernel/parcel/core.c', 88);
  preview = new Preview(workbench, 'sidebar');
});

test('the edit is simulated', async () => {
  await expect.poll(async () => (await workbench.lenses()).join('\n'), POLL).toContain('Simulate Patch');
  await workbench.palette('Livepatch Studio: Simulate Patch');
  await expect.poll(() => preview.text(), POLL).toMatch(/Completes after \d/);
  await preview.toggle('table');
});

async function importSnapshot(path: string): Promise<void> {
  await preview.click('button', /^Import a snapshot of tasks/);
  await workbench.chooseFile(path);
}

test.each([
  ['collector.klpsnap', 'kthreadd'],
  ['sysrq-6.1-dmesg.log', 'klp_kwait'],
  ['hung-tasks-6.1-dmesg.log', 'insmod'],
  ['crash-foreach-bt.txt', 'nfsd'],
  ['perf-sched-switch.txt', 'bash'],
  ['bpftrace-printf.txt', 'git'],
  ['offcputime.txt', 'redis server'],
  ['proc-loop.txt', 'make'],
])('a snapshot of the form of %s is imported, with its task %s', async (file, comm) => {
  await importSnapshot(join(FIXTURES, file));
  await expect.poll(() => preview.summary(), POLL).toContain(file);
  expect(await (await preview.locator('#table')).innerText()).toContain(comm);
});

test.each([
  ['proc-tail.txt', /\d+ tasks/],
  ['proc-grep.txt', /\d+ tasks/],
  ['patch-state.txt', /\d+ tasks/],
  ['bpftrace-map.txt', /\d+ tasks/],
  ['bpftrace-profile.txt', /\d+ tasks/],
  ['perf-cpu-clock.txt', /\d+ tasks/],
])('a snapshot of the form of %s, which names no task or few, is imported', async (file, tasks) => {
  await importSnapshot(join(FIXTURES, file));
  await expect.poll(() => preview.summary(), POLL).toContain(file);
  await preview.toggle('basis');
  expect(await (await preview.locator('#basis')).innerText()).toMatch(tasks);
  await preview.toggle('basis');
});

test('names from a hostile snapshot, and of its file, stay text', async () => {
  const markup = '<img src=x onerror=document.title=1>';
  const file = join(stage.temp, `${markup}.klpsnap`);
  const task = (pid: number, comm: string, frame: string): string => `task comm="${comm}" pid=${pid} tgid=${pid} state=S kthread=0\n[<0>] ${frame}+0x10/0x20\n[<0>] depot_wait_space+0x10/0x20\n[<0>] do_syscall_64+0x71/0x280\n\n`;
  writeFileSync(file, `machine release="6.1.192" arch="x86_64" cpus="2" hz="250" preempt="dynamic" unwinder="orc" reliable_stacks="1" livepatch="1"\n\n${task(70, markup, 'schedule')}${task(71, '&lt;b&gt;', '<script>alert(1)</script>')}`);
  await importSnapshot(file);
  await expect.poll(() => preview.summary(), POLL).toContain(markup);
  await expect.poll(() => preview.text(), POLL).toContain('<img src=x');
  expect(await preview.text()).toContain('&lt;b&gt;');
  expect(await (await preview.locator('#preview img, #preview script, #preview b')).count()).toBe(0);
});

test('a scenario is saved, edited, and simulated by its lens', async () => {
  await preview.click('button', 'Import a snapshot of tasks (or drop the file here)');
  await workbench.chooseFile(join(FIXTURES, 'collector.klpsnap'));
  await expect.poll(() => preview.summary(), POLL).toContain('collector.klpsnap');
  const file = join(stage.temp, 'night.klpsim.json');
  await preview.click('button', 'Save scenario');
  await workbench.chooseFile(file);
  await expect.poll(() => workbench.page.locator('.tab.active').getAttribute('data-resource-name'), POLL).toBe('night.klpsim.json');
  const saved = JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>;
  expect(saved).toMatchObject({ systems: ['livepatch'], seed: 1, hz: 250 });
  expect(join(stage.temp, String(saved['snapshot']))).toBe(join(FIXTURES, 'collector.klpsnap'));
  const lines = readFileSync(file, 'utf8').split('\n');
  const line = lines.findIndex((text) => text.includes('"seed"')) + 1;
  await workbench.page.keyboard.press('Control+g');
  await workbench.page.locator('.quick-input-widget input.input').fill(`:${line}`);
  await workbench.page.keyboard.press('Enter');
  await workbench.page.keyboard.press('Home');
  await workbench.page.keyboard.press('Shift+End');
  await workbench.page.keyboard.insertText(`  "seed": 7${lines[line - 1]?.endsWith(',') === true ? ',' : ''}`);
  await expect.poll(async () => (await workbench.lenses()).join('\n'), POLL).toContain('Simulate');
  await workbench.clickLens('Simulate');
  await expect.poll(() => preview.summary(), POLL).toMatch(/seed 7$/);
  await workbench.save();
  await workbench.palette('View: Close All Editors');
});

test('the saved scenario is opened again', async () => {
  await workbench.palette('Livepatch Studio: Simulate Patch');
  await (await preview.locator('#controls > summary')).click();
  await (await preview.locator('#set-workload')).selectOption('idle');
  await expect.poll(() => preview.summary(), POLL).toContain('· idle ·');
  await preview.click('button', 'Open scenario');
  await workbench.chooseFile(join(stage.temp, 'night.klpsim.json'));
  await expect.poll(() => preview.summary(), POLL).toMatch(/collector\.klpsnap.*seed 7$/);
});

test.each([
  ['Save picture as SVG…', 'picture.svg', [/^<svg [^>]*xmlns=/, /<\/svg>\s*$/, /livepatch/]],
  ['Save change request (Markdown)…', 'request.md', [/^# /m, /unpatchable/i, /depot_wait_space/, /6\.18\.44|6\.1\.192/]],
])('%s', async (item, name, parts) => {
  const file = join(stage.temp, name);
  await (await preview.locator('#export > summary')).click();
  await preview.click('button', item);
  await workbench.chooseFile(file);
  await expect.poll(() => workbench.notifications(), POLL).toContainEqual(expect.stringContaining(name));
  const text = readFileSync(file, 'utf8');
  for (const part of parts) expect(text).toMatch(part);
});

test('the picture is saved as a PNG', async () => {
  const file = join(stage.temp, 'picture.png');
  await (await preview.locator('#export > summary')).click();
  await preview.click('button', 'Save picture as PNG…');
  await workbench.chooseFile(file);
  await expect.poll(() => workbench.notifications(), POLL).toContainEqual(expect.stringContaining('picture.png'));
  const bytes = readFileSync(file);
  expect(bytes.subarray(1, 4).toString('latin1')).toBe('PNG');
  expect(bytes.readUInt32BE(16)).toBeGreaterThan(300);
});

test('nothing was written to the tree but what the edit had', () => {
  expect(git(folder, 'status', '--porcelain')).toBe(' M kernel/parcel/clock.c\n M kernel/parcel/core.c\n M kernel/parcel/courier.c\n');
});
