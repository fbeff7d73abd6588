/** The kernel's livepatch selftests as data: what is done, one step after the other. What is printed is in golden/. */
import type { Action, SimulatedPatch, Task } from '../../../server/src/simulate';
import { user } from '../machines';
import { atomicReplace, BUSY, busyWorker, callbacksDemo, callbacksDemo2, DEMO, DEMO2, livepatch, LIVEPATCH, REPLACE, statePatch, TARGET } from './modules';

type Unplanned<A> = A extends Action ? Omit<A, 'atMs'> : never;
/** Loads a patch, or does something else. */
export type Step = { readonly load: SimulatedPatch } | Unplanned<Action>;

export interface Selftest {
  /** The golden file. */
  readonly name: string;
  /** The kernel's script, and the title it gives the test. Absent: the script is newer than 6.1. */
  readonly script?: string;
  readonly title: string;
  readonly steps: readonly Step[];
  readonly tasks?: readonly Task[];
}

const load = (patch: SimulatedPatch): Step => ({ load: patch });
const disable = (patch: string): Step => ({ kind: 'disable', patch });
const remove = (module: string, prints: readonly string[] = []): Step => ({ kind: 'unload module', module, prints });
const off = (patch: string): Step[] => [disable(patch), remove(patch)];
const ftrace = (enabled: boolean): Step => ({ kind: 'ftrace', enabled });
const look = (path: string): Step => ({ kind: 'sysfs', path });
const read: Step[] = [{ kind: 'call', function: 'cmdline_proc_show' }, { kind: 'call', function: 'meminfo_proc_show' }];

const target: Step = { kind: 'load module', module: TARGET, prints: [`${TARGET}: ${TARGET}_init`] };
const targetGoes = remove(TARGET, [`${TARGET}: ${TARGET}_exit`]);
const busyInit = [`${BUSY}: ${BUSY}_init`, `${BUSY}: busymod_work_func enter`];
const kprobe = (post: boolean): Step => ({ kind: 'load module', module: 'test_klp_kprobe', parameters: `has_post_handler=${post}`, holds: post ? ['cmdline_proc_show'] : [] });

/** Calls getpid all the time, as test_klp-call_getpid does. */
const hammer = (pid: number): Task =>
  user(pid, 'test_klp-call_g', [], { kind: 'script', steps: [{ call: '__do_sys_getpid', steps: [] }, { run: { kind: 'fixed', ms: 1 } }] }, 'R');

export const HAMMERS = [21, 22, 23, 24];

const LIVEPATCH_SH = 'test-livepatch.sh';
const CALLBACKS_SH = 'test-callbacks.sh';
const STATE_SH = 'test-state.sh';

