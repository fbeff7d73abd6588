import { cursorText } from './cursor';
import { html, type Html } from './html';
import { iconButton, type IconName } from './icon';
import type { Picture } from './picture';
import { isWhole } from './zoom';

/** Steps of the slider over the whole run. */
export const sliderSteps = 1000;

/** Moving through the run: play, passes, zoom; the slider; the filter. */
export function transport({ whole, endNs, cursorNs, window, isPlaying, choices, trace }: Picture): Html {
  const text = cursorText(whole, cursorNs);
  const zoomedIn = !isWhole(window, endNs);
  const button = (name: IconName, what: string, label: string, first = false): Html => iconButton(name, what, label, html` tabindex="${first ? 0 : -1}"`);
  const canFold = choices.folding === 'families' || trace.groups.compact.length < trace.groups.families.length;
  return html`<div class="transport"><div class="toolbar" role="toolbar" aria-label="Time" data-roving="horizontal">${isPlaying ? button('debug-pause', 'play', 'Pause', true) : button('play', 'play', 'Play', true)}${button('chevron-left', 'previous', 'Previous pass')}${button('chevron-right', 'next', 'Next pass')}<span class="gap"></span>${button('zoom-in', 'zoomIn', 'Zoom in (+)')}${button('zoom-out', 'zoomOut', 'Zoom out (-)')}${button('screen-full', 'zoomAll', zoomedIn ? 'Show all of it (0)' : 'Show all of it: it is shown (0)')}${canFold && button(choices.folding === 'compact' ? 'unfold' : 'fold', 'fold', choices.folding === 'compact' ? 'Show every family of tasks' : 'Fold tasks that switched at once')}</div>
<input type="search" id="filter" placeholder="Filter" aria-label="Filter tasks by name, pid or function" value="${choices.filter}" autocomplete="off" spellcheck="false"></div>
<input type="range" id="time" min="0" max="${sliderSteps}" step="1" value="${Math.round((cursorNs / Math.max(endNs, 1)) * sliderSteps)}" aria-label="Time" aria-valuetext="${text}">
<p class="readout" id="readout">${text}</p>`;
}
