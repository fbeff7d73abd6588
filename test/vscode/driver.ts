import { mkdirSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import type { Browser, FrameLocator, Locator, Page } from 'playwright-core';
import { expect } from 'vitest';
import type { Host } from '../../scripts/vscode/host.mjs';

/** Where screenshots go. */
export const ARTIFACTS = join(fileURLToPath(new URL('.', import.meta.url)), '../artifacts/vscode');

/** Themes that every host has: the label that the picker shows, and the class that marks the workbench. */
const THEMES = {
  light: { label: 'Light (Visual Studio)', marker: 'vs' },
  dark: { label: 'Dark (Visual Studio)', marker: 'vs-dark' },
  'high-contrast': { label: 'Dark High Contrast', marker: 'hc-black' },
  'high-contrast-light': { label: 'Light High Contrast', marker: 'hc-light' },
} as const;

/** Starts Debian's chromium, or the one that the environment variable CHROMIUM names. */
export function launchBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
    args: [
      '--no-sandbox', // chromium's own sandbox does not run as root
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      // Letters are drawn alike on every machine: no screen's subpixels, no hinting, no screen's colors.
      '--disable-lcd-text',
      '--font-render-hinting=none',
      '--force-color-profile=srgb',
    ],
  });
}

/**
 * One VS Code window, as a person uses it. Lists are what is in sight at the moment of the call: VS Code draws
 * only the visible rows, and features answer in their own time, so ask through `expect.poll`.
 */
export class Workbench {
  private constructor(
    readonly page: Page,
    readonly host: Host,
  ) {}

  /** Opens a folder, and a file in it at a line counted from 1, in a window of its own. */
  static async open(browser: Browser, host: Host, folder: string, file?: string, line?: number): Promise<Workbench> {
    const page = await browser.newPage({ viewport: { width: 1400, height: 900 } });
    await page.goto(host.url(folder, file, line));
    await page.locator('.monaco-workbench .part.statusbar').waitFor();
    if (file !== undefined) await page.locator('.monaco-editor .view-line').first().waitFor();
    return new Workbench(page, host);
  }

  async close(): Promise<void> {
    await this.page.close();
  }

  /** Runs a command by its title in the palette ("Category: Title" where it has a category). */
  async palette(title: string): Promise<void> {
    await this.page.keyboard.press('F1');
    await this.pick(`>${title}`, title);
  }

  /** Opens a file (by its path in the folder) with the cursor at the start of a line, counted from 1. */
  async goto(file: string, line: number): Promise<void> {
    await this.page.keyboard.press('Control+p');
    await this.pick(`${file}:${line}`, file.slice(file.lastIndexOf('/') + 1));
    await this.page.locator('.monaco-editor.focused').first().waitFor();
    await this.page.locator('.part.statusbar', { hasText: `Ln ${line}, Col 1` }).waitFor();
  }

  /** Inserts text at the start of a line (counted from 1) as one edit; nothing is saved. */
  async typeAtLine(file: string, line: number, text: string): Promise<void> {
    await this.goto(file, line);
    await this.page.keyboard.insertText(text);
  }

  /** Replaces one line's text (counted from 1); nothing is saved. */
  async replaceLine(file: string, line: number, text: string): Promise<void> {
    await this.goto(file, line);
    await this.page.keyboard.press('Shift+End');
    await this.page.keyboard.insertText(text);
  }

  /** Takes back what was typed in the active editor, to the text that is saved: VS Code undoes word by word. */
  async undoAll(): Promise<void> {
    await expect.poll(async () => {
      await this.page.keyboard.press('Control+z');
      return this.page.locator('.tab.active.dirty').count();
    }, { timeout: 10_000, interval: 50 }).toBe(0);
  }

  /** Moves the focus to the first editor group. */
  async focusEditor(): Promise<void> {
    await this.page.keyboard.press('Control+1');
  }

  async save(): Promise<void> {
    await this.page.keyboard.press('Control+s');
  }

  /** Rows of the Problems view: a file's row, then its problems as "message source code [Ln 1, Col 1]". */
  async problems(): Promise<string[]> {
    const panel = this.page.locator('.markers-panel');
    if (!(await panel.isVisible())) await this.palette('Problems: Focus on Problems View');
    await panel.waitFor();
    return texts(panel.locator('.monaco-list-row'));
  }

  /** How many squiggles of a severity are drawn in the visible editors. */
  async squiggles(severity: 'error' | 'warning' | 'info' | 'hint' = 'error'): Promise<number> {
    return this.page.locator(`.monaco-editor .squiggly-${severity}`).count();
  }

