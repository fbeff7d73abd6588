import { roved } from './commands';

/** One tab stop for each group of buttons; the arrow keys, Home and End move within it. A group is marked with `data-roving`. */
export function handleRoving(root: HTMLElement): void {
  root.addEventListener('keydown', (event) => {
    const [group, items] = groupOf(event.target);
    if (group === null || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const at = items.indexOf(event.target as HTMLElement);
    const to = at < 0 ? undefined : roved(group.getAttribute('data-roving') ?? '', event.key, at, items.length);
    if (to === undefined) return;
    event.preventDefault();
    items[to]?.focus();
  });
  root.addEventListener('focusin', (event) => {
    const [, items] = groupOf(event.target);
    if (!items.includes(event.target as HTMLElement)) return;
    for (const item of items) item.setAttribute('tabindex', item === event.target ? '0' : '-1');
  });
}

function groupOf(target: EventTarget | null): readonly [Element | null, readonly HTMLElement[]] {
  const group = target instanceof Element ? target.closest('[data-roving]') : null;
  return [group, group === null ? [] : [...group.querySelectorAll<HTMLElement>('[tabindex]')]];
}
