/**
 * What a simulation takes and gives. All of it is plain, serialisable data; the same input always gives
 * the same trace, byte for byte.
 *
 * Times: `...Ns` are integer nanoseconds and `...Ms` milliseconds, both counted from the moment the patch
 * is loaded (the kernel's "enabling patch" line). Doubles hold integers exactly up to 2^53 ns = 104 days.
 */

/** The systems that can be simulated; one file under `models/` each. */
export type ModelName = 'livepatch';

/** One function that the live patch replaces. */
export interface PatchedFunction {
  /** The function's symbol, as it stands on a stack (`do_select`, `foo.part.0`). */
  readonly name: string;
  /** `vmlinux` or the module's name. */
  readonly object: string;
}

export interface SimulatedPatch {
  /** The patch module's name, as the kernel prints it. */
  readonly name: string;
  readonly functions: readonly PatchedFunction[];
  /** Atomic replace (`klp_patch.replace`); a label only so far: the machine starts without older patches. */
  readonly replace?: boolean;
}

export type Preemption = 'none' | 'voluntary' | 'full' | 'dynamic';
export type Unwinder = 'orc' | 'frame-pointer' | 'none';

/** The machine on which the patch is loaded. */
export interface Machine {
  /** Online CPUs, at least 1. */
  readonly cpus: number;
  /** Possible CPUs that are offline; each has an idle task that the transition switches at once. Default 0. */
  readonly offlineCpus?: number;
  /** CONFIG_HZ: 100, 250, 300 or 1000. */
  readonly hz: number;
  /** `X.Y` or `X.Y.Z`. */
  readonly kernelVersion: string;
  /** Whether CONFIG_PREEMPTION is set (`full` and `dynamic`) decides how unpatching waits. */
  readonly preemption: Preemption;
  readonly unwinder: Unwinder;
  /** HAVE_RELIABLE_STACKTRACE of the architecture: without it only tasks that return to user space or leave idle switch. */
  readonly reliableStacks: boolean;
  /** How long jiffies had been counting when the patch is loaded, up to 100 days; drawn from the seed when absent. */
  readonly uptimeMs?: number;
  /** Every thread except the idle ones (`swapper/N`), which the simulator makes itself. */
  readonly tasks: readonly Task[];
}

/** R running or runnable, S interruptible, D uninterruptible, I idle kthread, T stopped, t traced, Z zombie. */
export type TaskState = 'R' | 'S' | 'D' | 'I' | 'T' | 't' | 'Z';

export interface Task {
  readonly pid: number;
  readonly comm: string;
  /** An io_uring or vhost worker that is a user task by flag but never returns to user space counts as a kthread. */
  readonly kind: 'user' | 'kthread';
  readonly state: TaskState;
  /** Kernel stack, innermost frame first, scheduler functions included. Empty: in user mode (R), or not known (asleep). */
  readonly stack: readonly string[];
  /** Set when the stack came from /proc/PID/stack, which hides every `__sched` function. */
  readonly hidden?: boolean;
  readonly behavior: Behavior;
}

/** How long something lasts, in milliseconds. */
export type Duration =
  | { readonly kind: 'fixed'; readonly ms: number }
  | { readonly kind: 'uniform'; readonly minMs: number; readonly maxMs: number }
  | { readonly kind: 'exponential'; readonly meanMs: number };

/** What a task does over time. */
export type Behavior =
  /**
   * Sleeps in its stack, wakes, runs for a moment, sleeps in the same stack again. A user task passes through
   * user mode in between; a kthread does not, its outer frames never leave the stack. `interruptible`: a signal
   * (for a kthread: a wake-up) ends the sleep. Stopped and traced tasks, vfork parents and D sleepers are not.
   * Without `lasts` only a signal ends the sleep; `once` takes `lasts` for the first sleep and then sleeps for good.
   */
  | { readonly kind: 'sleep'; readonly interruptible: boolean; readonly lasts?: Duration; readonly once?: boolean }
  /**
   * Never sleeps. A user task enters the kernel at every tick, and every `syscallEveryUs` when it makes system
   * calls. A kthread stays in the kernel and only calls cond_resched().
   */
  | { readonly kind: 'busy'; readonly syscallEveryUs?: number }
  /** Sleeps for `every`, then forks a child that sleeps in `child.stack` and exits after `child.lives`; and again. */
  | { readonly kind: 'fork'; readonly every: Duration; readonly child: { readonly comm: string; readonly stack: readonly string[]; readonly lives: Duration } };

/** Something the operator does while the simulation runs. */
export type Action =
  /** Write the opposite to `enabled` during the transition. */
  | { readonly atMs: number; readonly kind: 'reverse' }
  /** Write 0 to `enabled`: reverses a transition that is patching, disables a patch that is applied. */
  | { readonly atMs: number; readonly kind: 'disable' }
  /** Write 1 to `force`. */
  | { readonly atMs: number; readonly kind: 'force' }
  /** Write 1 to `signal` (kernels 4.16 to 5.0). */
  | { readonly atMs: number; readonly kind: 'signal' }
  /** SIGSTOP and SIGCONT to one task. */
  | { readonly atMs: number; readonly kind: 'poke'; readonly pid: number };

