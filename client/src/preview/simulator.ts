import { CancellationTokenSource, Uri, window, workspace } from 'vscode';
import type { PlanView, SimulateParams, SimulateResult, SimulationPartParams, SimulationPartResult } from '../../../server/src/lsp/protocol';
import { methods } from '../../../server/src/lsp/protocol';
import type { PreviewRequest, PreviewState } from '../../webview/messages';
import { functionsOf } from '../planWords';
import type { Studio } from '../studio';
import { basisOf } from './basis';
import type { Simulator } from './ports';

/** Simulations of the language server, by the plans that it told. */
export function serverSimulator({ plans, server, log }: Studio): Simulator {
  return {
    async simulate(request, told, signal): Promise<SimulateResult> {
      const stop = new CancellationTokenSource();
      signal.addEventListener('abort', () => { stop.cancel(); });
      try {
        return await window.withProgress({ location: { viewId: 'livepatchStudio.preview' } }, () => server.request<SimulateResult>(methods.simulate, { ...request, ...folderOf(request) } satisfies SimulateParams, stop.token, told));
      } catch (error) {
        if (!signal.aborted) log.error(`Simulation failed: ${String(error)}`);
        throw error;
      } finally {
        stop.dispose();
      }
    },
    part: (request, id, detail) => server.request<SimulationPartResult>(methods.simulationPart, { ...folderOf(request), id, detail } satisfies SimulationPartParams),
    basis({ folder }): string | undefined {
      const plan = plans.pick(folder);
      if (plans.state === 'stopped') return plans.state;
      if (plan === undefined || plan.state === 'analyzing') return undefined;
      return basisOf(plan, workspace.getConfiguration('livepatchStudio.simulate', Uri.parse(plan.folder)));
    },
    invitation: () => invitation(plans.pick()),
  };

  function folderOf(request: PreviewRequest): Pick<PreviewRequest, 'folder'> {
    const folder = plans.pick(request.folder)?.folder;
    return folder === undefined ? {} : { folder };
  }
}

function invitation(plan: PlanView | undefined): PreviewState {
  const canSimulate = plan !== undefined && functionsOf(plan).length > 0;
  const message = canSimulate
    ? 'See how a live patch of this edit would be applied: which tasks hold it up, where, and for how long.'
    : 'Edit a function and the preview can show how its live patch would be applied.';
  return { kind: 'empty', message, canSimulate };
}
