/** Tasks that nobody saw: asleep where the source says that the patched functions can sleep. Everything they do says that they are imagined. */
import type { PossibleSleeper } from '../rules/transition/sleepers';
import { KTHREAD_STACKS } from './machine/stacks';
import type { Blocker, Duration, Lane, Machine, Pass, Step, Task } from './types';

/** How long an event or a transfer is waited for, and a clock whose time the text does not tell, in ms. Assumptions, all three. */
const EVENT_MS = 10_000;
const TRANSFER_MS = 20;
const CLOCK_MS = 1000;

/** So many are enough to see what they do to a transition. */
const MOST_SLEEPERS = 16;

/** Begins the name of such a task, so that it is told wherever a name stands. */
const MARK = '?';

/** TASK_COMM_LEN without its NUL: include/linux/sched.h. */
const COMM_LENGTH = 15;

/** The machine with one task for each way to sleep. */
export function withSleepers(machine: Machine, sleepers: readonly PossibleSleeper[]): Machine {
  const firstPid = 1 + machine.tasks.reduce((most, { pid }) => Math.max(most, pid), 0);
  return { ...machine, tasks: [...machine.tasks, ...sleepers.slice(0, MOST_SLEEPERS).map((sleeper, i) => taskOf(sleeper, firstPid + i))] };
}

function taskOf(sleeper: PossibleSleeper, pid: number): Task {
  const { by, who } = sleeper;
  const lasts = durationOf(sleeper);
  const interruptible = by === 'interruptible';
  const common = { pid, comm: `${MARK}${sleeper.function}`.slice(0, COMM_LENGTH), state: interruptible ? 'S' : 'D', hypothetical: reasonOf(sleeper, lasts) } as const;
  const stack = [...asleepIn(sleeper), ...sleeper.stack];
  switch (who) {
    case 'process':
      return { ...common, kind: 'user', stack: [...stack, 'do_syscall_64', 'entry_SYSCALL_64_after_hwframe'], behavior: { kind: 'sleep', interruptible, lasts } };
    case 'thread':
      return { ...common, kind: 'kthread', stack: [...stack, 'kthread', 'ret_from_fork'], behavior: { kind: 'sleep', interruptible, lasts } };
    case 'worker':
      return { ...common, kind: 'kthread', stack: KTHREAD_STACKS.worker.slice(2), behavior: { kind: 'script', steps: [workOf(sleeper, { sleep: lasts, interruptible }), { sleep: { kind: 'exponential', meanMs: CLOCK_MS } }] } };
  }
}

/** What lies below the function that sleeps; most waits are macros around schedule(). */
function asleepIn({ wait, ends }: PossibleSleeper): string[] {
  const timed = ends === 'clock' && wait !== 'schedule_timeout' ? ['schedule_timeout'] : [];
  return ['__schedule', 'schedule', ...timed, ...(wait === 'schedule' || /wait_event|wait_var_event/.test(wait) ? [] : [wait])];
}

/** A worker goes through its work from the outermost function in. */
function workOf({ stack }: PossibleSleeper, sleep: Step): Step {
  return { call: 'process_one_work', steps: [stack.reduce<Step>((inner, call) => ({ call, steps: [inner] }), sleep)] };
}

function durationOf({ ends, limit }: PossibleSleeper): Duration {
  if (ends === 'clock') return { kind: 'fixed', ms: Math.max(1, limit ?? CLOCK_MS) };
  return { kind: 'exponential', meanMs: ends === 'event' ? EVENT_MS : TRANSFER_MS };
}

function reasonOf({ function: name, stack, wait, who }: PossibleSleeper, lasts: Duration): string {
  const within = stack[0] === name || stack[0] === undefined ? '' : ` in ${stack[0]}`;
  const long = lasts.kind === 'exponential' ? `${lasts.meanMs / 1000} s on the average` : `${(lasts.kind === 'fixed' ? lasts.ms : lasts.maxMs) / 1000} s`;
  const does = who === 'thread' ? 'a kernel thread' : who === 'worker' ? 'a kworker' : 'a process';
  return `${name} can sleep with ${wait}()${within}, so ${does} that does is imagined, for ${long} (assumed); nobody was seen there.`;
}

/** What a trace says of them: lanes and blockers are marked, and each is told. */
export function marked(machine: Machine, record: { readonly lanes: readonly Lane[]; readonly passes: readonly Pass[] }): { readonly lanes: readonly Lane[]; readonly passes: readonly Pass[]; readonly hypothetical?: readonly string[] } {
  const reasons = new Map(machine.tasks.flatMap(({ pid, hypothetical }) => (hypothetical === undefined ? [] : [[pid, hypothetical] as const])));
  if (reasons.size === 0) return record;
  const markBlocker = (blocker: Blocker): Blocker => (reasons.has(blocker.pid) ? { ...blocker, hypothetical: true } : blocker);
  return {
    lanes: record.lanes.map((lane) => (lane.pids.every((pid) => reasons.has(pid)) ? { ...lane, hypothetical: true } : lane)),
    passes: record.passes.map((pass) => ({ ...pass, blockers: pass.blockers.map(markBlocker) })),
    hypothetical: [...reasons.values()],
  };
}
