/** What to do on the machine: upstream's livepatch by its files in sysfs (Documentation/ABI/testing/sysfs-kernel-livepatch, Documentation/livepatch/livepatch.rst) and /proc. */
import type { Trace } from '../../simulate/index';
import { tenths } from '../simulation-words';

/** kpatch's front end waits 15 s, and another 60 s after its signals, before it gives up. */
const PATIENCE = '75 s';

/** @param trace of livepatch; without one, where others were simulated, there is nothing to say */
export function stepLines(trace: Trace | undefined, version: string | undefined, isSimulated: boolean): readonly string[] {
  if (trace === undefined && isSimulated) return [];
  const after = trace?.completeMs;
  return [
    ...(after === undefined || after === null ? [] : [`Expected: \`transition\` reads 0 after about ${tenths(after)}, and the kernel's log says "patching complete".`, '']),
    '```sh',
    "P=livepatch_edit                                   # the module's name",
    'insmod ./$P.ko                                     # loads it, and begins the transition',
    'cat /sys/kernel/livepatch/$P/transition            # 1 while tasks are left',
    'grep -l "^0$" /proc/[0-9]*/task/*/patch_state      # who has not switched yet',
    'cat /proc/PID/task/TID/stack                       # and where such a task is',
    'dmesg | grep livepatch:                            # what the kernel says',
    ...(sendsSignals(version) ? [] : ['echo 1 > /sys/kernel/livepatch/$P/signal           # this kernel sends signals only when told to']),
    '```', '',
    `If it is not over after ${PATIENCE}, turn it around and find out who holds it up; do not write to \`force\`, which lets tasks go on in old code beside new.`, '',
    '```sh',
    'echo 0 > /sys/kernel/livepatch/$P/enabled          # reverses a transition, and disables an applied patch',
    'cat /sys/kernel/livepatch/$P/transition            # wait for 0; the folder goes away',
    'rmmod $P',
    '```',
  ];
}

/** The attribute `signal` was there from 4.16 to 5.0; from 5.1 on signals are sent every 15 passes (kernel/livepatch/transition.c). */
function sendsSignals(version: string | undefined): boolean {
  const [, major = '', minor = ''] = /^v?(\d+)\.(\d+)/.exec(version ?? '') ?? [];
  return !((major === '4' && Number(minor) >= 16) || (major === '5' && minor === '0'));
}
