import type { SimulateResult, SimulationDetail, SimulationPartResult } from '../../../server/src/lsp/protocol';
import type { PreviewRequest, PreviewState } from '../../webview/messages';

/** Where simulations come from. */
export interface Simulator {
  /** Rejects with one sentence. @param told called with percents, 0 to 100 */
  simulate(request: PreviewRequest, told: (percent: number) => void, signal: AbortSignal): Promise<SimulateResult>;
  /** Of the simulation of that id, without simulating; null when it is gone. Rejects with one sentence. */
  part(request: PreviewRequest, id: string, detail: SimulationDetail): Promise<SimulationPartResult>;
  /** All that a simulation takes from the edit and the settings: while it stays the same, so does the picture. undefined while it is in the making. */
  basis(request: PreviewRequest): string | undefined;
  /** What to say before anything was asked for. */
  invitation(): PreviewState;
}

/** How the model reaches those who look. */
export interface Viewers<Viewer> {
  /** What the model shows has changed, for one of them or for all. */
  changed(viewer?: Viewer): void;
  /** Whether somebody looks: an edit is not simulated for nobody. */
  look(): boolean;
}

/** A request that names no scenario goes by the one chosen last. The functions that it names are its own. */
export function byScenarioOf({ scenario, scenarioUri }: PreviewRequest, request: PreviewRequest): PreviewRequest {
  if (request.scenario !== undefined || scenario === undefined) return request;
  const { functions, ...rest } = scenario;
  return { ...request, scenario: { ...rest, ...(functions !== undefined && request.functions === undefined && { functions }) }, ...(scenarioUri !== undefined && { scenarioUri }) };
}
