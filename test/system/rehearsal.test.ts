/** Debian's kernel in QEMU: patches in which nobody sleeps, somebody whom a signal frees, and somebody whom none does, beside the simulation of the snapshots taken before. */
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { rehearsalParts } from '../../scripts/rehearsal.mjs';
import { compare } from '../rehearsal/compare';
import { read } from '../rehearsal/console';
import { rehearse, type Plan } from '../rehearsal/guest';

const root = fileURLToPath(new URL('../..', import.meta.url));

const plan: Plan = { patches: [['cmdline_proc_show'], ['do_sys_poll'], ['kernel_clone'], ['no_such_function']], animals: ['poll', 'pause', 'vfork'], cpus: 2, seconds: 20 };

it('a real kernel does what the simulator says', { timeout: 1_500_000 }, async () => {
  const rehearsals = read(await rehearse(rehearsalParts(), plan, root));
  expect(rehearsals).toHaveLength(plan.patches.length);
  const [nobody, interruptible, uninterruptible, refused] = rehearsals;
  for (const rehearsed of [nobody, interruptible, uninterruptible]) {
    if (rehearsed === undefined) throw new Error('a patch was not loaded');
    const rows = compare(rehearsed, plan.patches[rehearsed.id - 1] ?? [], plan.seconds);
    expect(rows.filter(({ agrees }) => !agrees), JSON.stringify(rehearsed, undefined, 1).slice(0, 2000)).toEqual([]);
  }
  // Each of them is the case it is meant to be.
  expect([nobody?.signals.length, interruptible?.signals.length, uninterruptible?.completed]).toEqual([0, 1, undefined]);
  expect(refused?.refused).toContain('symbol \'no_such_function\' not found in symbol table');
});
