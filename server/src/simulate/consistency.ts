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
  /** A transition begins, or turns around: from now on the system moves to the patch's new code, or back. */
  readonly aim: (patch: number, universe: Universe) => void;
  /** The transition is over. */
  readonly settle: (patch: number) => void;
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
  readonly functions: ReadonlySet<string>;
  readonly aim: Universe;
  /** Who still has frames of the universe that is being left. */
  readonly lagging: Set<FrameHolder>;
  /** The first two callers that entered the universe aimed at; two, so that one of them is somebody else. */
  readonly arrived: { readonly holder: FrameHolder; readonly name: string }[];
}

const universeOf = (frame: Frame, patch: number): Universe => (frame.version >= patch ? 'new' : 'old');

/** @param patches by number, from 1 on; where its functions are inlined, those that hold them are meant */
export function createConsistency(patches: readonly { readonly patch: SimulatedPatch; readonly functions: ReadonlySet<string> }[], recorder: Recorder, initial: Universe): Consistency {
  const courses: Course[] = [];
  const holders = new Set<FrameHolder>();
  const open = new Set<number>();
  const pairs = followPairs(patches.map(({ patch }) => patch), initial);
  const relationsOf = (patch: number): SimulatedPatch | undefined => patches[patch - 1]?.patch;

  const lags = (holder: FrameHolder, course: Course): Frame | undefined =>
    holder.frames.find((frame) => frame.possible !== true && course.functions.has(frame.name) && universeOf(frame, course.patch) !== course.aim);

  function checkWhole(course: Course, call: Call, frame: Frame, holder: FrameHolder): void {
    const late = universeOf(frame, course.patch) !== course.aim;
    const other = late ? course.arrived.find((each) => each.holder !== holder)?.name : laggingFunction(course, holder);
    if (!late && course.arrived.length < 2 && course.arrived[0]?.holder !== holder) course.arrived.push({ holder, name: frame.name });
    if (other === undefined) return;
    const [mine, theirs] = late ? [otherOf(course.aim), course.aim] : [course.aim, otherOf(course.aim)];
    const text = `entered the ${mine} ${frame.name}${where(call)} while the ${theirs} ${other} ran elsewhere`;
    const needed = needs(relationsOf(course.patch), 'together', frame.name, other);
    recorder.violation({ invariant: 'I1', thread: call.thread, text, functions: [frame.name, other], needed });
  }

  function laggingFunction(course: Course, holder: FrameHolder): string | undefined {
    for (const each of course.lagging) if (each !== holder) return lags(each, course)?.name;
    return undefined;
  }

  function checkOwn(patch: number, call: Call, frame: Frame, holder: FrameHolder): void {
    const { first } = holder;
    if (first === undefined || patches[patch - 1]?.functions.has(first.name) !== true || universeOf(first, patch) === universeOf(frame, patch)) return;
    const caller = holder.frames.findLast((each) => patches[patch - 1]?.functions.has(each.name) === true && universeOf(each, patch) !== universeOf(frame, patch));
    const other = caller ?? first;
    const text = `entered the ${universeOf(frame, patch)} ${frame.name}${where(call)} after the ${universeOf(other, patch)} ${other.name} in the same ${call.thread.kind === 'user' && call.context === 'task' ? 'system call' : 'round'}`;
    const needed = caller !== undefined && needs(relationsOf(patch), 'call', caller.name, frame.name);
    recorder.violation({ invariant: 'I2', thread: call.thread, text, functions: [other.name, frame.name], needed });
  }

  return {
    entered: (call, frame, holder) => {
      patches.forEach(({ functions }, i) => {
        const patch = i + 1;
        if (!functions.has(frame.name)) return;
        checkOwn(patch, call, frame, holder);
        const made = pairs.met(patch, call.thread.pid, frame.name, universeOf(frame, patch));
        if (made !== undefined) {
          const text = `ran the ${universeOf(frame, patch)} ${frame.name} on what the ${otherOf(universeOf(frame, patch))} ${made} began`;
          recorder.violation({ invariant: 'data', thread: call.thread, text, functions: [made, frame.name], needed: true });
        }
      });
      // A frame in an interrupt is gone before anybody else runs.
      if (call.context === 'task' || call.context === 'idle') holders.add(holder);
      for (const course of courses) {
        if (!course.functions.has(frame.name)) continue;
        checkWhole(course, call, frame, holder);
        if (holders.has(holder) && universeOf(frame, course.patch) !== course.aim) course.lagging.add(holder);
      }
    },
    left: (holder) => {
      for (const course of courses) if (course.lagging.has(holder) && lags(holder, course) === undefined) course.lagging.delete(holder);
      if (holder.frames.length === 0) holders.delete(holder);
    },
    found: (thread) => { holders.add(thread); },
    aim: (patch, aim) => {
      for (const other of open) if (other !== patch) recorder.violation({ invariant: 'I7', text: `patch ${patch} began its transition before patch ${other} was done` });
      open.add(patch);
      const functions = patches[patch - 1]?.functions ?? new Set<string>();
      const course: Course = { patch, functions, aim, lagging: new Set(), arrived: [] };
      for (const holder of holders) if (lags(holder, course) !== undefined) course.lagging.add(holder);
      const old = courses.findIndex((each) => each.patch === patch);
      if (old >= 0) courses.splice(old, 1);
      courses.push(course);
    },
    settle: (patch) => { open.delete(patch); },
    switched: (thread, patch, how = 'switched') => {
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
