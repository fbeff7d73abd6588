import { chooseLane } from './keys';
import type { Preview } from './preview';
import { timeScale } from './timeline';
import { panned, zoomed } from './zoom';

/**
 * The mouse and the finger in the picture. A click in a lane chooses it and puts the cursor there; a drag in a lane moves the
 * part of time that is drawn; above and below the lanes a drag moves the cursor. Ctrl and the wheel zoom around the pointer.
 */
type Drag = { readonly kind: 'scrub' } | { readonly kind: 'pan'; readonly fromX: number; readonly lane: number | undefined; isMoved: boolean; lastX: number };

/** Pixels within which a press is still a click. */
const clickSlop = 4;

export function handlePointer(preview: Preview): void {
  const { root } = preview;
  let drag: Drag | undefined;

  root.addEventListener('pointerdown', (event) => {
    const timeline = event.target instanceof Element ? event.target.closest('#timeline') : null;
    if (timeline === null || event.button !== 0 || !(event.target instanceof Element)) return;
    const inLanes = event.target.closest('#lanes') !== null;
    // The scroll bar is the lanes' own.
    if (event.target.id === 'lanes') return;
    const lane = event.target.closest('[data-lane]')?.getAttribute('data-lane');
    drag = inLanes ? { kind: 'pan', fromX: event.clientX, lastX: event.clientX, lane: typeof lane === 'string' ? Number(lane) : undefined, isMoved: false } : { kind: 'scrub' };
    timeline.setPointerCapture(event.pointerId);
    if (drag.kind === 'scrub') scrubTo(event.clientX);
    event.preventDefault();
  });
  root.addEventListener('pointermove', (event) => {
    if (drag === undefined) return;
    if (drag.kind === 'scrub') {
      scrubTo(event.clientX);
      return;
    }
    if (Math.abs(event.clientX - drag.fromX) > clickSlop) drag.isMoved = true;
    if (drag.isMoved) panBy(drag.lastX - event.clientX);
    drag.lastX = event.clientX;
  });
  root.addEventListener('pointerup', (event) => {
    const ended = drag;
    drag = undefined;
    if (ended?.kind !== 'pan' || ended.isMoved) return;
    if (isInPlot(event.clientX)) scrubTo(event.clientX);
    if (ended.lane !== undefined) chooseLane(preview, ended.lane);
  });
  root.addEventListener('pointercancel', () => { drag = undefined; });
  root.addEventListener('wheel', (event) => {
    const picture = preview.picture();
    if (picture === undefined || !(event.target instanceof Element) || event.target.closest('#timeline') === null) return;
    const { window, endNs } = picture;
    const sideways = event.shiftKey && event.deltaX === 0 ? event.deltaY : event.deltaX;
    if (event.ctrlKey || event.metaKey) {
      event.preventDefault();
      preview.choose({ window: zoomed(window, endNs, 2 ** (Math.min(Math.max(event.deltaY, -200), 200) / 200), timeScale(picture).ns(xOf(event.clientX))) });
    } else if (sideways !== 0 && (window.fromNs > 0 || window.toNs < endNs)) {
      event.preventDefault();
      panBy(sideways);
    }
  }, { passive: false });

  const xOf = (clientX: number): number => clientX - (document.getElementById('timeline')?.getBoundingClientRect().left ?? 0);

  function isInPlot(clientX: number): boolean {
    const picture = preview.picture();
    return picture !== undefined && xOf(clientX) >= timeScale(picture).left;
  }

  function scrubTo(clientX: number): void {
    const picture = preview.picture();
    if (picture !== undefined) preview.moveCursor(timeScale(picture).ns(xOf(clientX)));
  }

  function panBy(pixels: number): void {
    const picture = preview.picture();
    if (picture === undefined) return;
    const { left, right, fromNs, toNs } = timeScale(picture);
    preview.choose({ window: panned(picture.window, picture.endNs, (pixels / (right - left)) * (toNs - fromNs)) });
  }
}
