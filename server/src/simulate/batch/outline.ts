/** What is kept of one run among many: a trace of thousands of tasks would not go into a list of thousands of runs. */
import type { BlockReason, ModelName, Outcome, Trace } from '../types';

/** Tasks with one name that a last pass found in one state. */
export interface LeftOver {
  readonly comm: string;
  readonly reason: BlockReason;
  readonly function?: string;
  /** Nobody saw such a task. */
  readonly hypothetical?: true;
  readonly tasks: number;
}

export interface RunOutline {
  readonly model: ModelName;
  readonly seed: number;
  readonly outcome: Outcome;
  /** When every task had switched; null when some had not at the end. */
  readonly appliedMs: number | null;
  readonly completeMs: number | null;
  /** When the simulation was over: complete, refused, or given up. */
  readonly endMs: number;
  /** How long the whole system stood still, all stops together. */
  readonly pauseMs: number;
  /** The longest of the stops. */
  readonly longestPauseMs: number;
  readonly attempts: number;
  readonly passes: number;
  readonly signals: number;
  /** Whoever stood in the way at the last pass, of a run that did not get to its end; in the order of the task list. */
  readonly left: readonly LeftOver[];
}

export function outlineOf({ model, seed, outcome, appliedMs, completeMs, endNs, pauseMs, pauses, attempts, passes, signals }: Trace): RunOutline {
  const left = completeMs === null ? leftOver(passes.at(-1)?.blockers ?? []) : [];
  const longestPauseMs = pauses.reduce((longest, { fromNs, toNs }) => Math.max(longest, toNs - fromNs), 0) / 1e6;
  return { model, seed, outcome, appliedMs, completeMs, endMs: endNs / 1e6, pauseMs, longestPauseMs, attempts, passes: passes.length, signals: signals.length, left };
}

function leftOver(blockers: Trace['passes'][number]['blockers']): LeftOver[] {
  const groups = new Map<string, LeftOver>();
  for (const { comm, reason, function: name, hypothetical } of blockers) {
    const key = leftKey({ comm, reason, ...(name === undefined ? {} : { function: name }) });
    const tasks = (groups.get(key)?.tasks ?? 0) + 1;
    groups.set(key, { comm, reason, ...(name === undefined ? {} : { function: name }), ...(hypothetical && { hypothetical }), tasks });
  }
  return [...groups.values()];
}

/** Equal for what is told together. */
export const leftKey = ({ comm, reason, function: name = '' }: Omit<LeftOver, 'tasks'>): string => `${reason} ${name} ${comm}`;
