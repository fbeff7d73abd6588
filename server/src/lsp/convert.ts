/** The engine's facts -> the protocol's types. Pure. */
import { DiagnosticSeverity, type CodeLens, type Diagnostic, type Range } from 'vscode-languageserver';
import { klpFuncs } from '../author/klpFunc';
import { wayOf, type PlannedFunction } from '../plan/plan';
import { POLICY_FILE } from '../policy/policy';
import { whyReached } from '../report/why';
import type { Analysis, JudgedFunction } from '../result';
import type { Finding, Severity, Verdict } from '../rules/finding';
import type { Range as Offsets } from '../syntax/facts';
import { positionsOf } from '../syntax/positions';
import type { FindingView, FunctionView, ObjectView } from './protocol';

/** How to name files to the client, and where the manual is. */
export interface Naming {
  uriOf(path: string): string;
  manualOf(rule: string): string;
}

export const SOURCE = 'Livepatch Studio';

const TOP: Range = { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } };

const severities: Readonly<Record<Severity, DiagnosticSeverity>> = {
  error: DiagnosticSeverity.Error,
  warning: DiagnosticSeverity.Warning,
  info: DiagnosticSeverity.Information,
};

export function diagnosticsOf(analysis: Analysis, path: string, naming: Naming): Diagnostic[] {
  const findings = analysis.findings.filter((finding) => finding.path === path).map((finding) => diagnosticOf(analysis, finding, naming));
  const doubts = analysis.plan.unjudged
    .filter((part) => part.path === path)
    .map((part): Diagnostic => ({
      range: rangeIn(analysis, part.path, part.range),
      severity: DiagnosticSeverity.Information,
      source: SOURCE,
      code: 'undecided',
      message: `Could not tell whether this can be live patched: ${part.reason}.`,
    }));
  const problems = analysis.policyProblems
    .filter((problem) => problem.path === path && path !== POLICY_FILE)
    .map((problem): Diagnostic => ({ range: rangeIn(analysis, path, problem.range), severity: DiagnosticSeverity.Warning, source: SOURCE, code: 'allow', message: problem.message }));
  return [...findings, ...doubts, ...problems];
}

/** Stands at the top of a file of the edit whose text could not be read; `reason` ends a sentence that begins with its name. */
export function unreadableDiagnostic(reason: string): Diagnostic {
  return { range: TOP, severity: DiagnosticSeverity.Information, source: SOURCE, code: 'unreadable', message: `This file ${reason}. Could not tell whether its edit can be live patched.` };
}

export function diagnosticOf(analysis: Analysis, finding: Finding, naming: Naming): Diagnostic {
  return {
    range: rangeIn(analysis, finding.path, finding.range),
    severity: severities[finding.severity],
    source: SOURCE,
    code: finding.rule,
    codeDescription: { href: naming.manualOf(finding.rule) },
    message: [finding.message, ...finding.remedies.map((remedy) => `Way out: ${remedy.title}.`)].join('\n'),
    relatedInformation: relatedPlaces(analysis, finding)
      .map((place) => ({ location: { uri: naming.uriOf(place.path), range: rangeIn(analysis, place.path, place.range) }, message: place.message })),
    data: { rule: finding.rule, function: finding.function, symbol: finding.symbol },
  };
}

export function rangeIn(analysis: Analysis, path: string, range: Offsets): Range {
  return positionsOf(analysis.lineStarts.get(path) ?? [0], range);
}

/** Two lenses on every function the edit itself changed: what becomes of it, and "Simulate Patch". */
export function lensesOf(analysis: Analysis, path: string, folder: string, naming: Naming): CodeLens[] {
  const seen = new Set<string>();
  return analysis.functions.flatMap(({ planned, verdict }): CodeLens[] => {
    if (planned.path !== path || planned.change === 'reached' || planned.change === 'removed' || seen.has(planned.name)) return [];
    seen.add(planned.name);
    const range = rangeIn(analysis, path, { start: planned.fact.range.start, end: planned.fact.range.start });
    const reached = reachedBy(analysis, planned.path, planned.name);
    const locations = reached.map((judged) => ({ uri: naming.uriOf(judged.planned.path), range: rangeIn(analysis, judged.planned.path, judged.planned.fact.nameRange) }));
    const worst = worstOf([verdict, ...reached.map((judged) => judged.verdict)]);
    return [
      { range, command: { title: lensTitle(worst, reached), command: reached.length === 0 ? '' : 'livepatchStudio.showReached', arguments: [naming.uriOf(path), range.start, locations] } },
      { range, command: { title: 'Simulate Patch', command: 'livepatchStudio.simulate', arguments: [folder, [planned.name, ...reached.map((judged) => judged.planned.name)]] } },
    ];
  });
}

