/** Rolls one patch over the fleet by one way: wave after wave, so many machines at a time, those that stall again later. */
import { createQueue } from '../queue';
import { NS_PER_MS } from '../time';
import type { ModelName } from '../types';
import type { FleetMachine } from './machines';
import type { FleetPlan } from './plan';
import { isOver, RESTARTS, type Attempt, type Sample } from './specimens';

/** `skipped`: nobody tried, because the way does not go with its kernel or the rollout was halted; or it stalled, and the plan sets such machines aside. */
export type MachineEnd = 'protected' | 'hand' | 'skipped';

export interface MachineResult {
  readonly end: MachineEnd;
  /** Since the rollout began; null: not at all. */
  readonly protectedMs: number | null;
  readonly attempts: number;
  /** Out of service, or standing still, during its attempts. */
  readonly downMs: number;
  /** Since when it is out of service because it did not come back; null: it did. */
  readonly lostMs: number | null;
}

export interface Wave {
  readonly machines: number;
  readonly fromMs: number;
  /** When each of its machines had been tried once. */
  readonly toMs: number;
  /** Its machines that the way goes with. */
  readonly tried: number;
  /** Of these, those not protected after the soak. */
  readonly open: number;
}

export interface Rollout {
  readonly machines: readonly MachineResult[];
  readonly waves: readonly Wave[];
  readonly halted: boolean;
  /** When nothing more was to be done: nobody is tried any more, nobody waits. */
  readonly endMs: number;
  /** The most machines out of service at one instant; that one stands still for a moment is not counted. */
  readonly mostDown: number;
}

const MINUTE_NS = 60_000 * NS_PER_MS;
const toMs = (ns: number | undefined): number | null => (ns === undefined ? null : ns / NS_PER_MS);

interface Progress {
  end: MachineEnd | undefined;
  protectedNs: number | undefined;
  attempts: number;
  downNs: number;
  /** It did not come back. */
  lostFromNs: number | undefined;
}

export function roll(plan: FleetPlan, way: ModelName, fleet: readonly FleetMachine[], samples: readonly Sample[]): Rollout {
  const queue = createQueue();
  const isRestart = RESTARTS.includes(way);
  const byClass = new Map(samples.filter((sample) => sample.way === way).map((sample) => [sample.class, sample.specimens]));
  const progress = fleet.map((): Progress => ({ end: undefined, protectedNs: undefined, attempts: 0, downNs: 0, lostFromNs: undefined }));
  const waves: Wave[] = [];
  const waiting: number[] = [];
  let next = 0;
  let free = isRestart ? Math.max(1, Math.floor(plan.restart.downShare * fleet.length)) : plan.online.atOnce;
  let halted = false;
  let down = 0;
  let mostDown = 0;
  /** Of the wave under way. */
  let untried = 0;

  function attemptOf(at: number): Attempt | undefined {
    const machine = fleet[at];
    const specimens = byClass.get(machine?.class ?? -1) ?? [];
    const tries = specimens[Math.floor((machine?.specimen ?? 0) * specimens.length)] ?? [];
    return tries[Math.min((progress[at]?.attempts ?? 0), tries.length - 1)];
  }

  /** Whoever waits begins, as far as the pace allows. */
  function begin(): void {
    while (free > 0 && next < waiting.length) {
      const at = waiting[next++] ?? 0;
      free--;
      start(at);
    }
  }

  function start(at: number): void {
    const state = progress[at];
    const attempt = attemptOf(at);
    if (state === undefined || attempt === undefined) return;
    state.attempts++;
    const drainNs = isRestart ? plan.restart.drainMinutes * MINUTE_NS : 0;
    const tookNs = Math.round(drainNs + attempt.ms * NS_PER_MS);
    const downNs = Math.round(drainNs + attempt.pauseMs * NS_PER_MS);
    state.downNs += downNs;
    if (isRestart) mostDown = Math.max(mostDown, ++down);
    queue.at(queue.now() + tookNs, () => {
      free++;
      if (isRestart) down--;
      finish(at, state, attempt);
      begin();
    });
  }

  function finish(at: number, state: Progress, { outcome }: Attempt): void {
    if (isRestart && (fleet[at]?.luck ?? 1) < plan.restart.failShare) {
      state.end = 'hand';
      state.lostFromNs = queue.now();
      mostDown = Math.max(mostDown, ++down);
    } else if (outcome === 'complete') {
      state.end = 'protected';
      state.protectedNs = queue.now();
    } else if (isOver(outcome)) {
      state.end = 'hand';
    } else if (state.attempts > plan.online.retries) {
      state.end = plan.online.stalled === 'hand' ? 'hand' : 'skipped';
    } else {
      queue.at(queue.now() + plan.online.retryMinutes * MINUTE_NS, () => {
        waiting.push(at);
        begin();
      });
    }
    if (state.attempts === 1 && --untried === 0) waveTried();
  }

  let [from, to, fromNs] = [0, 0, 0];
  function beginWave(index: number): void {
    [from, to, fromNs] = [to, index === plan.waves.length - 1 ? fleet.length : Math.min(fleet.length, Math.ceil((plan.waves[index] ?? 1) * fleet.length)), queue.now()];
    for (let at = from; at < to; at++) {
      if (attemptOf(at) !== undefined) {
        waiting.push(at);
        untried++;
      } else {
        const state = progress[at];
        if (state !== undefined) state.end = 'skipped';
      }
    }
    if (untried === 0) waveTried();
    else begin();
  }

  function waveTried(): void {
    const [first, last, beganNs, triedNs, index] = [from, to, fromNs, queue.now(), waves.length];
    const isLast = index === plan.waves.length - 1;
    const judge = (): void => {
      const tried = progress.slice(first, last).filter(({ attempts }) => attempts > 0);
      const open = tried.filter(({ end }) => end !== 'protected').length;
      waves.push({ machines: last - first, fromMs: beganNs / NS_PER_MS, toMs: triedNs / NS_PER_MS, tried: tried.length, open });
      if (isLast) return;
      halted = open > 0 && open >= plan.haltShare * tried.length;
      if (!halted) beginWave(index + 1);
    };
    // The last wave is not watched for the sake of a next one, and nobody of an empty one can be.
    if (isLast || last === first) judge();
    else queue.at(queue.now() + plan.soakMinutes * MINUTE_NS, judge);
  }

  if (fleet.length > 0) beginWave(0);
  while (queue.peek() !== Infinity) queue.step();
  return {
    machines: progress.map(({ end = 'skipped', protectedNs, attempts, downNs, lostFromNs }) => ({ end, protectedMs: toMs(protectedNs), attempts, downMs: downNs / NS_PER_MS, lostMs: toMs(lostFromNs) })),
    waves, halted, endMs: queue.now() / NS_PER_MS, mostDown,
  };
}
