/** The modules of the kernel's livepatch selftests (lib/livepatch), as far as they show: what they patch, and what they print. */
import type { CallbackLine, ObjectCallbacks, PatchedFunction, SimulatedPatch, Task } from '../../../server/src/simulate';
import { forever, kthread } from '../machines';

export const LIVEPATCH = 'test_klp_livepatch';
export const REPLACE = 'test_klp_atomic_replace';
export const DEMO = 'test_klp_callbacks_demo';
export const DEMO2 = 'test_klp_callbacks_demo2';
export const TARGET = 'test_klp_callbacks_mod';
export const BUSY = 'test_klp_callbacks_busy';

type Changes = Partial<SimulatedPatch>;

const inVmlinux = (name: string, patch: string): PatchedFunction => ({ name, object: 'vmlinux', prints: [`${patch}: this has been live patched`] });

export const livepatch = (changes: Changes = {}): SimulatedPatch => ({ name: LIVEPATCH, functions: [inVmlinux('cmdline_proc_show', LIVEPATCH)], ...changes });

export const atomicReplace = (replace: boolean): SimulatedPatch => ({ name: REPLACE, functions: [inVmlinux('meminfo_proc_show', REPLACE)], replace, parameters: `replace=${replace ? 1 : 0}` });

const MODULE_STATES = {
  live: '[MODULE_STATE_LIVE] Normal state', coming: '[MODULE_STATE_COMING] Full formed, running module_init', going: '[MODULE_STATE_GOING] Going away',
} as const;

/** The four callbacks of an object, each of which says its name and object, and what `more` adds. */
function speaking(patch: string, object: string, more: Partial<Record<'pre_patch' | 'post_patch' | 'pre_unpatch' | 'post_unpatch', CallbackLine>> = {}): ObjectCallbacks {
  const say = (callback: 'pre_patch' | 'post_patch' | 'pre_unpatch' | 'post_unpatch'): { prints: CallbackLine[] } => {
    const start = `${patch}: ${callback}_callback: ${object}`;
    const { live, coming, going } = MODULE_STATES;
    const line = object === 'vmlinux' ? start : { live: `${start} -> ${live}`, coming: `${start} -> ${coming}`, going: `${start} -> ${going}` };
    const added = more[callback];
    return { prints: added === undefined ? [line] : [line, added] };
  };
  return { object, prePatch: say('pre_patch'), postPatch: say('post_patch'), preUnpatch: say('pre_unpatch'), postUnpatch: say('post_unpatch') };
}

export function callbacksDemo(changes: Changes = {}): SimulatedPatch {
  const callbacks = ['vmlinux', TARGET, BUSY].map((object): ObjectCallbacks => {
    const all = speaking(DEMO, object);
    return { ...all, prePatch: { ...all.prePatch, returns: { parameter: 'pre_patch_ret' } } };
  });
  return { name: DEMO, functions: [{ name: 'busymod_work_func', object: BUSY }], callbacks, ...changes };
}

export const callbacksDemo2 = (changes: Changes = {}): SimulatedPatch => ({ name: DEMO2, functions: [], callbacks: [speaking(DEMO2, 'vmlinux')], ...changes });

/** Changes the console's log level while it is applied. Only versions 2 and 3 know what to do when another patch already has. */
export function statePatch(number: 1 | 2 | 3): SimulatedPatch {
  const name = `test_klp_state${number === 1 ? '' : number}`;
  const line = (text: string, taken: string): CallbackLine => (number === 1 ? `${name}: ${text}` : { state: 1, absent: `${name}: ${text}`, found: `${name}: ${taken}` });
  const callbacks = [speaking(name, 'vmlinux', {
    pre_patch: line('allocate_loglevel_state: allocating space to store console_loglevel', 'allocate_loglevel_state: space to store console_loglevel already allocated'),
    post_patch: line('fix_console_loglevel: fixing console_loglevel', 'fix_console_loglevel: taking over the console_loglevel change'),
    pre_unpatch: line('restore_console_loglevel: restoring console_loglevel', 'restore_console_loglevel: passing the console_loglevel change back to the old livepatch'),
    post_unpatch: line('free_loglevel_state: freeing space for the stored console_loglevel', 'free_loglevel_state: keeping space to store console_loglevel'),
  })];
  return { name, functions: [], callbacks, replace: true, states: [{ id: 1, version: number === 1 ? 1 : 2 }] };
}

/** The worker on which the busy module's work waits for its flag. */
export const busyWorker: Task = kthread(9, 'kworker/0:2', ['msleep', 'busymod_work_func', 'process_one_work', 'worker_thread'], forever(false), 'D');
