/** The machine on which a patch is loaded, and what its tasks do. */

export type Preemption = 'none' | 'voluntary' | 'full' | 'dynamic';
export type Unwinder = 'orc' | 'frame-pointer' | 'none';

export interface Machine {
  /** The workload it was made by. Nothing rests on it. */
  readonly workload?: string;
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
  /** Loaded modules. Absent: every object of the patches, but for those that an action loads. */
  readonly modules?: readonly string[];
  /** Memory in use by tasks, which a checkpoint has to save, in MiB. Default: see `costs.ts`. */
  readonly usedMemoryMib?: number;
  readonly interrupts?: readonly Interrupt[];
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
  /** Functions whose addresses lie on the stack without being called: what a word scan (Ksplice) takes for frames. */
  readonly stale?: readonly string[];
  /** The function in `restart_block.fn`, which Ksplice checks too. */
  readonly restart?: string;
  /** Kernel threads under kGraft: whether the main loop has a kgr_task_safe(). Default: yes, unless it never sleeps. */
  readonly annotated?: boolean;
  /** Why a checkpoint cannot save the task (a device, a socket of an unknown kind); absent: it can. */
  readonly uncheckpointable?: string;
  readonly behavior: Behavior;
  /** Nobody saw this task: why it is imagined, one sentence. */
  readonly hypothetical?: string;
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
  | { readonly kind: 'fork'; readonly every: Duration; readonly child: { readonly comm: string; readonly stack: readonly string[]; readonly lives: Duration } }
  /**
   * Goes through `steps` from the moment of the load on, again and again. Each outermost call of a user task is a system
   * call. A kthread's frames lie above those of `stack`; the end of the steps is the top of its main loop.
   */
  | { readonly kind: 'script'; readonly steps: readonly Step[] };

export type Step =
  /** Calls a function, which goes through its own steps and returns. */
  | { readonly call: string; readonly steps?: readonly Step[] }
  /** Sleeps; a signal ends the sleep when it is interruptible, and those that follow in the same system call too. `freezable`: with TASK_FREEZABLE, as in wait_event_freezable(). */
  | { readonly sleep: Duration; readonly interruptible?: boolean; readonly freezable?: boolean }
  /** Keeps its CPU: a user task outside of any call in user mode. `interruptible`: a signal ends it, as it takes a virtual CPU out of its guest. */
  | { readonly run: Duration; readonly interruptible?: boolean };

/** Something that interrupts CPUs again and again, and the functions it calls. */
export interface Interrupt {
  readonly name: string;
  readonly context: 'irq' | 'softirq' | 'nmi';
  readonly every: Duration;
  /** The CPU it arrives at; absent: each CPU gets its own. */
  readonly cpu?: number;
  /** Calls only: nothing sleeps in an interrupt. */
  readonly calls: readonly { readonly call: string; readonly steps?: readonly Step[] }[];
}
