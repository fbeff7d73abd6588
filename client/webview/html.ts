/**
 * Markup as values: the template escapes everything put into it except what another template made. Task and function names,
 * log lines and messages come from the user's machine and may hold anything, so there is no way around `escape` but this.
 */
export class Html {
  constructor(readonly text: string) {}

  toString(): string {
    return this.text;
  }
}

export type HtmlPart = Html | string | number | false | null | readonly HtmlPart[];

/** Text as it may stand in markup and in quoted attributes. Control characters become U+FFFD: XML knows most of them not at all. */
export function escape(text: string): string {
  // eslint-disable-next-line no-control-regex
  return text.replace(/[\0-\x08\x0b\x0c\x0e-\x1f]/g, '\uFFFD').replace(/[&<>"'`]/g, (character) => `&#${character.charCodeAt(0)};`);
}

/** `html\`<b>${name}</b>\``; null and false leave nothing, arrays are joined. */
export function html(strings: TemplateStringsArray, ...parts: readonly HtmlPart[]): Html {
  return new Html(strings.map((string, at) => string + textOf(parts[at] ?? null)).join(''));
}

function textOf(part: HtmlPart): string {
  if (part === null || part === false) return '';
  if (part instanceof Html) return part.text;
  if (typeof part === 'string') return escape(part);
  // Geometry to a hundredth of a pixel: enough to see, and stable in golden files.
  if (typeof part === 'number') return String(Math.round(part * 100) / 100);
  return part.map(textOf).join('');
}
