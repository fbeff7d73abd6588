/** A reboot: every task ends, the firmware starts over, and everything comes up again. */
import type { Model, Simulation } from '../model';
import { restartIn, takeOver, type Phase } from './shared/restart';

/** Longer than any machine takes to come up. */
export const ONE_DAY_MS = 86_400_000;

export const reboot: Model = {
  name: 'reboot',
  when: 'leave kernel',
  what: 'kernel',
  driven: 'once',
  pauses: 'the whole system until its services answer again; what tasks held in memory is lost',
  promises: ['I1', 'I2', 'I3', 'I4', 'I5', 'I6', 'I7'],
  costs: ['serviceStopNs', 'firmwareNs', 'kernelBootNs', 'userlandBootNs', 'warmUpNs'],
  giveUpAfterMs: ONE_DAY_MS,
  refuse: () => undefined,
  start: (simulation) => restartIn(simulation, rebootPhases(simulation)),
  assumptions: ['Any change of the kernel can be made this way; the state of every task is lost.'],
};

function rebootPhases({ costs }: Simulation): readonly Phase[] {
  return [
    { name: 'Services and kernel shut down', ns: costs.serviceStopNs, then: (kernel) => { kernel.world.endAll(); } },
    { name: 'Firmware and boot loader', ns: costs.firmwareNs, says: ['reboot: Restarting system'], then: takeOver },
    { name: 'Kernel boots', ns: costs.kernelBootNs, changes: true },
    { name: 'Services start', ns: costs.userlandBootNs },
    { name: 'Caches warm up', ns: costs.warmUpNs },
  ];
}
