/** Checkpoint, kexec, restore (CRIU; KUP, USENIX ATC 2016): the tasks are put away, the kernel changes, the tasks come back. */
import type { Model, Simulation } from '../model';
import { ONE_DAY_MS } from './reboot';
import { restartIn, takeOver } from './shared/restart';
import type { WholeKernel } from './shared/wholeKernel';

const DEFAULT_MEMORY_MIB = 4096;

export const checkpointRestart: Model = {
  name: 'checkpoint-restart',
  when: 'leave kernel',
  what: 'kernel',
  driven: 'once',
  pauses: 'every task, from its freezing until it is restored; its memory is kept',
  promises: ['I1', 'I2', 'I3', 'I4', 'I5', 'I6', 'I7'],
  costs: ['checkpointBaseNs', 'checkpointPerMibNs', 'kernelBootNs', 'restorePerMibNs'],
  giveUpAfterMs: ONE_DAY_MS,
  refuse: () => undefined,
  start: (simulation) => {
    const { costs, input, queue } = simulation;
    const mib = input.machine.usedMemoryMib ?? DEFAULT_MEMORY_MIB;
    const checkpointNs = costs.checkpointBaseNs + costs.checkpointPerMibNs * mib;
    const restoreNs = costs.restorePerMibNs * mib;
    const freeze = (kernel: WholeKernel): string | undefined => {
      const text = obstacleOf(kernel);
      if (text === undefined) queue.stopUntil(queue.now() + checkpointNs + costs.kernelBootNs + restoreNs);
      return text;
    };
    return restartIn(simulation, phases(simulation, checkpointNs, restoreNs), freeze);
  },
  assumptions: [
    `Tasks hold ${DEFAULT_MEMORY_MIB} MiB unless the machine says otherwise; every task can be saved unless it says why not.`,
    'A restored task goes on from user mode: a system call that was interrupted begins anew.',
  ],
};

function phases({ costs }: Simulation, checkpointNs: number, restoreNs: number): Parameters<typeof restartIn>[1] {
  return [
    { name: 'Tasks are frozen and saved', ns: checkpointNs },
    { name: 'New kernel boots', ns: costs.kernelBootNs, says: ['criu: tasks saved', 'kexec_core: Starting new kernel'] },
    {
      name: 'Tasks are restored',
      ns: restoreNs,
      changes: true,
      then: (kernel) => {
        // Their kernel stacks are not brought back.
        kernel.world.leaveKernel();
        takeOver(kernel);
        kernel.world.enterKernel();
      },
    },
  ];
}

/** Whatever cannot be saved stops it before anything is frozen for long. */
function obstacleOf({ world, simulation }: WholeKernel): string | undefined {
  const stuck = world.threads.filter(({ task }) => task.uncheckpointable !== undefined);
  if (stuck.length === 0) return undefined;
  const blockers = stuck.map(({ pid, comm }) => ({ pid, comm, reason: 'unknown' as const }));
  simulation.recorder.pass({ index: 0, atNs: simulation.queue.now(), cpu: world.cpus.loader, switched: 0, blockers });
  return `criu: Error: cannot dump ${stuck.map(({ comm, pid, task }) => `${comm}:${pid} (${task.uncheckpointable ?? ''})`).join(', ')}`;
}
