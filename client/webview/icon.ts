import { html, type Html, type HtmlPart } from './html';

/** Those of @vscode/codicons that are used. scripts/build.mjs copies what the sources name. */
export type IconName =
  | 'play' | 'debug-pause' | 'chevron-left' | 'chevron-right' | 'zoom-in' | 'zoom-out' | 'screen-full' | 'folder-opened' | 'save' | 'export' | 'desktop-download' | 'link-external'
  | 'pass' | 'error' | 'question' | 'warning' | 'close' | 'add' | 'copy' | 'fold' | 'unfold';

/** @param more further classes */
export function icon(name: IconName, more = ''): Html {
  return html`<span class="codicon codicon-${name}${more !== '' && ` ${more}`}" aria-hidden="true"></span>`;
}

/** A button that shows an icon and says its name. */
export function iconButton(name: IconName, what: string, label: string, more: HtmlPart = null): Html {
  return html`<button type="button" class="icon" data-do="${what}" aria-label="${label}" title="${label}"${more}>${icon(name)}</button>`;
}
