import type { ElementHandle, Frame, Locator } from 'playwright-core';
import { graveViolations } from './axe';
import type { Workbench } from './driver';

/** The preview as a person uses it: in the side bar, or wide in an editor tab. */
export class Preview {
  constructor(
    readonly workbench: Workbench,
    readonly place: 'sidebar' | 'editor',
  ) {}

  /** All its words. Empty while there is no preview, so that it can be polled. */
  async text(): Promise<string> {
    return (await (await this.#find())?.frame.evaluate<string>('document.body.innerText')) ?? '';
  }

  /** An element by a CSS selector. */
  async locator(selector: string): Promise<Locator> {
    return (await this.#shown()).frame.locator(selector);
  }

  /** Clicks what has this accessible name. */
  async click(role: 'button' | 'checkbox', name: string | RegExp): Promise<void> {
    await (await this.#shown()).frame.getByRole(role, { name, exact: true }).first().click();
  }

  /** What is simulated, in one line: "livepatch + 2 others · mixed · 4 CPUs · 250 Hz · seed 1". */
  async summary(): Promise<string> {
    return (await this.#words('#controls .summary')).join('');
  }

  /** What is said of the time that is looked at: "5.3 s, pass 5, 100 of 101 switched". */
  async readout(): Promise<string> {
    return (await this.#words('#readout')).join('');
  }

  /** The systems that are compared, each with how it ends. */
  async systems(): Promise<string[]> {
    return this.#words('.system');
  }

  /** Moves the time by keys, as on any slider: Home, End, ArrowLeft, ArrowRight, PageUp, PageDown. */
  async pressOnSlider(...keys: readonly string[]): Promise<void> {
    const slider = await this.locator('input[type="range"]');
    await slider.focus();
    for (const key of keys) await slider.press(key);
  }

  /** Opens or closes a part by its heading. */
  async toggle(id: string): Promise<void> {
    await (await this.locator(`details#${id} > summary`)).click();
  }

  /** A picture of what is in sight and written on, with the fonts that every machine of the tests has. */
  async picture(): Promise<Buffer> {
    const { element, frame } = await this.#shown();
    const written = await frame.evaluate<number>(STILL);
    const box = await element.boundingBox();
    if (box === null) throw new Error('the preview is hidden');
    // The pointer is no part of a picture.
    await this.workbench.page.mouse.move(0, 0);
    return this.workbench.page.screenshot({ clip: { ...box, height: Math.min(box.height, written) }, animations: 'disabled', caret: 'hide' });
  }

  /** @returns a line for each element that is a barrier for many people */
  async graveViolations(): Promise<string[]> {
    const { frame } = await this.#shown();
    const part = this.place === 'sidebar' ? '.part.sidebar' : '.part.editor .content';
    // A webview is transparent: without the workbench's color behind it contrast would be measured against white.
    const ground = await this.workbench.page.evaluate<string>(`getComputedStyle(document.querySelector('${part}')).backgroundColor`);
    await frame.evaluate(`document.body.style.setProperty('background-color', ${JSON.stringify(ground)}, 'important')`);
    try {
      return await graveViolations(frame);
    } finally {
      await frame.evaluate(`document.body.style.removeProperty('background-color')`);
    }
  }

  async #words(selector: string): Promise<string[]> {
    const found = await this.#find();
    const words = await found?.frame.locator(selector).allInnerTexts();
    return (words ?? []).map((text) => text.replaceAll(/\s+/g, ' ').trim());
  }

  async #shown(): Promise<Shown> {
    const found = await this.#find();
    if (found === undefined) throw new Error(`no preview in the ${this.place}`);
    return found;
  }

  /** Webviews float over the window, outside of the part they belong to: where they are tells whose they are. */
  async #find(): Promise<Shown | undefined> {
    const editor = await this.workbench.page.locator('.part.editor').boundingBox();
    if (editor === null) return undefined;
    for (const element of await this.workbench.page.$$('iframe.webview.ready')) {
      const box = await element.boundingBox();
      if (box === null || box.width === 0 || box.x >= editor.x - 1 !== (this.place === 'editor')) continue;
      const inner = await element.contentFrame();
      const active = await inner?.$('iframe#active-frame');
      const frame = await active?.contentFrame();
      if (frame) return { element, frame };
    }
    return undefined;
  }
}

interface Shown {
  readonly element: ElementHandle;
  readonly frame: Frame;
}

/** Pixel for pixel what one font file gives: DejaVu is the one package of fonts that the tests install; the icons' font comes with the extension. Gives the height of all there is. */
const STILL = `
  document.documentElement.style.setProperty('--vscode-font-family', '"DejaVu Sans"');
  document.documentElement.style.setProperty('--vscode-editor-font-family', '"DejaVu Sans Mono"');
  document.activeElement?.blur();
  document.fonts.ready.then(() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(() => drawn(document.getElementById('preview').scrollHeight)))))`;

/** Drags the side bar's edge until it is so many pixels wide. */
export async function setSideBarWidth({ page }: Workbench, width: number): Promise<void> {
  const box = await page.locator('.part.sidebar').boundingBox();
  if (box === null) throw new Error('there is no side bar');
  const y = box.y + box.height / 2;
  await page.mouse.move(box.x + box.width, y);
  await page.mouse.down();
  await page.mouse.move(box.x + width, y, { steps: 4 });
  await page.mouse.up();
}
