/**
 * An analysis as SARIF 2.1.0 (OASIS Standard), for code scanning services and viewers. What goes beyond a list of places: ways through inlining are code flows,
 * mechanical ways out are fixes, what was set aside is a suppressed result, what could not be told is a result of kind `open`.
 */
import type { CodeFlow, Fix, Location as SarifLocation, Log, Notification, PhysicalLocation, Region, ReportingDescriptor, Result, Suppression } from 'sarif';
import { POLICY_FILE } from '../policy/policy';
import type { SetAside } from '../policy/apply';
import type { Unjudged } from '../plan/plan';
import type { Analysis } from '../result';
import type { Finding, Location, Profile, Remedy, Severity, TextChange } from '../rules/finding';
import type { Range } from '../syntax/facts';
import { positionsOf } from '../syntax/positions';
import { lineStartsOf, sortedFindings, type Tool } from './check';
import { fingerprintsOf } from './fingerprint';
import { doubtsOf } from './gist';
import { grouped } from './grouped';
import { conditionOf, ruleOf } from './manualText';

export interface SarifOptions {
  readonly tool: Tool;
  /** Absolute URI of a rule's page. */
  readonly manualOf: (rule: string) => string;
}

/** Paths are relative to the tree; the consumer knows where it lies. */
const ROOT = '%SRCROOT%';

/** Changes when a finding's identity is made of something else. */
const FINGERPRINT = 'livepatchStudioFinding/v1';

/** The pseudo rule of what no rule judges. */
const UNDECIDED = 'undecided';

const levels = { error: 'error', warning: 'warning', info: 'note' } as const satisfies Record<Severity, string>;

/** Results: what counts, by file, line and rule; then what was set aside; then what could not be told. */
export function checkSarif(analysis: Analysis, { tool, manualOf }: SarifOptions): Log {
  const findings = sortedFindings(analysis);
  const aside = analysis.setAside.filter(({ severity }) => severity === 'off');
  const all = [...findings, ...aside.map(({ finding }) => finding)];
  const open = analysis.plan.unjudged;
  const slugs = [...new Set([...all.map(({ rule }) => rule), ...(open.length > 0 ? [UNDECIDED] : [])])].sort();
  const fingerprints = fingerprintsOf(all);
  const results = all.map((finding, index): Result => ({
    ...resultOf(analysis, finding, slugs.indexOf(finding.rule)),
    partialFingerprints: { [FINGERPRINT]: fingerprints[index] ?? '' },
    // An empty list says that it counts; none at all would say that nobody knows.
    suppressions: index < findings.length ? [] : aside.slice(index - findings.length, index - findings.length + 1).map(suppressionOf),
  }));
  return {
    $schema: 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/os/schemas/sarif-schema-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: tool.name, semanticVersion: tool.version, version: tool.version, rules: slugs.map((slug) => descriptorOf(slug, analysis.profile, manualOf)) } },
        // A category of its own for each build tool, so that runs with both can be kept side by side.
        automationDetails: { id: `${tool.name}/${analysis.profile}/` },
        columnKind: 'utf16CodeUnits',
        originalUriBaseIds: { [ROOT]: { description: { text: 'The top of the kernel tree.' } } },
        invocations: [{ executionSuccessful: true, toolExecutionNotifications: notifications(analysis) }],
        results: [...results, ...open.map((part) => openResult(analysis, part, slugs.indexOf(UNDECIDED)))],
        properties: { verdict: analysis.verdict, reasons: [...analysis.reasons], profile: analysis.profile, kernelVersion: analysis.kernelVersion ?? null },
      },
    ],
  };
}

function descriptorOf(slug: string, profile: Profile, manualOf: (rule: string) => string): ReportingDescriptor {
  // The standard wants a name that is more than the id.
  const named = slug.includes('-') ? { name: slug.replace(/(^|-)(\w)/g, (_, _dash, letter: string) => letter.toUpperCase()) } : {};
  const rule = ruleOf(slug);
  if (rule === undefined) {
    const text = 'A part of the edit that no rule judges, or something it depends on could not be had.';
    return { id: slug, shortDescription: { text }, fullDescription: { text }, help: { text: 'Look at this part of the edit by hand.' }, defaultConfiguration: { level: 'none' } };
  }
  return {
    id: slug,
    ...named,
    shortDescription: { text: `${rule.title}.` },
    fullDescription: { text: conditionOf(rule) },
    help: { text: rule.manual.trim(), markdown: rule.manual.trim() },
    helpUri: manualOf(slug),
    defaultConfiguration: { level: levels[rule.severity[profile]] },
  };
}

