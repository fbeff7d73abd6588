/**
 * The invariants that tell how old and new code meet, checked at every entry of a patched function, at every switch and
 * when code is removed. Whether a breach counts against a model is up to what it promises and what the patch rests on.
 */
import type { Call, FrameHolder } from './call';
import type { Recorder } from './recorder';
import { followPairs, needs, type Universe } from './relations';
import type { Frame, Thread } from './thread';
import type { SimulatedPatch } from './types';

export interface Consistency {
  readonly entered: (call: Call, frame: Frame, holder: FrameHolder) => void;
  /** Frames of the holder are gone. */
  readonly left: (holder: FrameHolder) => void;
  /** The thread has frames from before the simulation began. */
  readonly found: (thread: Thread) => void;
  /**
   * A transition begins, or turns around: from now on the system moves to the patch's new code, or back. With `replaces`,
   * what only those patches have goes back to the original at the same time.
   */
  readonly aim: (patch: number, universe: Universe, replaces?: readonly number[]) => void;
  /** The transition is over. */
  readonly settle: (patch: number) => void;
  /** Another patch took the place of this one: from now on only that one counts. */
  readonly replaced: (patch: number) => void;
  /** The thread switched to the universe aimed at: no function of the patch may be on its stack in the other one. */
  readonly switched: (thread: Thread, patch: number, how?: string) => void;
  /** Whatever old code made fits the new code from now on. */
  readonly converted: () => void;
  /** The patch's code is freed: it may be on no stack. */
  readonly freed: (patch: number) => void;
}

/** One patch on its way. */
interface Course {
  readonly patch: number;
  readonly aim: Universe;
  /** Who still has frames of the universe that is being left. */
  readonly lagging: Set<FrameHolder>;
  /** The first two callers that entered the universe aimed at; two, so that one of them is somebody else. */
  readonly arrived: { readonly holder: FrameHolder; readonly name: string }[];
}

/** A patch as the checks see it. */
export interface CheckedPatch {
  readonly patch: SimulatedPatch;
  /** What it replaces; where a function is inlined, those that hold it. */
  readonly functions: ReadonlySet<string>;
}

