/** What outlives a call: P3, P4. No stack shows it, so no system that looks at stacks can know. */
import { call, pause, RESTARTS, smallMachine, user, type Scenario } from './scenario';

const unseen = 'What began before is on no stack; the switch comes in between.';
const byHand = 'Its patches may convert data, by hand; without that it would break like the others.';

function everywhere(title: string, name: string, about: string, input: Scenario['input']): Scenario {
  const broken = { verdict: 'broken', invariants: ['data'], why: unseen } as const;
  return {
    name,
    title,
    about,
    input,
    expected: {
      livepatch: broken, 'livepatch-4.0': broken, kgraft: broken, kpatch: broken, ksplice: broken,
      kernelcare: { verdict: 'applied', why: byHand },
      ...RESTARTS,
    },
  };
}

/** P3 */
export const lockHeldBetweenCalls = everywhere(
  'A lock is added to a pair of calls',
  'lock-between-calls',
  'The new dev_open() takes a lock that the new dev_release() lets go: a file opened before the patch is released by code that lets go a lock nobody took.',
  {
    patch: { name: 'pair', functions: [{ name: 'dev_open', object: 'vmlinux' }, { name: 'dev_release', object: 'vmlinux' }], relations: [{ kind: 'pair', first: 'dev_open', then: 'dev_release', by: 'task' }] },
    machine: smallMachine([101, 102].map((pid) => user(pid, 'app', [call('dev_open'), pause(pid * 4), call('dev_release'), pause(30)]))),
    seed: 1,
    watchAfterMs: 2000,
  },
);

/** P4 */
export const objectLifetime = everywhere(
  'The meaning of a field changes over the life of an object',
  'object-lifetime',
  'The new obj_alloc() takes a reference that the new obj_free() drops: objects of the old code are freed by the new.',
  {
    patch: { name: 'object', functions: [{ name: 'obj_alloc', object: 'vmlinux' }, { name: 'obj_free', object: 'vmlinux' }], relations: [{ kind: 'pair', first: 'obj_alloc', then: 'obj_free', by: 'object' }] },
    machine: smallMachine([user(101, 'producer', [call('obj_alloc'), pause(6)]), user(102, 'consumer', [pause(20), call('obj_free')])]),
    seed: 1,
    watchAfterMs: 2000,
  },
);
