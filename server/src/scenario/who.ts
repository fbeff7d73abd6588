/** Who runs on the simulated machine: a snapshot's tasks, a written machine's or a workload's; and the machine that comes of it. */
import { DEFAULT_KERNEL_VERSION, inferBehavior, inVmlinux, WORKLOADS, type Machine, type MachineSettings, type PatchedFunction, type Task, type Workload, type WrittenMachine, type WrittenTask } from '../simulate/index';
import { machineOfSnapshot, parseSnapshot, type AskedFunction, type Snapshot } from '../simulate/snapshots';

export type Who =
  | { readonly kind: 'snapshot'; readonly snapshot: Snapshot }
  | { readonly kind: 'machine'; readonly machine: WrittenMachine }
  | { readonly kind: 'workload'; readonly workload: Workload; readonly tasks?: number };

/** The workload where nobody says who runs. */
export const USUAL_WORKLOAD = WORKLOADS[0]?.name ?? '';

export interface Peopled {
  readonly machine: Machine;
  /** Each in its object, which a snapshot may tell. */
  readonly functions: readonly PatchedFunction[];
  /** What was assumed, noticed or left out, one sentence each. */
  readonly notes: readonly string[];
  /** Of a snapshot, for scripts. */
  readonly snapshot?: SnapshotNews;
}

export interface SnapshotNews {
  readonly format: string;
  readonly malformed: Snapshot['malformed'];
  readonly untold: readonly string[];
}

/**
 * @param told what counts for more than what the machine or the snapshot tells
 * @param usual what counts for less; a workload tells nothing but how many CPUs it has
 */
export function peopled(who: Who, asked: readonly AskedFunction[], told: Partial<MachineSettings>, usual: Partial<MachineSettings>): Peopled {
  switch (who.kind) {
    case 'snapshot': {
      const { snapshot } = who;
      const { machine, functions, notes } = machineOfSnapshot(snapshot, asked, { ...told, fallbackVersion: usual.kernelVersion });
      const untold = [...snapshot.untold, ...notes];
      return { machine, functions, notes: [...malformedNotes(snapshot), ...untold], snapshot: { format: snapshot.format, malformed: snapshot.malformed, untold } };
    }
    case 'machine': {
      const { tasks, ...written } = who.machine;
      const { kernelVersion = DEFAULT_KERNEL_VERSION } = usual;
      const machine: Machine = { cpus: 4, hz: 250, kernelVersion, preemption: 'dynamic', unwinder: 'orc', reliableStacks: true, ...written, ...told, tasks: tasks.map(completed) };
      return { machine, functions: inVmlinux(asked), notes: [] };
    }
    case 'workload':
      return { machine: who.workload.machine({ ...usual, ...told, ...(who.tasks !== undefined && { tasks: who.tasks }) }), functions: inVmlinux(asked), notes: [] };
  }
}

function completed(task: WrittenTask): Task {
  const state = task.state ?? 'S';
  return { kind: 'user', stack: [], behavior: inferBehavior({ state }), ...task, state };
}

function malformedNotes({ malformed: { count, first } }: Snapshot): readonly string[] {
  if (count === 0) return [];
  const named = first.map(({ line, why }) => `line ${line}: ${why}`).join('; ');
  return [`${count} malformed line${count === 1 ? '' : 's'} left out (${named}${count > first.length ? '; ...' : ''})`];
}

/** What is wrong with a machine beyond its form, to be read behind the name of its file. */
export function twoOfOnePid({ tasks }: WrittenMachine): string | undefined {
  const given = new Map<number, string>();
  for (const { pid, comm } of tasks) {
    const other = given.get(pid);
    if (other !== undefined) return `two tasks, ${JSON.stringify(other)} and ${JSON.stringify(comm)}, have the pid ${pid}`;
    given.set(pid, comm);
  }
  return undefined;
}

/** @returns `problem`, to be read behind the name of the file */
export function snapshotOf(bytes: Uint8Array): { readonly snapshot: Snapshot } | { readonly problem: string } {
  const snapshot = parseSnapshot(new TextDecoder().decode(bytes));
  if (snapshot === undefined) return { problem: 'is in no known format: docs/snapshots.md lists them' };
  return snapshot.tasks.length === 0 ? { problem: 'holds no task' } : { snapshot };
}