/** @param patches by number, from 1 on */
export function createConsistency(patches: readonly CheckedPatch[], recorder: Recorder, initial: Universe): Consistency {
  const courses: Course[] = [];
  const holders = new Set<FrameHolder>();
  const open = new Set<number>();
  /** For each patch that replaces others: the functions that only those have. */
  const broughtBack = new Map<number, ReadonlySet<string>>();
  const pairs = followPairs(patches.map(({ patch }) => patch), initial);
  const patchOf = (patch: number): SimulatedPatch | undefined => patches[patch - 1]?.patch;

  function forget(patch: number): void {
    const at = courses.findIndex((each) => each.patch === patch);
    if (at >= 0) courses.splice(at, 1);
  }

  /** Undefined: the patch has nothing to do with it, or a later one has taken over. */
  function universeOf({ name, version }: Frame, patch: number): Universe | undefined {
    if (version > patch) return undefined;
    if (patches[patch - 1]?.functions.has(name) === true) return version === patch ? 'new' : 'old';
    if (broughtBack.get(patch)?.has(name) !== true) return undefined;
    return version === 0 || version === patch ? 'new' : 'old';
  }

  const lags = (holder: FrameHolder, course: Course): Frame | undefined =>
    holder.frames.find((frame) => frame.possible !== true && universeOf(frame, course.patch) === otherOf(course.aim));

  function checkWhole(course: Course, universe: Universe, call: Call, frame: Frame, holder: FrameHolder): void {
    const late = universe !== course.aim;
    const other = late ? course.arrived.find((each) => each.holder !== holder)?.name : laggingFunction(course, holder);
    if (!late && course.arrived.length < 2 && course.arrived[0]?.holder !== holder) course.arrived.push({ holder, name: frame.name });
    if (other === undefined) return;
    const text = `entered the ${universe} ${frame.name}${where(call)} while the ${otherOf(universe)} ${other} ran elsewhere`;
    const needed = needs(patchOf(course.patch), 'together', frame.name, other);
    recorder.violation({ invariant: 'I1', thread: call.thread, text, functions: [frame.name, other], needed });
  }

  function laggingFunction(course: Course, holder: FrameHolder): string | undefined {
    for (const each of course.lagging) if (each !== holder) return lags(each, course)?.name;
    return undefined;
  }

  function checkOwn(patch: number, universe: Universe, call: Call, frame: Frame, holder: FrameHolder): void {
    const differs = (each: Frame): boolean => universeOf(each, patch) === otherOf(universe);
    const caller = holder.frames.findLast(differs);
    const other = caller ?? (holder.first !== undefined && differs(holder.first) ? holder.first : undefined);
    if (other === undefined) return;
    const text = `entered the ${universe} ${frame.name}${where(call)} after the ${otherOf(universe)} ${other.name} in the same ${call.thread.kind === 'user' && call.context === 'task' ? 'system call' : 'round'}`;
    const needed = caller !== undefined && needs(patchOf(patch), 'call', caller.name, frame.name);
    recorder.violation({ invariant: 'I2', thread: call.thread, text, functions: [other.name, frame.name], needed });
  }

  function checkPairs(patch: number, universe: Universe, call: Call, frame: Frame): void {
    const made = pairs.met(patch, call.thread.pid, frame.name, universe);
    if (made === undefined) return;
    const text = `ran the ${universe} ${frame.name} on what the ${otherOf(universe)} ${made} began`;
    recorder.violation({ invariant: 'data', thread: call.thread, text, functions: [made, frame.name], needed: true });
  }

  return {
    entered: (call, frame, holder) => {
      // A frame in an interrupt is gone before anybody else runs.
      const stays = call.context === 'task' || call.context === 'idle';
      if (stays) holders.add(holder);
      patches.forEach((_, i) => {
        const universe = universeOf(frame, i + 1);
        if (universe === undefined) return;
        checkOwn(i + 1, universe, call, frame, holder);
        checkPairs(i + 1, universe, call, frame);
        const course = courses.find(({ patch }) => patch === i + 1);
        if (course === undefined) return;
        checkWhole(course, universe, call, frame, holder);
        if (stays && universe !== course.aim) course.lagging.add(holder);
      });
    },
    left: (holder) => {
      for (const course of courses) if (course.lagging.has(holder) && lags(holder, course) === undefined) course.lagging.delete(holder);
      if (holder.frames.length === 0) holders.delete(holder);
    },
    found: (thread) => { holders.add(thread); },
    aim: (patch, aim, replaces) => {
      if (replaces !== undefined) broughtBack.set(patch, new Set(replaces.flatMap((each) => [...(patches[each - 1]?.functions ?? [])])));
      for (const other of open) if (other !== patch) recorder.violation({ invariant: 'I7', text: `patch ${patch} began its transition before patch ${other} was done` });
      open.add(patch);
      const course: Course = { patch, aim, lagging: new Set(), arrived: [] };
      for (const holder of holders) if (lags(holder, course) !== undefined) course.lagging.add(holder);
      forget(patch);
      courses.push(course);
    },
    settle: (patch) => { open.delete(patch); },
    replaced: forget,
    switched: (thread, patch, how = 'switched') => {
      if (thread.frames.length === 0) return;
      const course = courses.find((each) => each.patch === patch);
      const frame = course && lags(thread, course);
      if (frame !== undefined) recorder.violation({ invariant: 'I3', thread, text: `${how} while ${frame.name} is on its stack` });
    },
    converted: () => { pairs.convert('new'); },
    freed: (patch) => {
      for (const holder of holders) {
        const frame = holder.frames.find(({ version, possible }) => version === patch && possible !== true);
        if (frame !== undefined) recorder.violation({ invariant: 'I4', thread: holder as Thread, text: `has the removed ${frame.name} of patch ${patch} on its stack` });
      }
    },
  };
}

const otherOf = (universe: Universe): Universe => (universe === 'new' ? 'old' : 'new');

function where({ context, cpu }: Call): string {
  return context === 'task' ? '' : ` in ${context === 'idle' ? 'idle' : context} on CPU ${cpu}`;
}
