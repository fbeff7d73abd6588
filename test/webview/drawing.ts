import { defaultChoices, type Choices } from '../../client/webview/choices';
import type { PreviewState } from '../../client/webview/messages';
import { messageSections, sections, type Section } from '../../client/webview/page';
import { pictureOf, type Moment } from '../../client/webview/picture';

/** Every `<details>` of the page. */
export const folds = ['controls', 'lens', 'log', 'table', 'basis'];

/** With everything open. */
export const opened: Choices = { ...defaultChoices, open: folds };

/** The sections of the preview in `width` pixels. */
export function sectionsOf(state: PreviewState, width = 280, choices: Choices = defaultChoices, moment: Moment = {}): readonly Section[] {
  return state.kind === 'simulation' ? sections(pictureOf(state, state.view.trace, choices, width, moment)) : messageSections(state);
}

/** The text of one section. */
export function section(id: string, state: PreviewState, width = 280, choices: Choices = defaultChoices, moment: Moment = {}): string {
  const found = sectionsOf(state, width, choices, moment).find((each) => each.id === id);
  if (found === undefined) throw new Error(`no section ${id}`);
  return found.html.text;
}

/** The whole page, as it stands in the document. */
export function draw(state: PreviewState, width = 280, choices: Choices = defaultChoices, moment: Moment = {}): string {
  return sectionsOf(state, width, choices, moment).map(({ id, html }) => `<section id="s-${id}">${html.text}</section>\n`).join('');
}