function resultOf(analysis: Analysis, finding: Finding, ruleIndex: number): Result {
  const { rule, severity, message, function: name, symbol, through, evidence, related, remedies } = finding;
  const fixes = remedies.flatMap((remedy) => fixOf(analysis, remedy));
  return {
    ruleId: rule,
    ruleIndex,
    kind: 'fail',
    level: levels[severity],
    message: { text: [message, ...remedies.map(({ title }) => `Way out: ${title}.`)].join('\n') },
    locations: [{ physicalLocation: physical(analysis, finding), ...(name === undefined ? {} : { logicalLocations: [{ name, kind: 'function' }] }) }],
    ...(related.length === 0 ? {} : through === undefined ? { relatedLocations: related.map((place, index) => ({ id: index + 1, ...labelled(analysis, place) })) } : { codeFlows: [wayOf(analysis, finding)] }),
    ...(fixes.length === 0 ? {} : { fixes }),
    properties: { evidence, remedies: remedies.map(({ kind, title }) => ({ kind, title })), ...(symbol === undefined ? {} : { symbol }), ...(through === undefined ? {} : { through }) },
  };
}

/** From the edit to the function that holds its code. */
function wayOf(analysis: Analysis, finding: Finding): CodeFlow {
  const start = { ...finding, message: `${finding.function ?? finding.symbol ?? 'this'} is edited` };
  return { threadFlows: [{ locations: [start, ...finding.related].map((place) => ({ location: labelled(analysis, place) })) }] };
}

function openResult(analysis: Analysis, part: Unjudged, ruleIndex: number): Result {
  return { ruleId: UNDECIDED, ruleIndex, kind: 'open', level: 'none', message: { text: part.reason }, locations: [{ physicalLocation: physical(analysis, part) }], suppressions: [] };
}

function suppressionOf({ reason, source }: SetAside): Suppression {
  const [, path = '', line = ''] = /^(?:a comment in )?(.+):(\d+)$/.exec(source) ?? [];
  return {
    kind: source.startsWith(POLICY_FILE) ? 'external' : 'inSource',
    status: 'accepted',
    justification: reason,
    ...(path === '' ? {} : { location: { physicalLocation: { artifactLocation: { uri: uriOf(path), uriBaseId: ROOT }, region: { startLine: Number(line) } } } }),
  };
}

/** What could not be told and has no place, and decisions that make a finding count for less. */
function notifications(analysis: Analysis): Notification[] {
  const placed = new Set([...analysis.plan.unjudged.map(({ reason }) => reason), ...analysis.findings.map(({ message }) => message)]);
  const doubts = doubtsOf(analysis).filter((doubt) => !placed.has(doubt)).map((text): Notification => ({ level: 'warning', message: { text } }));
  const lowered = analysis.setAside.flatMap(({ finding, severity, reason, source }): Notification[] =>
    severity === 'off' ? [] : [{ level: 'note', message: { text: `${finding.rule} counts as ${severity} by ${source} (${reason}): ${finding.message}` }, locations: [{ physicalLocation: physical(analysis, finding) }] }],
  );
  return [...doubts, ...lowered];
}

/** Empty where a person has to do it, or where it changes a file whose lines are not at hand. */
function fixOf(analysis: Analysis, { title, fix }: Remedy): Fix[] {
  const edits = fix?.edits() ?? [];
  if (edits.length === 0 || edits.some(({ path }) => !analysis.lineStarts.has(path))) return [];
  const artifactChanges = [...grouped<TextChange>(edits, ({ path }) => path)].map(([path, changes]) => ({
    artifactLocation: { uri: uriOf(path), uriBaseId: ROOT },
    replacements: changes.map(({ range, text }) => ({ deletedRegion: regionOf(analysis, path, range), ...(text === '' ? {} : { insertedContent: { text } }) })),
  }));
  return [{ description: { text: title }, artifactChanges }];
}

function labelled(analysis: Analysis, place: Location & { readonly message: string }): SarifLocation {
  return { physicalLocation: physical(analysis, place), message: { text: place.message } };
}

function physical(analysis: Analysis, { path, range }: Location): PhysicalLocation {
  return { artifactLocation: { uri: uriOf(path), uriBaseId: ROOT }, region: regionOf(analysis, path, range) };
}

/** Lines and columns count from 1, the end is the first column behind. */
function regionOf(analysis: Analysis, path: string, range: Range): Region {
  const { start, end } = positionsOf(lineStartsOf(analysis, path), range);
  return { startLine: start.line + 1, startColumn: start.character + 1, endLine: end.line + 1, endColumn: end.character + 1 };
}

const uriOf = (path: string): string => path.split('/').map(encodeURIComponent).join('/');
