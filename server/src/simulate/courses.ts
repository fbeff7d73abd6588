/**
 * What becomes of each task, as a tree: tasks to whom the same happened at the same instants are at the same place in it.
 * Most tasks of a large machine are, so that a million of them take a few places, and no list each.
 */
import type { Lane, LaneSegment, LaneState, SwitchCause } from './types';

/** A place in the tree: what happened last, and after what. */
export interface Course {
  readonly before: Course | undefined;
  readonly atNs: number;
  readonly state: LaneState | 'gone';
  /** Set when this was a switch. */
  readonly cause: SwitchCause | undefined;
  /** How often the task has switched since the transition began or turned around, and which time it did: they are counted anew then. */
  readonly switches: number;
  readonly direction: number;
  /** Where it went on from here at the latest instant at which it did; time never goes back, so earlier ones are not needed again. */
  readonly next: Course[];
}

export interface CourseChange {
  readonly atNs: number;
  readonly state: Course['state'];
  readonly cause?: SwitchCause;
  readonly direction: number;
}

/** Where a course begins: a task's birth, or the beginning of the simulation. */
export function beginCourse(atNs: number, state: LaneState): Course {
  return { before: undefined, atNs, state, cause: undefined, switches: 0, direction: 0, next: [] };
}

export function goOn(before: Course, { atNs, state, cause, direction }: CourseChange): Course {
  const { next } = before;
  if (next[0] !== undefined && next[0].atNs !== atNs) next.length = 0;
  for (const known of next) if (known.state === state && known.cause === cause && known.direction === direction) return known;
  const counted = before.direction === direction ? before.switches : 0;
  const course: Course = { before, atNs, state, cause, switches: counted + (cause === undefined ? 0 : 1), direction, next: [] };
  next.push(course);
  return course;
}

/** The course in a lane's terms. States of no length are left out. */
export function courseOf(last: Course, endNs: number): Pick<Lane, 'segments' | 'switches'> {
  const steps: Course[] = [];
  for (let step: Course | undefined = last; step !== undefined; step = step.before) steps.unshift(step);
  const segments: LaneSegment[] = [];
  const switches: { readonly atNs: number; readonly cause: SwitchCause }[] = [];
  let since = steps[0];
  const close = (atNs: number): void => {
    if (since !== undefined && since.state !== 'gone' && atNs > since.atNs) segments.push({ fromNs: since.atNs, toNs: atNs, state: since.state });
  };
  for (const step of steps) {
    if (step.cause !== undefined) switches.push({ atNs: step.atNs, cause: step.cause });
    if (step.state === since?.state) continue;
    close(step.atNs);
    since = step;
  }
  close(endNs);
  return { segments, switches };
}
