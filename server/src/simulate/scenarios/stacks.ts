/** Who is in the way, and who is not seen: P5, P7. */
import { call, ms, RESTARTS, sleeper, smallMachine, user, type Scenario } from './scenario';

const busy = 'The function is on the stack at every attempt.';

/** P5 */
export const alwaysAsleep: Scenario = {
  name: 'always-asleep',
  title: 'A function in which some task always sleeps',
  about: 'The fix is in do_select(), and a daemon waits there for hours.',
  input: {
    patch: { name: 'select', functions: [{ name: 'do_select', object: 'vmlinux' }] },
    machine: smallMachine([sleeper(101, 'daemon', ['schedule_hrtimeout_range', 'do_select', 'core_sys_select'], true)]),
    seed: 1,
  },
  expected: {
    livepatch: { verdict: 'applied', why: 'After 15 passes the task is signaled and leaves the function for a moment.' },
    'livepatch-4.0': { verdict: 'applied', invariants: ['I3'], why: 'At once, and the daemon stays in the old body until its call returns.' },
    kgraft: { verdict: 'not applied', why: 'The daemon does not come to the boundary of the kernel until somebody pokes it.' },
    kpatch: { verdict: 'not applied', why: busy },
    ksplice: { verdict: 'not applied', why: busy },
    kernelcare: { verdict: 'not applied', why: busy },
    ...RESTARTS,
  },
};

/** P7 */
export const immediateStack: Scenario = {
  name: 'immediate-stack',
  title: 'Two immediate patches, then one with the consistency model',
  about: 'Patches 1 and 2 of f() are immediate, 3 is not: only the newest version below it is looked for, and a task sleeps in that of patch 1 (why 4.16 dropped immediate patches).',
  input: {
    patch: { name: 'first', functions: [{ name: 'f', object: 'vmlinux' }], immediate: true },
    machine: smallMachine([user(101, 'reader', [call('f', { sleep: ms(8000) })])], { kernelVersion: '4.14' }),
    actions: [
      { atMs: 10_000, kind: 'enable', patch: { name: 'second', functions: [{ name: 'f', object: 'vmlinux' }], immediate: true } },
      { atMs: 12_000, kind: 'enable', patch: { name: 'third', functions: [{ name: 'f', object: 'vmlinux' }] } },
    ],
    seed: 1,
  },
  expected: {
    livepatch: { verdict: 'broken', invariants: ['I3'], why: 'The reader is switched to the third while it sleeps in the first.' },
    'livepatch-4.0': { verdict: 'applied', invariants: ['I3'], why: 'Every patch of it is immediate.' },
    kgraft: { verdict: 'applied', why: 'The reader migrates when its call returns, and the patches follow one another.' },
    kpatch: { verdict: 'not applied', why: busy },
    ksplice: { verdict: 'not applied', why: busy },
    kernelcare: { verdict: 'not applied', why: busy },
    ...RESTARTS,
  },
};
