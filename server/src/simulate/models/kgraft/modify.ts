/** kgr_modify_kernel() and the work that waits for the last task. */
import { isSchedFunction } from '../../../kernel/schedFunctions';
import type { NumberedPatch } from '../../patches';
import { stackOf, type Thread } from '../../thread';
import { NS_PER_MS } from '../../time';
import type { Blocker } from '../../types';
import { EAGAIN, EINVAL } from '../errno';
import { forEveryone } from '../../world';
import { migrate, type Kgraft } from './state';

/** 0 when the transition begins, or a negative errno. */
export function modifyKernel(run: Kgraft, patch: NumberedPatch, revert: boolean): number {
  const { recorder, queue, costs } = run.simulation;
  if (run.course !== undefined) {
    recorder.log('warn', "kgr: can't patch, another patching not yet finalized");
    return EAGAIN;
  }
  recorder.log('notice', `kgr: ${revert ? 'revert' : 'apply'}ing patch '${patch.patch.name}'`);
  const unpatchable = patch.functions.find(({ noFtrace, ftraceError }) => noFtrace === true || ftraceError !== undefined);
  if (!revert && unpatchable !== undefined) {
    recorder.log('warn', `kgr: cannot enable ftrace function for ${unpatchable.name} (0, ${unpatchable.ftraceError ?? EINVAL})`);
    run.ended = 'failed';
    return unpatchable.ftraceError ?? EINVAL;
  }
  run.course = { patch, revert };
  run.ended = undefined;
  run.immutable = true;
  run.irqNew = new Set();
  run.told = false;
  const functions = patch.functions.filter(({ object }) => run.objects.has(object));
  if (!revert) for (const { name } of functions) run.versions.push(name, patch.number);
  run.consistency.aim(patch.number, revert ? 'old' : 'new');
  recorder.newDirection();
  forEveryone(run.world, (thread) => {
    thread.patchState = revert ? 1 : 0;
    recorder.mark(thread);
  });
  queue.at(queue.now() + costs.registerFunctionNs * functions.length, () => { handleIrqs(run); });
  return 0;
}

/** kgr_handle_irqs(): schedule_on_each_cpu() returns when the work has run on every CPU. */
function handleIrqs(run: Kgraft): void {
  const { queue, random, costs, input, recorder } = run.simulation;
  let left = input.machine.cpus;
  for (let cpu = 0; cpu < input.machine.cpus; cpu++) {
    queue.at(queue.now() + random.duration({ kind: 'exponential', meanMs: costs.perCpuWorkNs / NS_PER_MS }), () => {
      run.irqNew.add(cpu);
      recorder.interruptsSwitched(cpu, run.course?.revert === true ? 'old' : 'new');
      if (--left === 0) handleProcesses(run);
    });
  }
}

/** kgr_handle_processes(), kgr_wakeup_kthreads(): the task list, which does not have the idle threads. */
function handleProcesses(run: Kgraft): void {
  const { queue, recorder } = run.simulation;
  const threads = run.world.threads.filter(({ where }) => where !== 'gone');
  for (const thread of threads) {
    thread.pending = true;
    recorder.mark(thread);
  }
  run.immutable = false;
  for (const idle of [...run.world.idle, ...run.world.offline]) {
    idle.patchState = run.course?.revert === true ? 0 : 1;
    recorder.mark(idle);
  }
  run.world.cpus.planExits();
  for (const thread of threads) if (thread.kind === 'kthread') run.world.wakeUp(thread);
  queue.at(queue.now() + run.timeoutNs, () => { look(run); });
}

/** kgr_work_fn(). */
function look(run: Kgraft): void {
  const { queue, recorder } = run.simulation;
  if (run.course === undefined) return;
  const left = run.world.threads.filter(({ where, pending }) => where !== 'gone' && pending);
  recorder.pass({ index: run.passes++, atNs: queue.now(), cpu: run.world.cpus.loader, switched: 0, blockers: left.map(blockerOf) });
  if (left.length === 0) {
    finalize(run);
    return;
  }
  if (!run.told) recorder.log('notice', `kgr still in progress after timeout, will keep trying every ${run.timeoutNs / 1e9} seconds`);
  run.told = true;
  queue.at(queue.now() + run.timeoutNs, () => { look(run); });
}

/** Whoever has not crossed the kernel's boundary, and where it sleeps: in any function, not only in those of the patch. */
function blockerOf(thread: Thread): Blocker {
  const { pid, comm } = thread;
  const place = stackOf(thread).find((name) => !isSchedFunction(name));
  return thread.where === 'sleeping' ? { pid, comm, reason: 'sleeping', ...(place !== undefined && { function: place }) } : { pid, comm, reason: 'running' };
}

/** kgr_finalize(). */
function finalize(run: Kgraft): void {
  const { queue, recorder } = run.simulation;
  const { course } = run;
  if (course === undefined) return;
  const { patch, revert } = course;
  run.course = undefined;
  if (revert) run.versions.removePatch(patch.number);
  run.applied.splice(0, run.applied.length, ...run.applied.filter((each) => each !== patch), ...(revert ? [] : [patch]));
  if (revert) run.consistency.freed(patch.number);
  run.consistency.settle(patch.number);
  recorder.log('notice', 'kgr succeeded');
  run.appliedNs ??= queue.now();
  run.completeNs ??= queue.now();
  run.ended = 'complete';
}

/** Writing 0 to in_progress: everybody is marked as migrated, wherever he is. */
export function forceAll(run: Kgraft): void {
  run.simulation.recorder.log('warn', "kgr: all processes marked as migrated on admin's request");
  for (const thread of run.world.threads) if (thread.where !== 'gone') migrate(run, thread, 'forced');
}
