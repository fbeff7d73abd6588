import type { SimulationDetail, SimulationView } from '../../server/src/lsp/protocol';
import type { TimeWindow, TraceView } from '../../server/src/simulate/types';
import type { Picture } from './picture';
import { isWhole } from './zoom';

/** What is known of the run that is shown. */
export interface Known {
  /** Names the simulation. */
  readonly id: string;
  /** All of it; only the part that was sent, until all of it was asked for. */
  readonly whole: TraceView;
  /** The part of it that was looked at closely last. */
  readonly close?: TraceView;
}

/** What is known once a trace has come: it is of the run known so far, or of another one. */
export function learned(known: Known | undefined, { id, trace }: Pick<SimulationView, 'id' | 'trace'>): Known {
  const isAll = isWhole(trace.window, trace.endNs);
  if (known?.id !== id || known.whole.model !== trace.model) return isAll ? { id, whole: trace } : { id, whole: trace, close: trace };
  return isAll ? { ...known, whole: trace } : { ...known, close: trace };
}

/** What was asked for last: the same is not asked for twice. */
export interface Asked {
  readonly key: string;
  readonly detail: SimulationDetail;
}

/**
 * The part of the simulation that is chosen and not there yet.
 *
 * @returns undefined when it is there, or was asked for already
 */
export function missingDetail({ shown: { view }, choices: { system, filter }, window, endNs }: Picture, { whole, close }: Known, asked: Asked | undefined): Asked | undefined {
  const isWanted = system !== undefined && view.systems.some(({ model }) => model === system);
  // The story is told from all of the run: that comes first.
  const isPart = isWhole(whole.window, whole.endNs) && !isWhole(window, endNs);
  const detail: SimulationDetail = {
    ...(isWanted && { system }),
    ...(isPart && { window: { fromNs: Math.floor(window.fromNs), toNs: Math.min(Math.ceil(window.toNs), whole.endNs) } }),
    ...(filter !== '' && { filter }),
  };
  const isThere = (!isWanted || system === whole.model) && isOf(isPart ? close : whole, detail.window) && filter === (asked?.detail.filter ?? '') && filter === '';
  const key = JSON.stringify([view.id, detail]);
  return isThere || key === asked?.key ? undefined : { key, detail };
}

function isOf(trace: TraceView | undefined, wanted: TimeWindow | undefined): boolean {
  if (trace === undefined) return false;
  const { window, endNs } = trace;
  return wanted === undefined ? isWhole(window, endNs) : window.fromNs === wanted.fromNs && window.toNs === wanted.toNs;
}
