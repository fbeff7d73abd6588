/**
 * Random numbers that belong to a task: each follows from the seed, the task and how often it has drawn, nothing else. What
 * one task draws, or does not because nobody needs to know, never changes what another one does.
 */
import { lengthNs } from './random';
import type { Duration } from './types';

/** Whoever draws. */
export interface Drawer {
  readonly pid: number;
  /** How often it has drawn. */
  draws: number;
}

export interface TaskRandom {
  /** An integer from 0 to `below`, which it never is. */
  readonly below: (below: number, who: Drawer) => number;
  /** A length of time in integer ns, at least 1. */
  readonly duration: (duration: Duration, who: Drawer) => number;
}

/** The last step of MurmurHash3 (A. Appleby, public domain): every bit of the input turns about half of those that come out. */
function mix(bits: number): number {
  let mixed = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}

/** 2^32 over the golden ratio: its multiples lie as far apart as can be. */
const GOLDEN = 0x9e3779b1;

export function createTaskRandom(seed: number): TaskRandom {
  const ours = mix(seed ^ GOLDEN);

  /** In (0, 1], in 2^40 steps as those of `createRandom`. */
  function unit(who: Drawer): number {
    const task = mix(ours + Math.imul(who.pid, GOLDEN));
    const high = mix(task + Math.imul(++who.draws, GOLDEN));
    return (high * 256 + (mix(high ^ task) >>> 24) + 1) / 2 ** 40;
  }

  return {
    below: (below, who) => Math.ceil(unit(who) * below) - 1,
    duration: (duration, who) => lengthNs(duration, () => unit(who)),
  };
}
