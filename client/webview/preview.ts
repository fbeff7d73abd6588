import type { ModelName } from '../../server/src/simulate/types';
import type { Choices } from './choices';
import { keptChoices } from './choices';
import { learned, missingDetail, type Asked, type Known } from './detail';
import { groupsOf, chosenLane } from './lanes';
import type { FromPreview, PreviewRequest, PreviewState } from './messages';
import { previewRequest } from './messages';
import { messageSections, movingSections, sections } from './page';
import { pictureOf, type Picture } from './picture';
import { placeCursor } from './placeCursor';
import { createStage } from './stage';
import { rowHeight } from './timeline';
import { following } from './zoom';

export interface Host {
  postMessage(message: FromPreview): void;
  getState(): unknown;
  setState(state: unknown): void;
}

/** What the handlers of the keyboard, the pointer and the controls work on. */
export interface Preview {
  readonly root: HTMLElement;
  /** What is drawn; undefined while there is no simulation. */
  readonly picture: () => Picture | undefined;
  readonly request: () => PreviewRequest;
  readonly choose: (change: Partial<Choices>) => void;
  /** Without drawing the picture again. */
  readonly moveCursor: (toNs: number) => void;
  /** As `moveCursor`, and to where it can be seen. */
  readonly goTo: (ns: number) => void;
  /** Another system of the same simulation: its run has a time of its own. */
  readonly lookAt: (system: ModelName) => void;
  readonly open: () => readonly string[];
  readonly setPlaying: (isPlaying: boolean) => void;
  readonly showLane: (index: number) => void;
  readonly show: (state: PreviewState) => void;
  readonly redraw: () => void;
  readonly post: (message: FromPreview) => void;
}

/** How long after the last zoom the closer picture is asked for. */
const settleMs = 150;

export function createPreview(root: HTMLElement, host: Host): Preview {
  const kept = host.getState() as { choices?: unknown; request?: unknown } | undefined;
  let choices = keptChoices(kept?.choices);
  let request = previewRequest(kept?.request);
  let shown: PreviewState | undefined;
  let known: Known | undefined;
  let isPlaying = false;
  let lanesAbove = 0;
  let asked: Asked | undefined;
  let settling: ReturnType<typeof setTimeout> | undefined;
  let frame: number | undefined;
  const stage = createStage(root);

  const keep = (): void => { host.setState({ choices, request }); };

  function picture(): Picture | undefined {
    return shown?.kind === 'simulation' && known !== undefined ? pictureOf(shown, known.whole, choices, contentWidth(root), { isPlaying, lanesAbove, ...(known.close !== undefined && { close: known.close }) }) : undefined;
  }

  /** At most once a frame, however many events ask for it. */
  function redraw(): void {
    frame ??= requestAnimationFrame(() => {
      frame = undefined;
      draw();
    });
  }

  function draw(): void {
    if (shown === undefined) return;
    const now = picture();
    root.classList.toggle('debug-lines', choices.debugLines);
    if (now === undefined) {
      if (shown.kind !== 'simulation') stage.draw(messageSections(shown));
      return;
    }
    stage.draw(sections(now));
    placeCursor(root, now);
  }

  function moveCursor(toNs: number): void {
    choices = { ...choices, cursorNs: Math.round(toNs) };
    const now = picture();
    if (now === undefined) return;
    stage.redraw(movingSections(now));
    placeCursor(root, now);
    settle();
  }

  function choose(change: Partial<Choices>): void {
    choices = { ...choices, ...change };
    redraw();
    settle();
  }

  /** What need not happen with every frame of a drag or of playing. */
  function settle(): void {
    clearTimeout(settling);
    settling = setTimeout(() => {
      keep();
      askForDetail();
    }, settleMs);
  }

  function askForDetail(): void {
    const now = picture();
    if (now === undefined || known === undefined) return;
    const missing = missingDetail(now, known, asked);
    if (missing === undefined) return;
    asked = missing;
    host.postMessage({ type: 'detail', detail: missing.detail });
  }

  function show(state: PreviewState): void {
    if (state.kind === 'simulation') {
      known = learned(known, state.view);
      ({ request } = state);
    }
    shown = state;
    keep();
    redraw();
    settle();
  }

  function showLane(index: number): void {
    const now = picture();
    const box = document.getElementById('lanes');
    if (now === undefined || box === null) return;
    const top = index * rowHeight;
    if (top < box.scrollTop) box.scrollTop = top;
    else if (top + rowHeight > box.scrollTop + box.clientHeight) box.scrollTop = top + rowHeight - box.clientHeight;
    lanesAbove = Math.floor(box.scrollTop / rowHeight);
    draw();
    document.querySelector<SVGElement>(`[data-lane="${chosenLane(groupsOf(now), choices.lane)}"]`)?.focus({ preventScroll: true });
  }

  // Scrolling does not bubble: it is caught on its way down.
  root.addEventListener('scroll', (event) => {
    if (!(event.target instanceof Element) || event.target.id !== 'lanes') return;
    const above = Math.floor(event.target.scrollTop / rowHeight);
    if (above === lanesAbove) return;
    lanesAbove = above;
    redraw();
  }, { capture: true, passive: true });

  return {
    root, picture, choose, moveCursor, showLane, show, redraw,
    request: () => request ?? {},
    open: () => choices.open,
    goTo: (ns) => {
      const now = picture();
      if (now === undefined) return;
      const window = following(now.window, now.endNs, ns);
      if (window.fromNs === now.window.fromNs) moveCursor(ns);
      else choose({ cursorNs: Math.round(ns), window });
    },
    lookAt: (system) => {
      const { folding, debugLines, open, filter, lens } = choices;
      choices = { folding, debugLines, open, filter, system, ...(lens !== undefined && { lens }) };
      redraw();
      settle();
    },
    setPlaying: (to) => {
      isPlaying = to;
      redraw();
    },
    post: (message) => { host.postMessage(message); },
  };
}

function contentWidth(root: HTMLElement): number {
  const { paddingLeft, paddingRight } = getComputedStyle(root);
  return Math.floor(root.clientWidth - parseFloat(paddingLeft) - parseFloat(paddingRight));
}