  /**
   * Titles of the code lenses drawn in the visible editors, from top to bottom. VS Code drops a pending request for
   * lenses when the editor loses the focus, and shows remembered ones that cannot be clicked (not listed here) until
   * it has asked: wait for the first ones before going elsewhere, or focusEditor() again.
   * One over a file's first line may be scrolled out of sight.
   */
  async lenses(): Promise<string[]> {
    return texts(this.page.locator('.codelens-decoration a'));
  }

  /** Clicks the first code lens whose title contains the text. */
  async clickLens(text: string): Promise<void> {
    await this.focusEditor();
    await this.page.locator('.codelens-decoration a', { hasText: text }).first().click();
  }

  /** Shows a view container of the activity bar by its title; one that is shown already stays. */
  async openView(container: string): Promise<void> {
    const item = this.page.locator('.activitybar .action-item', {
      // The label goes on with the badge's text when there is a badge.
      has: this.page.locator(`a[aria-label="${container}"], a[aria-label^="${container} "]`),
    });
    await item.waitFor();
    if (!((await item.getAttribute('class')) ?? '').includes('checked')) await item.click();
    await this.page.locator('.sidebar .composite.title', { hasText: new RegExp(container, 'i') }).waitFor();
  }

  /** Rows of the side bar's trees, from top to bottom, indented by two spaces a level. */
  async treeRows(): Promise<string[]> {
    const rows = await this.page.locator('.sidebar .monaco-list-row').all();
    return Promise.all(
      rows.map(async (row) => {
        const level = Number((await row.getAttribute('aria-level')) ?? '1');
        return '  '.repeat(level - 1) + oneLine(await row.innerText());
      }),
    );
  }

  /** Clicks the first row of the side bar's trees that contains the text: runs its command, or opens and closes it. */
  async clickTreeRow(text: string): Promise<void> {
    await this.page.locator('.sidebar .monaco-list-row', { hasText: text }).first().click();
  }

  /** The inside of the webview that is shown. */
  webviewFrame(): FrameLocator {
    return this.page.locator('iframe.webview.ready').first().contentFrame().frameLocator('iframe#active-frame');
  }

  /** Answers a file dialog that is opening: it asks for a path, for files to open and to save alike. */
  async chooseFile(path: string): Promise<void> {
    const input = this.page.locator('.quick-input-widget input.input');
    const widget = this.page.locator('.quick-input-widget');
    const rows = widget.locator('.quick-input-list .monaco-list-row');
    // While the dialog reads a folder it takes back what is typed, and Enter is lost: then a person does it again.
    await rows.first().waitFor();
    const [first] = readdirSync(dirname(path), { withFileTypes: true }).sort((one, other) => Number(other.isDirectory()) - Number(one.isDirectory()) || one.name.localeCompare(other.name, 'en'));
    await expect.poll(async () => {
      if (!(await widget.isVisible())) return true;
      if ((await input.inputValue()) !== path) await input.fill(path);
      else if (await rows.filter({ hasText: first?.name ?? '..' }).first().isVisible()) await this.page.keyboard.press('Enter');
      return false;
    }, { timeout: 20_000, interval: 500 }).toBe(true);
  }

  /** Messages of the notifications that are shown. */
  async notifications(): Promise<string[]> {
    return texts(this.page.locator('.notification-list-item-message'));
  }

  /** Everything written so far to an output channel. */
  serverOutput(channel: string): string {
    return this.host.output(channel);
  }

  /** Changes the color theme, through its picker: a server's windows do not watch their user settings file. */
  async setTheme(theme: keyof typeof THEMES): Promise<void> {
    const { label, marker } = THEMES[theme];
    await this.palette('Preferences: Color Theme');
    await this.pick(label, label);
    await this.page.locator(`.monaco-workbench.${marker}`).first().waitFor();
  }

  /** Keeps a picture of the window as HOST-NAME.png among the artifacts; returns its path. */
  async screenshot(name: string): Promise<string> {
    mkdirSync(ARTIFACTS, { recursive: true });
    const path = join(ARTIFACTS, `${this.host.version}-${name}.png`);
    await this.page.screenshot({ path });
    return path;
  }

  /** Types into the quick input that is opening and takes the first row that contains the label. */
  private async pick(query: string, label: string): Promise<void> {
    const widget = this.page.locator('.quick-input-widget');
    await widget.locator('input.input').fill(query);
    await widget.locator('.quick-input-list .monaco-list-row', { hasText: label }).first().click();
    // A command may open a quick input of its own, so nothing waits for this one to go.
  }
}

async function texts(rows: Locator): Promise<string[]> {
  return (await rows.allInnerTexts()).map(oneLine);
}

/** VS Code sets spaces as no-break spaces. */
function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, ' ').trim();
}
