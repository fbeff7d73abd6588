/** An analysis as the JSON that scripts read (`check --format json`); docs/schemas/check.schema.json describes it. */
import type { Analysis, JudgedFunction } from '../result';
import { wayOf } from '../plan/plan';
import type { Evidence, Finding, Location, Profile, Remedy, Severity, Verdict } from '../rules/finding';
import type { Range } from '../syntax/facts';
import { positionAt, positionsOf, type PositionRange } from '../syntax/positions';
import { compareTexts } from '../syntax/text';

export interface Tool {
  readonly name: string;
  readonly version: string;
}

export interface CheckJson {
  readonly schema: 1;
  readonly tool: Tool;
  /** Null when neither the command line nor the tree's Makefile says it. */
  readonly kernelVersion: string | null;
  readonly profile: Profile;
  readonly verdict: Verdict;
  readonly reasons: readonly string[];
  readonly objects: readonly { readonly name: string; readonly module: boolean; readonly functions: readonly CheckFunction[] }[];
  readonly findings: readonly CheckFinding[];
}

export interface CheckFunction {
  readonly name: string;
  /** Relative to the tree. */
  readonly file: string;
  /** From 0: where the function's name stands. */
  readonly line: number;
  readonly change: 'changed' | 'added' | 'removed' | 'signature' | 'reached';
  /** Of a reached function: what its code holds, the edited function first. */
  readonly via?: readonly string[];
  readonly verdict: Verdict;
  readonly evidence: Evidence;
}

export interface CheckFinding {
  readonly rule: string;
  readonly severity: Severity;
  readonly file: string;
  readonly range: PositionRange;
  readonly function?: string;
  readonly symbol?: string;
  readonly message: string;
  readonly evidence: Evidence;
  readonly related: readonly { readonly file: string; readonly range: PositionRange; readonly message: string }[];
  readonly remedies: readonly Remedy[];
}

/** The document for one analysis. Objects: vmlinux first; functions by file and line; findings by file, line and rule. */
export function checkJson(analysis: Analysis, tool: Tool): CheckJson {
  return {
    schema: 1,
    tool: { name: tool.name, version: tool.version },
    kernelVersion: analysis.kernelVersion ?? null,
    profile: analysis.profile,
    verdict: analysis.verdict,
    reasons: analysis.reasons,
    objects: functionsByObject(analysis).map(({ name, isModule, functions }) => ({
      name,
      module: isModule,
      functions: functions.map((judged) => checkFunction(analysis, judged)),
    })),
    findings: sortedFindings(analysis).map((finding) => checkFinding(analysis, finding)),
  };
}

export interface ObjectFunctions {
  readonly name: string;
  readonly isModule: boolean;
  readonly note?: string;
  /** By file, then line. */
  readonly functions: readonly JudgedFunction[];
}

/** The plan's objects with the verdicts on their functions, in the order of the reports. */
export function functionsByObject(analysis: Analysis): ObjectFunctions[] {
  let next = 0;
  return analysis.plan.objects.map((object) => {
    // `functions` runs through the plan in its order, object by object.
    const functions = analysis.functions.slice(next, next + object.functions.length);
    next += object.functions.length;
    const sorted = [...functions].sort((one, other) => compareTexts(one.planned.path, other.planned.path) || one.planned.fact.nameRange.start - other.planned.fact.nameRange.start || compareTexts(one.planned.name, other.planned.name));
    return { name: object.name, isModule: object.isModule, ...(object.note === undefined ? {} : { note: object.note }), functions: sorted };
  });
}

/** By file, line, rule; then by what else tells two apart, so that the order never hangs on how they were found. */
export function sortedFindings(analysis: Analysis): Finding[] {
  const line = (finding: Finding): number => positionAt(lineStartsOf(analysis, finding.path), finding.range.start).line;
  return [...analysis.findings].sort(
    (one, other) => compareTexts(one.path, other.path) || line(one) - line(other) || compareTexts(one.rule, other.rule) || one.range.start - other.range.start || compareTexts(one.message, other.message),
  );
}

function checkFunction(analysis: Analysis, { planned, verdict, evidence }: JudgedFunction): CheckFunction {
  return {
    name: planned.name,
    file: planned.path,
    line: positionAt(lineStartsOf(analysis, planned.path), planned.fact.nameRange.start).line,
    change: planned.change,
    ...(planned.via.length === 0 ? {} : { via: wayOf(planned.via) }),
    verdict,
    evidence,
  };
}

function checkFinding(analysis: Analysis, finding: Finding): CheckFinding {
  const place = ({ path, range }: Location): { file: string; range: PositionRange } => ({ file: path, range: rangeOf(analysis, path, range) });
  return {
    rule: finding.rule,
    severity: finding.severity,
    ...place(finding),
    ...(finding.function === undefined ? {} : { function: finding.function }),
    ...(finding.symbol === undefined ? {} : { symbol: finding.symbol }),
    message: finding.message,
    evidence: finding.evidence,
    related: finding.related.map((related) => ({ ...place(related), message: related.message })),
    remedies: finding.remedies.map(({ kind, title }) => ({ kind, title })),
  };
}

function rangeOf(analysis: Analysis, path: string, range: Range): PositionRange {
  return positionsOf(lineStartsOf(analysis, path), range);
}

export function lineStartsOf(analysis: Analysis, path: string): readonly number[] {
  return analysis.lineStarts.get(path) ?? [0];
}
