/** What functions say to each other, and what is a function at all: P1, P8, P9. */
import { call, ms, pause, RESTARTS, smallMachine, user, type Scenario } from './scenario';

const clean = 'Everybody switches while nobody is between caller and callee.';

/** P1 */
export const signatureChange: Scenario = {
  name: 'signature-change',
  title: 'A function and its caller change what they pass',
  about: 'f() calls g() and both change their arguments: an old f() must not call a new g(), nor the other way round.',
  input: {
    patch: { name: 'signature', functions: [{ name: 'f', object: 'vmlinux' }, { name: 'g', object: 'vmlinux' }], relations: [{ kind: 'call', caller: 'f', callee: 'g' }] },
    machine: smallMachine([101, 102, 103].map((pid) => user(pid, 'app', [call('f', { sleep: ms(3) }, call('g')), pause(4)]))),
    seed: 1,
    watchAfterMs: 1000,
  },
  expected: {
    livepatch: { verdict: 'applied', why: 'A task with f() on its stack does not switch.' },
    'livepatch-4.0': { verdict: 'broken', invariants: ['I2'], why: 'Between the redirection of f() and that of g() the new f() calls the old g(), and an old f() that was on its way calls the new g().' },
    kgraft: { verdict: 'applied', why: 'A system call runs in one universe from its beginning to its end.' },
    kpatch: { verdict: 'applied', why: clean },
    ksplice: { verdict: 'applied', why: clean },
    kernelcare: { verdict: 'applied', why: clean },
    ...RESTARTS,
  },
};

const waits = 'The function that holds the copy is found on the stack; a later attempt finds it gone.';

/** P8 */
export const inlinedFunction: Scenario = {
  name: 'inlined-function',
  title: 'The changed function is inlined into its caller',
  about: 'The binary has no helper() to replace, only a caller() that holds a copy of it: that is what must be replaced, and looked for on stacks.',
  input: {
    patch: { name: 'inlined', functions: [{ name: 'helper', object: 'vmlinux', inlinedInto: ['caller'] }] },
    machine: smallMachine([user(101, 'app', [call('caller', { sleep: ms(2600) }), pause(120_000)])]),
    seed: 1,
    watchAfterMs: 1000,
  },
  expected: {
    livepatch: { verdict: 'applied', why: 'The task waits in caller() and switches when it is out.' },
    'livepatch-4.0': { verdict: 'applied', invariants: ['I3'], why: 'Whoever is in the old caller() stays there until it returns.' },
    kgraft: { verdict: 'applied', why: 'Every task migrates at the end of its system call; nobody looks at stacks.' },
    kpatch: { verdict: 'applied', why: waits },
    ksplice: { verdict: 'applied', why: waits },
    kernelcare: { verdict: 'applied', why: waits },
    ...RESTARTS,
  },
};

const noSite = 'There is no ftrace site at its entry.';

/** P9 */
export const noFtraceEntry: Scenario = {
  name: 'no-ftrace-entry',
  title: 'The changed function has no ftrace entry',
  about: 'A notrace, __init or assembly function cannot be redirected by ftrace.',
  input: {
    patch: { name: 'notrace', functions: [{ name: 'raw_entry', object: 'vmlinux', noFtrace: true }] },
    machine: smallMachine([user(101, 'app', [call('raw_entry'), pause(10)])]),
    seed: 1,
  },
  expected: {
    livepatch: { verdict: 'not applied', why: noSite },
    'livepatch-4.0': { verdict: 'not applied', why: noSite },
    kgraft: { verdict: 'not applied', why: noSite },
    kpatch: { verdict: 'not applied', why: noSite },
    ksplice: { verdict: 'applied', why: 'It writes a jump over the first five bytes, whatever they are.' },
    kernelcare: { verdict: 'applied', why: 'Its description speaks of redirected code, not of ftrace.' },
    ...RESTARTS,
  },
};
