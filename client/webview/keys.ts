import { commandOf } from './commands';
import { passBeside } from './cursor';
import { chosenLane, groupsOf, laneKey } from './lanes';
import type { Picture } from './picture';
import type { Preview } from './preview';
import { panned, wholeOf, zoomed } from './zoom';

const zoomFactor = 1.5;
/** Of the window that is drawn. */
const panShare = 0.2;

/** Moves in time, for keys and buttons alike. @returns whether it was one of these */
export function moveInTime(preview: Preview, picture: Picture, command: string): boolean {
  const { whole, trace, window, cursorNs, endNs } = picture;
  const around = cursorNs >= window.fromNs && cursorNs <= window.toNs ? cursorNs : (window.fromNs + window.toNs) / 2;
  switch (command) {
    case 'zoomIn':
      preview.choose({ window: zoomed(window, endNs, 1 / zoomFactor, around) });
      return true;
    case 'zoomOut':
      preview.choose({ window: zoomed(window, endNs, zoomFactor, around) });
      return true;
    case 'zoomAll':
      preview.choose({ window: wholeOf(endNs) });
      return true;
    case 'panLeft':
    case 'panRight':
      preview.choose({ window: panned(window, endNs, (window.toNs - window.fromNs) * (command === 'panLeft' ? -panShare : panShare)) });
      return true;
    case 'previous':
    case 'next':
      preview.goTo(passBeside(trace.passes.length > 0 ? trace : whole, cursorNs, command === 'previous' ? -1 : 1, endNs));
      return true;
    default:
      return false;
  }
}

export function handleKeys(preview: Preview): void {
  preview.root.addEventListener('keydown', (event) => {
    const picture = preview.picture();
    if (picture === undefined || !(event.target instanceof Element) || event.target.closest('#timeline') === null || event.ctrlKey || event.metaKey || event.altKey) return;
    const groups = groupsOf(picture);
    const command = commandOf(event.key, event.shiftKey, chosenLane(groups, picture.choices.lane), groups.length);
    if (command === undefined) return;
    event.preventDefault();
    if (typeof command === 'string') moveInTime(preview, picture, command);
    else chooseLane(preview, command.lane);
  });
}

export function chooseLane(preview: Preview, index: number): void {
  const picture = preview.picture();
  const group = picture && groupsOf(picture)[index];
  if (group === undefined) return;
  preview.choose({ lane: laneKey(group) });
  preview.showLane(index);
}
