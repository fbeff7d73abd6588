/** What can be asked of a machine with upstream's livepatch besides loading patches: ftrace's switch, sysfs, and which code a call runs. */
import type { UpstreamAction } from '../../model';
import { EBUSY, ENOENT, errorText } from '../errno';
import type { Klp } from './state';
import { sysfs } from './sysfs';

export function actUpstream(klp: Klp, action: UpstreamAction): string {
  switch (action.kind) {
    case 'parameter': {
      const patch = klp.patches.find((each) => each.patch.name === action.patch);
      patch?.parameters.set(action.parameter, action.value);
      return errorText(patch === undefined ? ENOENT : 0);
    }
    case 'ftrace':
      return errorText(setFtrace(klp, action.enabled));
    case 'sysfs':
      return sysfs(klp, action.path);
    case 'call':
      for (const line of linesOf(klp, action.function)) klp.simulation.recorder.log('notice', line);
      return 'ok';
  }
}

/** ftrace_enable_sysctl(): refused while a permanent ops is registered. Before there were any, patches silently stopped to count. */
function setFtrace(klp: Klp, enabled: boolean): number {
  const inUse = klp.patches.some(({ patched, functions }) => functions.some(({ object }) => patched.has(object)));
  if (!enabled && inUse && klp.features.permanentFtrace) return EBUSY;
  if (!enabled && !klp.features.permanentFtrace) klp.simulation.recorder.note('While kernel.ftrace_enabled is 0, nobody runs the code of any patch.');
  klp.ftraceEnabled = enabled;
  return 0;
}

/** A process that begins now comes from user mode: it is already where the transition goes. */
function linesOf(klp: Klp, name: string): readonly string[] {
  const top = klp.ftraceEnabled ? klp.versions.top(name) : 0;
  const number = top !== 0 && top === klp.transition?.number && klp.target === 0 ? klp.versions.below(name, top) : top;
  const patch = klp.patches.find((each) => each.number === number);
  return patch?.functions.find((fn) => fn.name === name)?.prints ?? [];
}
