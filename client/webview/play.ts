import { passBeside } from './cursor';
import type { Preview } from './preview';

/** How long it takes to play what is drawn. */
const runMs = 8000;
/** Who asked for less motion gets one step from pass to pass in this time. */
const stepMs = 800;

export interface Player {
  readonly toggle: () => void;
  readonly stop: () => void;
}

/** Moves the cursor over the part of time that is drawn, and stops at its end. */
export function createPlayer(preview: Preview): Player {
  let last: number | undefined;
  let isPlaying = false;

  function stop(): void {
    if (!isPlaying) return;
    isPlaying = false;
    preview.setPlaying(false);
  }

  function step(now: number): void {
    const picture = preview.picture();
    if (!isPlaying || picture === undefined) {
      stop();
      return;
    }
    const { window, cursorNs, whole, endNs } = picture;
    const passed = now - (last ?? now);
    const isStepping = matchMedia('(prefers-reduced-motion: reduce)').matches;
    if (!isStepping || passed >= stepMs) {
      const to = isStepping ? passBeside(whole, cursorNs, 1, endNs) : cursorNs + (passed / runMs) * (window.toNs - window.fromNs);
      preview.moveCursor(Math.min(to, window.toNs));
      last = now;
      if (to >= window.toNs) {
        stop();
        return;
      }
    } else last ??= now;
    requestAnimationFrame(step);
  }

  return {
    stop,
    toggle: () => {
      const picture = preview.picture();
      if (isPlaying || picture === undefined) {
        stop();
        return;
      }
      const { window, cursorNs } = picture;
      if (cursorNs >= window.toNs || cursorNs < window.fromNs) preview.moveCursor(window.fromNs);
      isPlaying = true;
      last = undefined;
      preview.setPlaying(true);
      requestAnimationFrame((now) => {
        last = now;
        step(now);
      });
    },
  };
}
