import type { FindingView, PlanView } from '../../../server/src/lsp/protocol';

/**
 * What a simulation takes from a plan and the settings, as one text: with the same basis it is the same simulation. Places are
 * no part of it, so that typing a comment above a function draws nothing anew. Findings are: they tell where a function sleeps.
 */
export function basisOf({ folder, state, kernelVersion, verdict, objects }: PlanView, settings: unknown): string {
  const said = (findings: readonly FindingView[]): readonly string[] => findings.map(({ rule, message }) => `${rule}: ${message}`);
  const patched = objects.map(({ name, functions }) => [name, functions.map((fn) => [fn.name, fn.change, fn.via, said(fn.findings)])]);
  return JSON.stringify([folder, state, kernelVersion, verdict, patched, settings]);
}
