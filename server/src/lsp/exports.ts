/** A simulation, and the plan, as documents to be pasted elsewhere. */
import { changeRequest } from '../report/changeRequest';
import { simulationSvg } from '../report/simulation-svg';
import { tool } from '../report/tool';
import type { Analysis } from '../result';
import { evidenceOf } from '../verdict';
import type { ExportParams } from './protocol';
import type { FolderSession } from './session';
import { chosen, type Asking, type Simulations } from './simulation';

/** Rejects with one sentence when there is nothing to simulate, or the parameters are at fault. */
export async function exported(simulations: Simulations, asking: Asking, params: ExportParams): Promise<string> {
  const run = await simulations.run(asking, params);
  if ('empty' in run) throw new Error(run.empty);
  const traces = chosen(run, params.system);
  if (params.format === 'svg') return simulationSvg(traces);
  const { analysis, session } = asking;
  const ofEdit = run.isEdit && analysis !== undefined ? { judged: { analysis, evidence: evidenceOf(analysis), baseline: session.baseline?.label } } : {};
  return changeRequest({ tool, ...ofEdit, simulated: { traces, refused: run.refused, scenario: run.scenario } });
}

export function reported(session: FolderSession, analysis: Analysis): string {
  return changeRequest({ tool, judged: { analysis, evidence: evidenceOf(analysis), baseline: session.baseline?.label } });
}
