/**
 * kGraft (SUSE, 2014; kernel/kgraft.c): every task sees old code until it crosses the kernel's boundary, every CPU's
 * interrupts until a work item has run there. Nobody looks at a stack.
 */
import type { Model, ModelRun, Simulation, SystemAction } from '../model';
import { createVersions } from '../versions';
import { objectsAtStart } from '../patches';
import { rigUp } from '../rig';
import { NS_PER_S } from '../time';
import { act } from './kgraft/actions';
import { modifyKernel } from './kgraft/modify';
import { copyTask, migrate, resolve, safePoint, type Kgraft } from './kgraft/state';
import { noProgress, resultOf } from './shared/progress';

/** KGR_TIMEOUT: how long until the first look at who is left, and between the later ones. */
const TIMEOUT_NS = 2 * NS_PER_S;

export const kgraft: Model = {
  name: 'kgraft',
  when: 'leave kernel',
  what: 'thread',
  driven: 'tasks migrate themselves at system calls and safe points; a look every two seconds whether all have',
  pauses: 'nothing',
  promises: ['I5', 'I6', 'I7'],
  costs: ['registerFunctionNs', 'perCpuWorkNs', 'runNs', 'sliceNs', 'hogMigrationMeanNs'],
  refuse: () => undefined,
  start,
  assumptions: [
    'The version offered upstream: every task starts in the old universe; that of SLE 12 lets tasks in user mode begin in the new one and looks after 10 s first.',
    'A kernel thread that is woken comes to the safe point of its main loop at once; one that never sleeps has none unless the machine says so.',
    'As if kGraft had been ported to this kernel; it was made for 3.12 and 4.4.',
  ],
};

function start(simulation: Simulation): ModelRun {
  const { input, queue, patches, recorder } = simulation;
  const rig = rigUp(simulation, (call) => resolve(run, call), {
    enterKernel: (thread) => { migrate(run, thread, 'system call'); },
    exitToUser: (thread) => { migrate(run, thread, 'exit to user'); },
    loopTop: (thread) => { safePoint(run, thread); },
    condResched: (thread) => { safePoint(run, thread); },
    // It has migrated, enters no function of the patch, and no other patch is to come.
    atRest: ({ patchState, pending, frames }) => patchState !== -1 && !pending && frames.length === 0 && (input.actions ?? []).length === 0 && run.course !== undefined && !run.immutable,
    forked: (parent, child) => { copyTask(recorder, parent, child); },
  });
  const run: Kgraft = {
    ...rig, ...noProgress(), simulation, versions: createVersions(), objects: objectsAtStart(input), applied: [],
    course: undefined, immutable: false, irqNew: new Set(), passes: 0, told: false, timeoutNs: TIMEOUT_NS,
  };
  const [first] = patches;
  if (first !== undefined && input.direction === 'unpatch') {
    for (const { name } of first.functions) run.versions.push(name, first.number);
    run.applied.push(first);
  }
  queue.at(0, () => {
    if (first !== undefined) modifyKernel(run, first, input.direction === 'unpatch');
  });
  return {
    world: rig.world,
    finished: () => run.course === undefined && run.ended !== undefined,
    act: (action: SystemAction) => act(run, action),
    lockedUntilNs: () => 0,
    result: () => resultOf(simulation, run),
  };
}
