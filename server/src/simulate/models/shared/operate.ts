/** What the operator can do to a system that switches the whole kernel at once. */
import type { SystemAction } from '../../model';
import { loadedBy, type NumberedPatch } from '../../patches';
import { EBUSY, EINVAL, ENOENT } from '../errno';
import type { WholeKernel } from './wholeKernel';

export interface Operated {
  readonly kernel: WholeKernel;
  /** Whether an update is under way, waiting for its next attempt included. */
  readonly busy: boolean;
}

/**
 * @param change begins to apply (1) or remove (0) a patch
 * @returns 0 or a negative errno
 */
export function operate({ kernel, busy }: Operated, action: SystemAction, change: (patch: NumberedPatch, target: 0 | 1) => void): number {
  switch (action.kind) {
    case 'enable':
    case 'replace': {
      const loaded = loadedBy(action);
      const patch = kernel.simulation.patches.find((each) => (loaded === undefined ? action.kind === 'enable' && each.patch.name === action.patch : each.patch === loaded));
      if (patch === undefined) return ENOENT;
      if (busy || kernel.applied.some(({ number }) => number === patch.number)) return EBUSY;
      change(action.kind === 'replace' ? { ...patch, patch: { ...patch.patch, replace: true } } : patch, 1);
      return 0;
    }
    case 'disable':
    case 'reverse': {
      if (busy) return EBUSY;
      const name = action.kind === 'disable' ? action.patch : undefined;
      const patch = kernel.applied.findLast((each) => name === undefined || each.patch.name === name);
      if (patch === undefined) return EINVAL;
      change(patch, 0);
      return 0;
    }
    case 'load module':
      kernel.objects.add(action.module);
      for (const patch of kernel.applied) for (const { name, object } of patch.functions) if (object === action.module) kernel.versions.push(name, patch.number);
      return 0;
    case 'unload module':
      kernel.objects.delete(action.module);
      return 0;
    case 'force':
    case 'signal':
      return ENOENT;
  }
}
