/** Who calls what and who embeds what, as VS Code shows it where clangd is not installed; and the whole kernel's indexing in the status bar. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { kernelSource } from '../../scripts/setup.mjs';
import { hostVersions } from '../../scripts/vscode/install-host.mjs';
import { makeWorkspace } from '../../scripts/vscode/workspace.mjs';
import { KERNEL } from '../sample/edits';
import type { Workbench } from './driver';
import { stageOn } from './stage';

const POLL = { timeout: 60_000, interval: 150 };
const CORE = 'kernel/parcel/core.c';
const HEADER = 'include/linux/parcel.h';
const version = hostVersions()[0] ?? '';

const stage = stageOn(version, 'hierarchies');
let workbench: Workbench;

/** Puts the cursor behind the first letter of a word, on the first line that reads `text`. */
async function goTo(folder: string, file: string, text: string, word: string): Promise<void> {
  const lines = readFileSync(join(folder, file), 'utf8').split('\n');
  const line = lines.findIndex((one) => one.includes(text));
  if (line < 0) throw new Error(`not in ${file}: ${text}`);
  await workbench.goto(file, line + 1);
  for (let column = (lines[line] ?? '').indexOf(word) + 1; column > 0; column -= 1) await workbench.page.keyboard.press('ArrowRight');
}

const tree = async (): Promise<string> => (await workbench.treeRows()).join('\n');

/** Waits until the editor's context menu has these entries, and leaves it open: opened anew each time, as it keeps the entries it opened with. */
async function offered(...entries: readonly string[]): Promise<void> {
  await expect.poll(async () => {
    await workbench.page.keyboard.press('Escape');
    await workbench.page.keyboard.press('Shift+F10');
    return workbench.page.locator('.monaco-menu .action-label').allInnerTexts();
  }, { timeout: 60_000, interval: 500 }).toEqual(expect.arrayContaining([...entries]));
}

/** Runs a command that shows a hierarchy, which moves the focus into it, and waits for its rows. */
async function shows(command: string, rows: RegExp): Promise<void> {
  await workbench.palette(command);
  await expect.poll(tree, POLL).toMatch(rows);
  await workbench.focusEditor();
}

test('the call and the type hierarchy of the sample', async () => {
  const folder = makeWorkspace(KERNEL, join(stage.temp, 'kernel'));
  workbench = await stage.open(folder, CORE, 1);
  await goTo(folder, CORE, 'struct parcel *depot_find', 'depot_find');
  await offered('Show Call Hierarchy', 'Show Type Hierarchy');
  await workbench.screenshot('context-menu');
  await workbench.page.keyboard.press('Escape');
  await shows('Calls: Show Call Hierarchy', /depot_find\s*kernel\/parcel\/core\.c\n\s*__do_sys_parcel_state\s*kernel\/parcel\/syscalls\.c/);
  await workbench.screenshot('calls');
  await goTo(folder, HEADER, 'struct parcel_label {', 'parcel_label');
  await shows('Types: Show Type Hierarchy', /parcel_label\s*include\/linux\/parcel\.h\n\s*parcel\s*include\/linux\/parcel\.h/);
  await workbench.screenshot('types');
  await workbench.close();
});

test('the kernel is indexed in the status bar, and typing goes on', async () => {
  const file = 'fs/read_write.c';
  workbench = await stage.open(kernelSource, file, 1);
  const bar = (): Promise<string> => workbench.page.locator('.part.statusbar').innerText();
  await expect.poll(bar, POLL).toMatch(/Indexing the kernel tree: \d+ %/);
  await workbench.screenshot('indexing');
  await workbench.typeAtLine(file, 2, '/* typed while the tree is indexed */');
  expect(await workbench.page.locator('.monaco-editor .view-lines').first().innerText()).toContain('typed');
  await expect.poll(bar, { timeout: 120_000, interval: 500 }).not.toContain('Indexing');
  await goTo(kernelSource, file, 'ssize_t vfs_read(', 'vfs_read');
  await shows('Calls: Show Call Hierarchy', /vfs_read\s*fs\/read_write\.c\n[^]*ksys_read\s*fs\/read_write\.c/);
  await workbench.screenshot('kernel-calls');
  await workbench.palette('File: Revert File');
  await workbench.close();
});