/** VS Code drops a plain space behind an icon. */
const verdictSigns: Readonly<Record<Verdict, string>> = { patchable: '$(pass)\u00a0Patchable', unpatchable: '$(error)\u00a0Cannot be live patched', undecided: '$(question)\u00a0Undecided' };

function lensTitle(verdict: Verdict, reached: readonly JudgedFunction[]): string {
  const callers = reached.length === 0 ? '' : ` · reaches ${reached.length} ${reached.length === 1 ? 'caller' : 'callers'}`;
  return `${verdictSigns[verdict]}${callers}`;
}

function worstOf(verdicts: readonly Verdict[]): Verdict {
  return verdicts.includes('unpatchable') ? 'unpatchable' : verdicts.includes('undecided') ? 'undecided' : 'patchable';
}

/** The functions that hold a copy of the given one. */
export function reachedBy(analysis: Analysis, path: string, name: string): JudgedFunction[] {
  const seen = new Set<string>();
  return analysis.functions.filter(({ planned }) => {
    const [edited] = planned.via;
    const key = `${planned.path} ${planned.name}`;
    if (edited?.path !== path || edited.name !== name || seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}

export function objectViews(analysis: Analysis, naming: Naming): ObjectView[] {
  const entries = klpFuncs(analysis.plan);
  const verdicts = new Map(analysis.functions.map((judged) => [judged.planned, judged.verdict]));
  return analysis.plan.objects.map((object) => ({
    name: object.name,
    isModule: object.isModule,
    ...(object.note === undefined ? {} : { note: object.note }),
    functions: object.functions.map((planned): FunctionView => ({
      name: planned.name,
      uri: naming.uriOf(planned.path),
      // A removed function has a place in the baseline only: not one of the edit's text.
      range: planned.change === 'removed' ? TOP : rangeIn(analysis, planned.path, planned.fact.nameRange),
      change: planned.change,
      via: wayOf(planned.via),
      ...reasonOf(planned),
      ...entryOf(entries.get(planned)),
      verdict: verdicts.get(planned) ?? 'undecided',
      findings: analysis.findings.filter((finding) => (finding.through ?? finding.function) === planned.name).map((finding) => findingView(analysis, finding, naming)),
    })),
  }));
}

function reasonOf(planned: PlannedFunction): { readonly why?: string } {
  const why = whyReached(planned);
  return why === undefined ? {} : { why };
}

const entryOf = (klpFunc: string | undefined): { readonly klpFunc?: string } => (klpFunc === undefined ? {} : { klpFunc });

/** Findings that are about no function of the plan. */
export function looseFindings(analysis: Analysis, naming: Naming): FindingView[] {
  const names = new Set(analysis.plan.objects.flatMap((object) => object.functions.map((planned) => planned.name)));
  return analysis.findings.filter((finding) => !names.has(finding.through ?? finding.function ?? '')).map((finding) => findingView(analysis, finding, naming));
}

function findingView(analysis: Analysis, finding: Finding, naming: Naming): FindingView {
  const related = relatedPlaces(analysis, finding).map((place) => ({ message: place.message, uri: naming.uriOf(place.path), range: rangeIn(analysis, place.path, place.range) }));
  return { rule: finding.rule, severity: finding.severity, message: finding.message, uri: naming.uriOf(finding.path), range: rangeIn(analysis, finding.path, finding.range), ...(related.length === 0 ? {} : { related }) };
}

/** Those in files whose lines are at hand. */
const relatedPlaces = (analysis: Analysis, finding: Finding): Finding['related'] => finding.related.filter((place) => analysis.lineStarts.has(place.path));
