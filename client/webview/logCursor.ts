import type { LogLine } from '../../server/src/simulate/types';
import { countUntil } from './cursor';

/** Dims the lines that come after the cursor and scrolls to the one it is at: only those that changed are touched. */
export function moveLog(pane: HTMLElement | null, log: readonly LogLine[], cursorNs: number): void {
  if (pane === null) return;
  const lines = pane.children;
  const until = countUntil(log, cursorNs);
  const before = pane.querySelectorAll(':scope > :not(.later)').length;
  if (before === until && pane.querySelector('.current') === (lines[until - 1] ?? null)) return;
  for (let at = Math.min(before, until); at < Math.max(before, until); at++) lines[at]?.classList.toggle('later', at >= until);
  pane.querySelector('.current')?.classList.remove('current');
  const current = lines[until - 1];
  current?.classList.add('current');
  // The pane alone, not the page.
  if (current instanceof HTMLElement && current.offsetHeight > 0) {
    const top = current.offsetTop - pane.offsetTop;
    if (top < pane.scrollTop || top + current.offsetHeight > pane.scrollTop + pane.clientHeight) pane.scrollTop = Math.max(0, top - pane.clientHeight / 2);
  }
}
