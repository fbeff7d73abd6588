import { morph } from './morph';
import type { Section } from './page';

/** Where sections stand on the page. Only those whose text changed are touched; the focus stays where it was, by the element's name where the element itself is gone. */
export interface Stage {
  /** Everything there is. */
  readonly draw: (sections: readonly Section[]) => void;
  /** Some of what is there already. */
  readonly redraw: (sections: readonly Section[]) => void;
}

const places: readonly Section['place'][] = ['top', 'picture', 'words'];

export function createStage(root: Element): Stage {
  const columns = new Map(places.map((place) => {
    const column = document.createElement('div');
    column.id = `column-${place}`;
    root.append(column);
    return [place, column];
  }));
  const drawn = new Map<string, { readonly element: Element; text: string }>();

  function put({ id, place, html }: Section): Element {
    const known = drawn.get(id);
    if (known?.text === html.text) return known.element;
    const element = known?.element ?? document.createElement('section');
    if (known === undefined) {
      element.id = `s-${id}`;
      columns.get(place)?.append(element);
    }
    morph(element, html.text);
    drawn.set(id, { element, text: html.text });
    return element;
  }

  return {
    draw: (sections) => {
      const focused = focusedName(root);
      const wanted = new Set(sections.map(({ id }) => id));
      for (const [id, { element }] of drawn) {
        if (wanted.has(id)) continue;
        element.remove();
        drawn.delete(id);
      }
      for (const section of sections) {
        const element = put(section);
        // Sections are few and seldom change their order: those in it already are left alone.
        const column = columns.get(section.place);
        const before = sections.filter(({ place }) => place === section.place).indexOf(section);
        if (column && column.children[before] !== element) column.insertBefore(element, column.children[before] ?? null);
      }
      restore(root, focused);
    },
    redraw: (sections) => {
      const focused = focusedName(root);
      for (const section of sections) put(section);
      restore(root, focused);
    },
  };
}

/** A selector that finds the focused element's like after drawing. */
function focusedName(root: Element): string | undefined {
  const element = document.activeElement;
  if (element === null || !root.contains(element)) return undefined;
  if (element.id !== '') return `#${CSS.escape(element.id)}`;
  const names = ['data-key', 'data-lane', 'data-do', 'data-system', 'data-at', 'data-function'].filter((name) => element.hasAttribute(name));
  return names.length === 0 ? undefined : names.slice(0, 2).map((name) => `[${name}="${CSS.escape(element.getAttribute(name) ?? '')}"]`).join('');
}

function restore(root: Element, name: string | undefined): void {
  if (name === undefined || (document.activeElement !== null && document.activeElement !== document.body)) return;
  root.querySelector<HTMLElement>(name)?.focus({ preventScroll: true });
}
