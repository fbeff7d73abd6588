/** A session -> what the Live Patch view shows of it. */
import { evidenceOf } from '../verdict';
import { looseFindings, objectViews, type Naming } from './convert';
import type { PlanView } from './protocol';
import type { FolderSession } from './session';

export async function planView(session: FolderSession, naming: Naming): Promise<PlanView> {
  // The first reading of a large tree takes a while, and the view is to say so; later ones are waited for.
  if (session.state.kind !== 'analyzing') await session.ready();
  const analysis = session.current();
  const { baseline, settings, state } = session;
  const shared = {
    folder: session.uri,
    baseline: { choice: baseline?.choice ?? { kind: 'git' as const, ref: settings.baseline }, label: baseline?.label ?? settings.baseline },
    profile: settings.profile,
  };
  if (analysis === undefined || state.kind !== 'ready') {
    return { ...shared, kernelVersion: undefined, state: state.kind === 'ready' ? 'analyzing' : state.kind, ...('message' in state ? { message: state.message } : {}), verdict: 'undecided', evidence: 'source', reasons: [], objects: [], findings: [] };
  }
  return {
    ...shared,
    kernelVersion: analysis.kernelVersion,
    state: 'ready',
    verdict: analysis.verdict,
    evidence: evidenceOf(analysis),
    reasons: analysis.reasons,
    objects: objectViews(analysis, naming),
    findings: looseFindings(analysis, naming),
  };
}
