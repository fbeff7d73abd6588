/** From a snapshot to the machine the simulator takes, for a patch of given functions. */
import { DEFAULT_KERNEL_VERSION } from '../machine/builtin';
import { inferBehavior } from '../machine/behavior';
import type { Machine, PatchedFunction, Preemption, Task, Unwinder } from '../types';
import { parseVersion } from '../version';
import { frameMatches, objectOf, stackNames } from './matching';
import { isPreempted, isSwitchedOut, stateByStack } from './stackFacts';
import type { AskedFunction, Frame, Snapshot, SnapshotTask } from './types';

/** What is given here overrides what the snapshot tells. */
export interface MachineOptions {
  readonly cpus?: number | undefined;
  readonly hz?: number | undefined;
  readonly kernelVersion?: string | undefined;
  readonly preemption?: Preemption | undefined;
  readonly unwinder?: Unwinder | undefined;
  readonly reliableStacks?: boolean | undefined;
  /** The version to take where neither an option nor the snapshot tells one. */
  readonly fallbackVersion?: string | undefined;
}

export interface SnapshotMachine {
  readonly machine: Machine;
  readonly functions: readonly PatchedFunction[];
  /** What was assumed and what was noticed, one sentence each. */
  readonly notes: readonly string[];
}

const DEFAULTS = { cpus: 4, hz: 250, preemption: 'dynamic', unwinder: 'orc' } as const;

/** Architectures with HAVE_RELIABLE_STACKTRACE and HAVE_LIVEPATCH in 6.1. */
const RELIABLE = /^(x86_64|amd64|ppc64(le)?|s390x|X86_64|PPC64|S390X)$/;

export function machineOfSnapshot(snapshot: Snapshot, asked: readonly AskedFunction[], options: MachineOptions = {}): SnapshotMachine {
  const { facts } = snapshot;
  const notes: string[] = [];
  const told = <T>(what: string, given: T | undefined, fact: T | undefined, otherwise: T): T => {
    const value = given ?? fact;
    if (value === undefined) notes.push(`the snapshot does not tell ${what}: ${String(otherwise)} is assumed`);
    return value ?? otherwise;
  };
  const release = facts.kernelVersion !== undefined && parseVersion(facts.kernelVersion) !== undefined ? facts.kernelVersion : undefined;
  const machine: Omit<Machine, 'tasks'> = {
    cpus: told('how many CPUs there are', options.cpus, facts.cpus, DEFAULTS.cpus),
    hz: told('HZ', options.hz, facts.hz, DEFAULTS.hz),
    kernelVersion: told('the kernel\'s version', options.kernelVersion, release, options.fallbackVersion ?? DEFAULT_KERNEL_VERSION),
    preemption: told('how the kernel preempts', options.preemption, facts.preemption, DEFAULTS.preemption),
    unwinder: told('the unwinder', options.unwinder, facts.unwinder, DEFAULTS.unwinder),
    reliableStacks: options.reliableStacks ?? facts.reliableStacks ?? (facts.arch === undefined || RELIABLE.test(facts.arch)),
  };
  const nameOf = stackNames(asked, snapshot.format !== 'bpftrace');
  const named = new Map<readonly Frame[], readonly string[]>();
  const namesOf = (frames: readonly Frame[]): readonly string[] => {
    let names = named.get(frames);
    if (names === undefined) {
      names = frames.map(nameOf);
      named.set(frames, names);
    }
    return names;
  };
  const tasks = snapshot.tasks.map((task): Task => {
    const stack = namesOf(task.frames);
    const { pid, comm, kind, hidden } = task;
    const state = wasJustWoken(task) ? stateByStack(task.frames, kind) : task.state;
    // A stack that may go on says nothing about functions that are not on the part that was told.
    const said = task.incomplete === undefined || asked.some(({ name }) => stack.includes(name)) ? stack : [];
    const stale = namesOf(task.possible);
    return { pid, comm, kind, state, stack: said, hidden, ...(stale.length === 0 ? {} : { stale }), behavior: inferBehavior({ state }) };
  });
  const functions = asked.map(({ name, object }) => ({ name, object: object ?? objectOf(snapshot, name) }));
  return { machine: { ...machine, tasks }, functions, notes: [...notes, ...transitionNotes(snapshot), ...staleNotes(snapshot, asked)] };
}

/**
 * Runnable, but its stack is that of a task that gave up its CPU by itself: it was woken and has yet to run, or is about to
 * sleep again. Only what runs in user mode, was preempted or is amid its work is taken to stay busy.
 */
function wasJustWoken({ state, frames, hidden }: SnapshotTask): boolean {
  return state === 'R' && frames.length > 0 && !isPreempted(frames) && (hidden || isSwitchedOut(frames));
}

function transitionNotes({ tasks, facts }: Snapshot): string[] {
  const states = tasks.filter((task) => task.pending === true || (task.patchState !== undefined && task.patchState !== -1));
  if (states.length === 0) return [];
  const left = tasks.filter((task) => task.pending === true || (facts.transitionTo !== undefined && task.patchState === 1 - facts.transitionTo));
  const begun = 'a transition was in progress when the snapshot was taken';
  if (left.length > 0) return [`${begun}: ${count(left.length)} had not switched (${list(left)}); simulated is a patch that is loaded now`];
  const unpatched = tasks.filter(({ patchState }) => patchState === 0);
  return [`${begun}: ${count(unpatched.length)} unpatched, ${count(states.length - unpatched.length)} patched; which way it went is not told`];
}

/** Entries the unwinder did not confirm: livepatch does not count them, systems that scan the stack word by word do. */
function staleNotes({ tasks }: Snapshot, asked: readonly AskedFunction[]): string[] {
  return asked.flatMap((each) => {
    const stale = tasks.filter(({ frames, possible }) => possible.some((frame) => frameMatches(frame, each, true)) && !frames.some((frame) => frameMatches(frame, each, true)));
    return stale.length === 0 ? [] : [`${each.name} is a stale entry (marked ?) on the stack of ${count(stale.length)} (${list(stale)}): livepatch does not count it, a word by word scan as Ksplice's does`];
  });
}

const count = (n: number): string => `${n} task${n === 1 ? '' : 's'}`;

function list(tasks: readonly SnapshotTask[]): string {
  const shown = tasks.slice(0, 4).map(({ comm, pid }) => `${comm}:${pid}`).join(', ');
  return tasks.length > 4 ? `${shown} and ${tasks.length - 4} more` : shown;
}