/** Costs the simulator cannot derive. Every one is an assumption with a default; see `costs.ts` for where each comes from. */
export interface Costs {
  readonly registerFunctionNs: number;
  readonly checkTaskNs: number;
  readonly patchTailNs: number;
  readonly unpatchTailNs: number;
  readonly unpatchTailBusyNs: number;
  readonly runNs: number;
  readonly sliceNs: number;
  readonly hogMigrationMeanNs: number;
  readonly idleWakeMeanNs: number;
}

export interface SimulationInput {
  readonly model: ModelName;
  readonly patch: SimulatedPatch;
  readonly machine: Machine;
  /** Integer; decides everything that is drawn. */
  readonly seed: number;
  /** `unpatch` starts with the patch applied, everybody asleep in its new functions, and disables it. Default `patch`. */
  readonly direction?: 'patch' | 'unpatch';
  readonly actions?: readonly Action[];
  /** When the operator stops waiting. Default 75 000: kpatch waits 15 s, signals, and waits another 60 s. */
  readonly giveUpAfterMs?: number;
  readonly costs?: Partial<Costs>;
}

export type SimulationResult =
  | { readonly ok: true; readonly trace: Trace }
  /** `cancelled` when `shouldStop` said so; otherwise the input is at fault and `message` says where. */
  | { readonly ok: false; readonly cancelled: boolean; readonly message: string };

/**
 * `complete`: everybody switched. `stuck`: the operator gave up waiting. `failed`: it did not happen, because it was
 * refused or reversed. `unsafe`: it completed, but a task was forced while a function of the patch was on its stack.
 */
export type Outcome = 'complete' | 'stuck' | 'failed' | 'unsafe';

export type BlockReason = 'running' | 'sleeping' | 'unreliable' | 'unknown';

/** A task that a pass could not switch. */
export interface Blocker {
  readonly pid: number;
  readonly comm: string;
  readonly reason: BlockReason;
  /** The function of the patch the task sleeps on, or might sleep on (`unknown`). */
  readonly function?: string;
}

export interface Pass {
  /** 0 for the one made inside the load, then counting up; a reversal does not start anew. */
  readonly index: number;
  readonly atNs: number;
  /** The CPU whose worker made the pass. */
  readonly cpu: number;
  /** How many tasks this pass switched. */
  readonly switched: number;
  /** In the order in which the kernel looks: threads, then idle tasks by CPU. */
  readonly blockers: readonly Blocker[];
}

export type SwitchCause = 'stack check' | 'exit to user' | 'idle' | 'cond_resched' | 'fork' | 'forced' | 'offline';

/** `pending`: still in the old universe with TIF_PATCH_PENDING set. `undefined`: no transition touches the task. */
export type LaneState = 'undefined' | 'unpatched' | 'pending' | 'patched';

export interface LaneSegment {
  readonly fromNs: number;
  readonly toNs: number;
  readonly state: LaneState;
}

/** One task's life through the simulation. Segments touch each other and cover the task's life. */
export interface Lane {
  readonly pid: number;
  readonly comm: string;
  readonly kind: 'user' | 'kthread' | 'idle';
  readonly segments: readonly LaneSegment[];
  /** Every switch of the task, in order. */
  readonly switches: readonly { readonly atNs: number; readonly cause: SwitchCause }[];
}

export interface LogLine {
  readonly atNs: number;
  /** Without the timestamp: `livepatch: 'p': patching complete`. */
  readonly text: string;
  /** As printk: debug lines show only with dynamic debug on for kernel/livepatch. */
  readonly level: 'warn' | 'notice' | 'debug';
}

export interface Violation {
  /** `I3` activeness, `I5` monotonic, `I6` fork: see docs/simulator.md. */
  readonly invariant: 'I3' | 'I5' | 'I6';
  /** `comm:pid`. */
  readonly task: string;
  readonly atNs: number;
  readonly text: string;
}

export interface Trace {
  readonly seed: number;
  readonly model: ModelName;
  readonly patch: SimulatedPatch;
  readonly machine: Omit<Machine, 'tasks'> & { readonly tasks: number; readonly uptimeMs: number };
  readonly outcome: Outcome;
  /** When every task had switched in the direction asked for. */
  readonly appliedMs: number | null;
  /** When the kernel said so. */
  readonly completeMs: number | null;
  /** How long the whole system stood still. */
  readonly pauseMs: number;
  /** How often the patch was tried (systems that try, give up and try again). */
  readonly attempts: number;
  readonly endNs: number;
  readonly passes: readonly Pass[];
  readonly signals: readonly { readonly atNs: number }[];
  readonly actions: readonly { readonly atNs: number; readonly kind: Action['kind']; readonly result: string }[];
  readonly lanes: readonly Lane[];
  readonly log: readonly LogLine[];
  readonly violations: readonly Violation[];
  /** Which figures were assumed, one sentence each. */
  readonly assumptions: readonly string[];
  /** What happened that the kernel's log does not say, one sentence each. */
  readonly notes: readonly string[];
}
