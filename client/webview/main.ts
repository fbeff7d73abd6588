/**
 * The preview's bootstrap. What tests and people may rely on in the page:
 * - sections `#s-head`, `#s-scenario`, `#s-story`, `#s-picture`, `#s-transport`, `#s-legend`, `#s-details`, `#s-systems`, `#s-why`,
 *   `#s-lens-section`, `#s-log-section`, `#s-tables`, `#s-rests-on` in `#column-top`, `#column-picture`, `#column-words`; without a simulation `#s-message`
 * - `[data-do]`: simulate, cancel, openScenario, saveScenario, importSnapshot, export (`[data-format][data-how]`, in `details#export`), openWide, unmark,
 *   play, previous, next, zoomIn, zoomOut, zoomAll, fold, look (`[data-system]`), compareAll, debug, copyLog, addAction, removeAction, addRelation, removeRelation
 * - `details#controls` with `[data-set]`: system (checkboxes `#system-NAME`), workload, kernelVersion, cpus, tasks, hz, seed; `#action-word`, `#action-what`,
 *   `#action-time`, `#relation-0`, `#relation-1`, `#problem`
 * - `#timeline` with `#lanes [role=option][data-lane]`, `#cursor` (moved by its `transform`); `input#time` (aria-valuetext), `#readout`, `input#filter`
 * - `[data-function]`: opens a function; `.stack .patched`, `.system[aria-pressed]`, `details#lens` with `#lens-0`, `#lens-1`; `details#log` with `#log-lines > .current`;
 *   `details#table`, `details#basis`
 */
import { handleActions } from './actions';
import { handleDrop } from './drop';
import { handleKeys } from './keys';
import { previewState } from './messages';
import { createPlayer } from './play';
import { handlePointer } from './pointer';
import { createPreview, type Host } from './preview';
import { rasterized } from './raster';
import { handleRoving } from './roving';

declare function acquireVsCodeApi(): Host;

const root = document.getElementById('preview') ?? document.body;
const preview = createPreview(root, acquireVsCodeApi());
handleRoving(root);
handleKeys(preview);
handlePointer(preview);
handleDrop(preview);
handleActions(preview, createPlayer(preview));

window.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
  const state = previewState(data);
  if (state === undefined) return;
  if (state.kind === 'rasterize') void rasterized(state.svg, state.copy).catch(() => '').then((base64) => { preview.post({ type: 'png', base64 }); });
  else preview.show(state);
});
new ResizeObserver(() => { preview.redraw(); }).observe(root);

const { folder, functions, scenario, scenarioUri } = preview.request();
const isKept = folder !== undefined || functions !== undefined || scenario !== undefined || scenarioUri !== undefined;
preview.post({ type: 'ready', ...(isKept && { request: preview.request() }) });
