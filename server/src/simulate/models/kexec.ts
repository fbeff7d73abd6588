/** kexec: a reboot without the firmware; the running kernel starts the next one itself. */
import type { Model } from '../model';
import { ONE_DAY_MS } from './reboot';
import { restartIn, takeOver } from './shared/restart';

export const kexec: Model = {
  name: 'kexec',
  when: 'leave kernel',
  what: 'kernel',
  driven: 'once',
  pauses: 'the whole system until its services answer again; what tasks held in memory is lost',
  promises: ['I1', 'I2', 'I3', 'I4', 'I5', 'I6', 'I7'],
  costs: ['serviceStopNs', 'kernelBootNs', 'userlandBootNs', 'warmUpNs'],
  giveUpAfterMs: ONE_DAY_MS,
  refuse: () => undefined,
  start: (simulation) => {
    const { costs } = simulation;
    return restartIn(simulation, [
      { name: 'Services shut down', ns: costs.serviceStopNs, then: (kernel) => { kernel.world.endAll(); } },
      { name: 'New kernel boots', ns: costs.kernelBootNs, says: ['kexec_core: Starting new kernel'], then: takeOver, changes: true },
      { name: 'Services start', ns: costs.userlandBootNs },
      { name: 'Caches warm up', ns: costs.warmUpNs },
    ]);
  },
  assumptions: ['The next kernel was loaded before, which takes nothing from the running one; devices come up without their firmware.'],
};
