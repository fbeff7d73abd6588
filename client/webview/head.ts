import type { Verdict } from '../../server/src/rules/finding';
import { html, type Html, type HtmlPart } from './html';
import { icon, iconButton, type IconName } from './icon';
import type { ExportFormat, ShownSimulation } from './messages';

/** What is to be known before anything else: whether this is current, whether the patch can be built; and what can be done with the whole. */
export function head({ view, stale, busy, highlight }: ShownSimulation): Html {
  return html`<div class="head">${busy === undefined ? verdictBadge(view.verdict) : busyBadge(busy)}<div class="toolbar" role="toolbar" aria-label="Scenario and export" data-roving="horizontal">${tool('folder-opened', 'openScenario', 'Open scenario', true)}${tool('save', 'saveScenario', 'Save scenario')}${tool('desktop-download', 'importSnapshot', 'Import a snapshot of tasks (or drop the file here)')}${exportMenu()}${tool('link-external', 'openWide', 'Open in an editor tab')}</div></div>
${busy === undefined && stale !== undefined && html`<p class="banner" role="status">${stale} <button type="button" class="link" data-do="simulate">Simulate again</button></p>`}
${verdictBanner(view.verdict)}
${highlight !== undefined && html`<p class="banner" role="status">Who blocks in <code>${highlight}</code> is marked. <button type="button" class="link" data-do="unmark">Do not mark</button></p>`}`;
}

const tool = (name: IconName, what: string, label: string, first = false): Html => iconButton(name, what, label, html` tabindex="${first ? 0 : -1}"`);

/** The menu closes on Escape and when something is chosen. */
function exportMenu(): Html {
  const item = (format: ExportFormat, how: 'save' | 'copy', label: string): Html => html`<button type="button" data-do="export" data-format="${format}" data-how="${how}">${label}</button>`;
  return html`<details class="menu" id="export"><summary class="icon" aria-label="Export" title="Export" tabindex="-1">${icon('export')}</summary><div class="menu-items">
${item('svg', 'save', 'Save picture as SVG…')}${item('png', 'save', 'Save picture as PNG…')}${item('markdown', 'save', 'Save change request (Markdown)…')}${item('svg', 'copy', 'Copy picture as SVG')}${item('png', 'copy', 'Copy picture as PNG')}${item('markdown', 'copy', 'Copy change request (Markdown)')}</div></details>`;
}

/** In the verdict's place: nothing below it moves while another run is under way. */
function busyBadge({ message, percent }: NonNullable<ShownSimulation['busy']>): Html {
  return html`<span class="busy" role="status"><span class="spinner" aria-hidden="true"></span><span class="words" title="${message}">${percent !== undefined && `${Math.round(percent)}% `}${message}</span> ${iconButton('close', 'cancel', 'Cancel')}</span>`;
}

const verdicts: Readonly<Record<Verdict, readonly [IconName, string]>> = { patchable: ['pass', 'Patchable'], unpatchable: ['error', 'Unpatchable'], undecided: ['question', 'Undecided'] };

function verdictBadge(verdict: Verdict): Html {
  const [name, words] = verdicts[verdict];
  return html`<span class="verdict ${verdict}">${icon(name)} ${words}</span>`;
}

function verdictBanner(verdict: Verdict): HtmlPart {
  switch (verdict) {
    case 'patchable':
      return null;
    case 'unpatchable':
      return html`<p class="banner bad">The patch cannot be built as it is; this shows what would happen if it could.</p>`;
    case 'undecided':
      return html`<p class="banner">Whether this patch can be built could not be decided; this shows what would happen if it can.</p>`;
  }
}
