import { logAxis } from './curves';
import { moveLog } from './logCursor';
import type { Picture } from './picture';
import { timeScale } from './timeline';

/** Moves the lines that stand at the cursor; where it is out of the picture they are hidden. */
export function placeCursor(root: HTMLElement, picture: Picture): void {
  const { cursorNs, window, shown: { view }, widths } = picture;
  const time = timeScale(picture);
  const isInWindow = cursorNs >= window.fromNs && cursorNs <= window.toNs;
  for (const line of root.querySelectorAll('[data-axis]')) {
    const isTime = line.getAttribute('data-axis') === 'time';
    const x = isTime ? time.x(cursorNs) : logAxis(view.systems, line.closest('.lens-system') === null ? widths.picture : widths.words).x(cursorNs);
    line.setAttribute('transform', `translate(${x.toFixed(1)} 0)`);
    line.setAttribute('visibility', isTime && !isInWindow ? 'hidden' : 'visible');
  }
  moveLog(document.getElementById('log-lines'), picture.trace.log, cursorNs);
}

