/** What the core module keeps, and which version a call gets. */
import type { Call } from '../../call';
import type { NumberedPatch } from '../../patches';
import type { Versions } from '../../versions';
import type { WholeRun } from '../shared/wholeRun';

export interface Kpatch extends WholeRun {
  /** kpatch_state: a non-maskable interrupt that meets an update under way makes it fail. */
  state: 'idle' | 'updating' | 'success' | 'failure';
  /** func->op of the functions of this patch. */
  op: { readonly patch: NumberedPatch; readonly target: 0 | 1 } | undefined;
  /** Patches that go at the same instant. */
  replaced: readonly NumberedPatch[];
  /** Patches whose module can never be removed. */
  readonly pinned: Set<number>;
}

/**
 * kpatch_ftrace_handler(): the newest version. In an NMI the state is settled first, as a failure if it was still open,
 * so that the whole NMI sees one version: the one before the update.
 */
export function resolve(run: Kpatch, { name, context }: Call, versions: Versions): number {
  if (context === 'nmi' && run.state === 'updating') run.state = 'failure';
  return versions.top(name);
}
