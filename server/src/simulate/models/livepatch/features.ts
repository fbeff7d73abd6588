/** How the hybrid model changed from version to version, as far as it changes what the simulator shows. */
import { atLeast, type KernelVersion } from '../../version';
import { ENOSYS, EOPNOTSUPP } from '../errno';

export interface Features {
  /** The notice klp_start_transition() prints: "starting patching transition", or just "patching..." before 4.15. */
  readonly startText: 'starting' | 'patching...';
  /** `signal` in sysfs. */
  readonly signalFile: boolean;
  /** `force` in sysfs. */
  readonly forceFile: boolean;
  /** Signals are sent by the kernel itself, every 15 passes. */
  readonly autoSignals: boolean;
  /** How a user task is nudged: a pending signal that is not there, or TIF_NOTIFY_SIGNAL. */
  readonly nudge: 'fake signal' | 'TIF_NOTIFY_SIGNAL';
  /** A pass that cannot switch an idle task wakes its CPU. */
  readonly wakesIdle: boolean;
  /** `klp_patch.immediate`: no consistency model. */
  readonly immediate: boolean;
  /** A patch that replaces all others. */
  readonly atomicReplace: boolean;
  /** Only the patch on top can be disabled, and a disabled one can be enabled again. */
  readonly strictStack: boolean;
  /** `klp_patch.states`, and the check whether a patch is compatible with those installed. */
  readonly states: boolean;
  /** kernel.ftrace_enabled cannot be turned off under a patch, nor a patch loaded without it (FTRACE_OPS_FL_PERMANENT). */
  readonly permanentFtrace: boolean;
  /** `patched` of each object in sysfs. */
  readonly patchedFile: boolean;
  /** `replace` in sysfs. */
  readonly replaceFile: boolean;
  /** `stack_order` in sysfs. */
  readonly stackOrderFile: boolean;
  /** The error with which a machine without reliable stacks refuses every patch that is not immediate; 0: it only warns. */
  readonly unreliableStacks: number;
  /** pre_patch, post_patch, pre_unpatch, post_unpatch. */
  readonly callbacks: boolean;
  /** Where a pending task judges its own stack (klp_sched_try_switch()). */
  readonly triesItself: 'nowhere' | 'cond_resched' | 'freezable sleep';
}

export const FIRST_VERSION = { major: 4, minor: 12 } as const;

const BASE: Features = {
  startText: 'patching...',
  signalFile: false,
  forceFile: false,
  autoSignals: false,
  nudge: 'fake signal',
  wakesIdle: false,
  immediate: true,
  atomicReplace: false,
  strictStack: true,
  states: false,
  permanentFtrace: false,
  patchedFile: false,
  replaceFile: false,
  stackOrderFile: false,
  unreliableStacks: ENOSYS,
  callbacks: false,
  triesItself: 'nowhere',
};

/** What each version brought; a later row wins. Sources: kernel/livepatch/transition.c and its commits. */
const CHANGES: readonly { readonly since: readonly [number, number]; readonly change: Partial<Features> }[] = [
  { since: [4, 15], change: { startText: 'starting', callbacks: true } },
  { since: [4, 16], change: { signalFile: true, forceFile: true, immediate: false } },
  { since: [5, 1], change: { autoSignals: true, signalFile: false, atomicReplace: true, strictStack: false, unreliableStacks: EOPNOTSUPP } },
  // 31adf2308f33
  { since: [5, 2], change: { unreliableStacks: 0 } },
  // 7162431dcf72
  { since: [5, 5], change: { states: true, permanentFtrace: true } },
  { since: [5, 13], change: { nudge: 'TIF_NOTIFY_SIGNAL' } },
  // 5de62ea84abd
  { since: [5, 16], change: { wakesIdle: true } },
  { since: [6, 1], change: { patchedFile: true } },
  // e3ff7c609f39
  { since: [6, 4], change: { triesItself: 'cond_resched' } },
  { since: [6, 11], change: { replaceFile: true } },
  // The version follows from the commit's date, December 2024.
  { since: [6, 14], change: { stackOrderFile: true } },
  // 676e8cf70cb0: in __schedule(), of who sleeps with TASK_FREEZABLE; the version follows from the commit's date.
  { since: [6, 16], change: { triesItself: 'freezable sleep' } },
];

export function featuresOf(version: KernelVersion): Features {
  return CHANGES.filter(({ since }) => atLeast(version, ...since)).reduce<Features>((features, { change }) => ({ ...features, ...change }), BASE);
}
