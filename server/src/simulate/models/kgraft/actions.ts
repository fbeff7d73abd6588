/** What the operator can do with kGraft; nothing turns a transition around before it is over. */
import type { SystemAction } from '../../model';
import { loadedBy } from '../../patches';
import { EAGAIN, EINVAL, ENOENT, errorText } from '../errno';
import { forceAll, modifyKernel } from './modify';
import type { Kgraft } from './state';

export function act(run: Kgraft, action: SystemAction): string {
  return errorText(carryOut(run, action));
}

function carryOut(run: Kgraft, action: SystemAction): number {
  switch (action.kind) {
    case 'enable':
    case 'replace': {
      const loaded = loadedBy(action);
      const patch = run.simulation.patches.find((each) => (loaded === undefined ? action.kind === 'enable' && each.patch.name === action.patch : each.patch === loaded));
      if (patch === undefined) return ENOENT;
      if (action.kind === 'replace') run.simulation.recorder.note('Replacing all older patches (replace_all of SLE 12) is not simulated: the patch is stacked on them.');
      return modifyKernel(run, patch, false);
    }
    case 'disable':
    case 'reverse': {
      if (run.course !== undefined) return EAGAIN;
      const name = action.kind === 'disable' ? action.patch : undefined;
      const patch = run.applied.findLast((each) => name === undefined || each.patch.name === name);
      return patch === undefined ? EINVAL : modifyKernel(run, patch, true);
    }
    case 'force':
      if (run.course === undefined) return EINVAL;
      forceAll(run);
      return 0;
    case 'load module':
      run.objects.add(action.module);
      for (const patch of run.applied) for (const { name, object } of patch.functions) if (object === action.module) run.versions.push(name, patch.number);
      return 0;
    case 'unload module':
      run.objects.delete(action.module);
      return 0;
    case 'signal':
      return ENOENT;
  }
}
