import type { TimeWindow, TraceView } from '../../server/src/simulate/types';
import type { Choices } from './choices';
import { cursorOf } from './cursor';
import type { ShownSimulation } from './messages';
import { covers, windowIn } from './zoom';

/** Everything the drawing goes by. */
export interface Picture {
  readonly shown: ShownSimulation;
  /** The same run over all of time: what the story is told from. */
  readonly whole: TraceView;
  /** What is drawn: as much of the run as is known closely, or `whole` where that does not reach far enough. */
  readonly trace: TraceView;
  readonly window: TimeWindow;
  /** To where time can be looked at: where everybody switches at the very end a little longer than the run, so that it can be seen. */
  readonly endNs: number;
  readonly cursorNs: number;
  readonly choices: Choices;
  readonly isPlaying: boolean;
  readonly widths: Widths;
  /** How many lanes are scrolled out of sight at the top. */
  readonly lanesAbove: number;
}

/** In pixels: of the column with the picture and of the one with the words, which are one in a sidebar. */
export interface Widths {
  readonly picture: number;
  readonly words: number;
}

export interface Moment {
  /** A part of the same run, looked at closely. */
  readonly close?: TraceView;
  readonly isPlaying?: boolean;
  readonly lanesAbove?: number;
}

/** @param width of the view's content, in pixels */
export function pictureOf(shown: ShownSimulation, whole: TraceView, choices: Choices, width: number, { close = whole, isPlaying = false, lanesAbove = 0 }: Moment = {}): Picture {
  const endNs = drawnEnd(whole);
  const window = windowIn(choices.window, endNs);
  return {
    shown, whole, window, endNs, choices, isPlaying, lanesAbove,
    trace: covers(close.window, { fromNs: window.fromNs, toNs: Math.min(window.toNs, whole.endNs) }) ? close : whole,
    cursorNs: cursorOf(whole, choices.cursorNs, endNs),
    widths: widthsOf(width),
  };
}

/** Everybody's new code goes on after the run; it is drawn for a moment where there would be nothing to see of it. */
function drawnEnd({ outcome, appliedMs, endNs }: TraceView): number {
  const isDone = outcome === 'complete' || outcome === 'unsafe';
  return isDone && appliedMs !== null && appliedMs * 1e6 > endNs * 0.95 ? endNs * 1.06 : endNs;
}

/** preview.css has the same break, gap and shares. */
const wide = 720;
const gap = 24;

export function widthsOf(width: number): Widths {
  const all = Math.max(width, 200);
  if (all < wide) return { picture: all, words: all };
  const picture = Math.floor((all - gap) * 0.6);
  return { picture, words: all - gap - picture };
}
