import type { ModelName, TimeWindow, TraceView } from '../../server/src/simulate/types';

/** Whether tasks that switched at once share a lane. */
export type Folding = keyof TraceView['groups'];

/** What the reader has chosen: kept over redrawing, another simulation, hiding and reloading. What is absent is the picture's to choose. */
export interface Choices {
  readonly folding: Folding;
  readonly debugLines: boolean;
  /** Ids of the `<details>` that are open. */
  readonly open: readonly string[];
  /** Only tasks in which this occurs. */
  readonly filter: string;
  /** The system looked at closely. */
  readonly system?: ModelName;
  /** The part of time that is drawn; all of it when absent. */
  readonly window?: TimeWindow;
  readonly cursorNs?: number;
  /** The lane whose tasks are told, by `laneKey`. */
  readonly lane?: string;
  /** The two functions under the consistency lens. */
  readonly lens?: readonly [string, string];
}

export const defaultChoices: Choices = { folding: 'compact', debugLines: false, open: ['log'], filter: '' };

/** What was kept, as far as it makes sense: another version of the preview may have kept it. */
export function keptChoices(value: unknown): Choices {
  const { folding, debugLines, open, filter, system, window, cursorNs, lane, lens } = record(value);
  const { fromNs, toNs } = record(window);
  return {
    folding: folding === 'families' ? folding : 'compact',
    debugLines: debugLines === true,
    open: Array.isArray(open) ? open.filter((id) => typeof id === 'string') : defaultChoices.open,
    filter: typeof filter === 'string' ? filter : '',
    ...(typeof system === 'string' && { system: system as ModelName }),
    ...(isTime(fromNs) && isTime(toNs) && fromNs < toNs && { window: { fromNs, toNs } }),
    ...(isTime(cursorNs) && { cursorNs }),
    ...(typeof lane === 'string' && { lane }),
    ...(Array.isArray(lens) && typeof lens[0] === 'string' && typeof lens[1] === 'string' && { lens: [lens[0], lens[1]] }),
  };
}

const isTime = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value) && value >= 0;

function record(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
}
