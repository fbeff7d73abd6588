/** Findings after what was decided about them. Nothing vanishes: what is set aside is kept, with who decided it and why. */
import type { Finding, Severity } from '../rules/finding';
import { positionAt } from '../syntax/positions';
import type { Comments } from './comments';
import type { Policy, PolicyProblem } from './policy';

/** A finding as the rule has it, and the decision about it. */
export interface SetAside {
  readonly finding: Finding;
  /** `off`, or what it counts as instead. */
  readonly severity: Severity | 'off';
  readonly reason: string;
  /** Where the decision stands: `livepatch-studio.json:3`, `a comment in fs/a.c:12`. */
  readonly source: string;
}

export interface Decided {
  readonly findings: readonly Finding[];
  /** Findings that are off, or count as less than the rule has it. */
  readonly setAside: readonly SetAside[];
  readonly problems: readonly PolicyProblem[];
}

/**
 * @param comments of the edit's files, by path
 * @param lineStarts of a file a finding points into
 */
export function decide(findings: readonly Finding[], policy: Policy, comments: ReadonlyMap<string, Comments>, lineStarts: (path: string) => readonly number[]): Decided {
  const problems: PolicyProblem[] = [...policy.problems, ...[...comments.values()].flatMap((found) => found.problems)];
  const kept: Finding[] = [];
  const setAside: SetAside[] = [];
  for (const finding of findings) {
    const decision = allowed(finding) ?? policy.decisions.findLast((one) => (one.rule === '*' || one.rule === finding.rule) && one.covers(finding.path));
    if (decision === undefined) {
      kept.push(finding);
      continue;
    }
    const { severity, reason, source } = decision;
    if (severity === 'off' || weight[severity] < weight[finding.severity]) setAside.push({ finding, severity, reason, source });
    if (severity !== 'off') kept.push({ ...finding, severity });
  }
  return { findings: kept, setAside, problems };

  function allowed(finding: Finding): Omit<SetAside, 'finding'> | undefined {
    const line = positionAt(lineStarts(finding.path), finding.range.start).line;
    const found = comments.get(finding.path)?.allowances.find((one) => one.from <= line && line <= one.to && one.rules.includes(finding.rule));
    return found === undefined ? undefined : { severity: 'off', reason: found.reason, source: `a comment in ${finding.path}:${found.from + 1}` };
  }
}

/** A sentence for the report: a verdict that rests on a decision says so. */
export function setAsideText({ finding, severity, reason, source }: SetAside): string {
  return `${finding.rule} ${severity === 'off' ? 'is set aside' : `counts as ${severity}`} by ${source} (${reason}): ${finding.message}`;
}

const weight: Readonly<Record<Severity, number>> = { info: 0, warning: 1, error: 2 };
