import type { PlanView } from '../../server/src/lsp/protocol';
import type { ServerState } from './server';

/**
 * The one word that decides which welcome text, commands and menus show: how the server is, else the folders' plans.
 * With several folders the one that has most to show wins.
 */
export function viewState(server: ServerState, plans: readonly PlanView[]): string {
  if (server === 'starting') return 'starting';
  if (server !== 'running') return 'stopped';
  const states: string[] = plans.map((plan) => (plan.state === 'ready' && isEmpty(plan) ? 'no-changes' : plan.state));
  return precedence.find((state) => states.includes(state)) ?? states[0] ?? 'analyzing';
}

const precedence = ['ready', 'no-changes', 'analyzing', 'failed', 'untrusted', 'no-baseline', 'no-tree'];

/** A plan without functions that has reasons is not empty: something changed that nobody could judge. */
function isEmpty(plan: PlanView): boolean {
  return plan.findings.length === 0 && plan.reasons.length === 0 && plan.objects.every((object) => object.functions.length === 0);
}
