/** What two contexts share while they run: P2, P6. */
import type { Task } from '../types';
import { call, ms, pause, RESTARTS, smallMachine, user, type Scenario } from './scenario';

const atOnce = 'Everybody switches at one instant at which nobody is inside.';

/** P2 */
export const lockOrder: Scenario = {
  name: 'lock-order',
  title: 'Two functions change the order in which they take locks',
  about: 'update() and flush() took lock A, then B, and now take B, then A: an old task and a new one at the same time can wait for each other for ever.',
  input: {
    patch: { name: 'locks', functions: [{ name: 'update', object: 'vmlinux' }, { name: 'flush', object: 'vmlinux' }], relations: [{ kind: 'together', functions: ['update', 'flush'] }] },
    machine: smallMachine([
      user(101, 'updater', [call('update', { sleep: ms(300) }), pause(900)]),
      user(102, 'flusher', [call('flush'), pause(5)]),
    ]),
    seed: 1,
    watchAfterMs: 500,
  },
  expected: {
    livepatch: { verdict: 'broken', invariants: ['I1'], why: 'The updater still holds its locks in the old update() while the flusher, already switched, takes them the other way round.' },
    'livepatch-4.0': { verdict: 'broken', invariants: ['I1'], why: 'Nothing waits for the updater to come out.' },
    kgraft: { verdict: 'broken', invariants: ['I1'], why: 'Each task migrates by itself.' },
    kpatch: { verdict: 'applied', why: atOnce },
    ksplice: { verdict: 'applied', why: atOnce },
    kernelcare: { verdict: 'applied', why: atOnce },
    ...RESTARTS,
  },
};

/** Kernel threads that compute for long: what interrupts them meets them in the state they were in before. */
const workers = [30, 31].map((pid): Task => ({
  pid, comm: 'cryptd', kind: 'kthread', state: 'S', stack: ['kthread', 'ret_from_fork'], behavior: { kind: 'script', steps: [call('cryptd_work', { run: ms(60) }), { sleep: ms(2) }] },
}));

/** P6 */
export const interruptHandler: Scenario = {
  name: 'interrupt-handler',
  title: 'An interrupt handler and a system call share data',
  about: 'handler() writes what reader() reads, and the patch changes its layout: on one machine both must change at once.',
  input: {
    patch: { name: 'handler', functions: [{ name: 'handler', object: 'vmlinux' }, { name: 'reader', object: 'vmlinux' }], relations: [{ kind: 'together', functions: ['handler', 'reader'] }] },
    machine: smallMachine([...[101, 102, 103, 104].map((pid) => user(pid, 'reader', [call('reader', { run: ms(0.2) }), pause(3)])), ...workers], {
      cpus: 8,
      interrupts: [{ name: 'eth0', context: 'irq', every: { kind: 'exponential', meanMs: 1 }, calls: [{ call: 'handler' }] }],
    }),
    seed: 1,
    watchAfterMs: 500,
  },
  expected: {
    livepatch: { verdict: 'broken', invariants: ['I1'], why: 'The handler runs in the state of whoever it interrupts: two interrupts in a row can run different versions.' },
    'livepatch-4.0': { verdict: 'broken', invariants: ['I1'], why: 'One of the two is redirected before the other.' },
    kgraft: { verdict: 'broken', invariants: ['I1'], why: "A CPU's interrupts and the task on it change at different times." },
    kpatch: { verdict: 'applied', why: atOnce },
    ksplice: { verdict: 'applied', why: atOnce },
    kernelcare: { verdict: 'applied', why: atOnce },
    ...RESTARTS,
  },
};