export const SELFTESTS: readonly Selftest[] = [
  { name: 'basic', script: LIVEPATCH_SH, title: 'basic function patching', steps: [load(livepatch()), { kind: 'call', function: 'meminfo_proc_show' }, ...off(LIVEPATCH)] },
  {
    name: 'multiple', script: LIVEPATCH_SH, title: 'multiple livepatches',
    steps: [load(livepatch()), ...read, load(atomicReplace(false)), ...read, ...off(REPLACE), ...read, ...off(LIVEPATCH), ...read],
  },
  {
    name: 'atomic-replace', script: LIVEPATCH_SH, title: 'atomic replace livepatch',
    steps: [load(livepatch()), ...read, load(atomicReplace(true)), ...read, remove(LIVEPATCH), ...read, ...off(REPLACE), ...read],
  },
  { name: 'callbacks-target-before', script: CALLBACKS_SH, title: 'target module before livepatch', steps: [target, load(callbacksDemo()), ...off(DEMO), targetGoes] },
  { name: 'callbacks-coming', script: CALLBACKS_SH, title: 'module_coming notifier', steps: [load(callbacksDemo()), target, ...off(DEMO), targetGoes] },
  { name: 'callbacks-going', script: CALLBACKS_SH, title: 'module_going notifier', steps: [target, load(callbacksDemo()), targetGoes, ...off(DEMO)] },
  { name: 'callbacks-coming-going', script: CALLBACKS_SH, title: 'module_coming and module_going notifiers', steps: [load(callbacksDemo()), target, targetGoes, ...off(DEMO)] },
  { name: 'callbacks-target-absent', script: CALLBACKS_SH, title: 'target module not present', steps: [load(callbacksDemo()), ...off(DEMO)] },
  {
    name: 'callbacks-enodev', script: CALLBACKS_SH, title: 'pre-patch callback -ENODEV',
    steps: [target, load(callbacksDemo({ parameters: 'pre_patch_ret=-19' })), targetGoes],
  },
  {
    name: 'callbacks-coming-enodev', script: CALLBACKS_SH, title: 'module_coming + pre-patch callback -ENODEV',
    steps: [load(callbacksDemo()), { kind: 'parameter', patch: DEMO, parameter: 'pre_patch_ret', value: -19 }, target, ...off(DEMO)],
  },
  {
    name: 'callbacks-several-targets', script: CALLBACKS_SH, title: 'multiple target modules',
    steps: [
      { kind: 'load module', module: BUSY, parameters: 'block_transition=N', prints: [...busyInit, `${BUSY}: busymod_work_func exit`] },
      load(callbacksDemo()), target, targetGoes, ...off(DEMO), remove(BUSY, [`${BUSY}: ${BUSY}_exit`]),
    ],
  },
  {
    name: 'callbacks-busy-target', script: CALLBACKS_SH, title: 'busy target module', tasks: [busyWorker],
    steps: [
      { kind: 'load module', module: BUSY, parameters: 'block_transition=Y', prints: busyInit },
      load(callbacksDemo()), look(`${DEMO}/transition`), target, targetGoes, ...off(DEMO), remove(BUSY, [`${BUSY}: busymod_work_func exit`, `${BUSY}: ${BUSY}_exit`]),
    ],
  },
  {
    name: 'callbacks-several-patches', script: CALLBACKS_SH, title: 'multiple livepatches',
    steps: [load(callbacksDemo()), load(callbacksDemo2()), disable(DEMO2), disable(DEMO), remove(DEMO2), remove(DEMO)],
  },
  {
    name: 'callbacks-replace', script: CALLBACKS_SH, title: 'atomic replace',
    steps: [load(callbacksDemo()), load(callbacksDemo2({ replace: true, parameters: 'replace=1' })), ...off(DEMO2), remove(DEMO)],
  },
  { name: 'ftrace-disabled', script: 'test-ftrace.sh', title: 'livepatch interaction with ftrace_enabled sysctl', steps: [ftrace(false), load(livepatch()), ftrace(true), load(livepatch()), ftrace(false), ...off(LIVEPATCH)] },
  { name: 'state', script: STATE_SH, title: 'system state modification', steps: [load(statePatch(1)), ...off('test_klp_state')] },
  { name: 'state-taken-over', script: STATE_SH, title: 'taking over system state modification', steps: [load(statePatch(1)), load(statePatch(2)), remove('test_klp_state'), ...off('test_klp_state2')] },
  {
    name: 'state-compatible', script: STATE_SH, title: 'compatible cumulative livepatches',
    steps: [load(statePatch(2)), load(statePatch(3)), remove('test_klp_state2'), load(statePatch(2)), ...off('test_klp_state2'), remove('test_klp_state3')],
  },
  { name: 'state-incompatible', script: STATE_SH, title: 'incompatible cumulative livepatches', steps: [load(statePatch(2)), load(statePatch(1)), ...off('test_klp_state2')] },
  {
    name: 'sysfs', script: 'test-sysfs.sh', title: 'sysfs test',
    steps: [load(livepatch()), ...['', 'enabled', 'force', 'transition', 'vmlinux/patched'].map((path) => look(`${LIVEPATCH}/${path}`)), ...off(LIVEPATCH)],
  },
  {
    name: 'sysfs-patched', script: 'test-sysfs.sh', title: 'sysfs test object/patched',
    steps: [load(callbacksDemo()), look(`${DEMO}/${TARGET}/patched`), target, look(`${DEMO}/${TARGET}/patched`), targetGoes, look(`${DEMO}/${TARGET}/patched`), ...off(DEMO)],
  },
  { name: 'kprobe-post-handler', title: 'livepatch interaction with kprobed function with post_handler', steps: [kprobe(true), load(livepatch()), remove('test_klp_kprobe')] },
  { name: 'kprobe', title: 'livepatch interaction with kprobed function without post_handler', steps: [kprobe(false), load(livepatch()), remove('test_klp_kprobe'), ...off(LIVEPATCH)] },
  {
    name: 'syscall', title: 'patch getpid syscall while being heavily hammered', tasks: HAMMERS.map(hammer),
    steps: [load({ name: 'test_klp_syscall', parameters: `klp_pids=${HAMMERS.join(',')}`, functions: [{ name: '__do_sys_getpid', object: 'vmlinux' }] }), ...off('test_klp_syscall')],
  },
];
