/** Reads the recorded transitions and makes machines of them. */
import { readFileSync } from 'node:fs';
import { inferBehavior, type Machine, type Task, type TaskState } from '../../server/src/simulate';

type TaskRow = readonly [pid: number, comm: string, state: TaskState, kthread: 0 | 1, stack: number, full: number | null];

export interface Recording {
  readonly run: string;
  readonly exp: string;
  readonly funcs: readonly string[];
  readonly args: string;
  readonly blocked_at_start: Readonly<Record<string, string>>;
  readonly blocked_after_signal: Readonly<Record<string, string>>;
  readonly signal_at_s: readonly number[];
  readonly completed_s: number;
  readonly needed_force: boolean;
  readonly tasks: readonly TaskRow[];
}

interface File {
  readonly stacks: readonly string[];
  readonly experiments: readonly Recording[];
}

function load(name: string): unknown {
  return JSON.parse(readFileSync(new URL(`./recordings/${name}`, import.meta.url), 'utf8'));
}

const file = load('transitions.json') as File;

export const recordings = file.experiments;

export const passGrid = load('pass-grid.json') as readonly {
  readonly patch: string;
  readonly direction: string;
  readonly startS: number;
  readonly passesS: readonly number[];
}[];

/** The recorded machine; what each task will do is inferred from its state alone, as for any snapshot. */
export function machineOf(recording: Recording): Machine {
  const frames = (index: number): string[] => (file.stacks[index] ?? '').split(' ').filter((name) => name !== '');
  const tasks = recording.tasks.map(([pid, comm, state, kthread, stack, full]): Task => ({
    pid,
    comm,
    kind: kthread === 1 ? 'kthread' : 'user',
    state,
    stack: frames(full ?? stack),
    hidden: full === null,
    behavior: inferBehavior({ state }),
  }));
  return { cpus: 2, hz: 250, kernelVersion: '6.1.192', preemption: 'dynamic', unwinder: 'orc', reliableStacks: true, tasks };
}
