import type { FindingView, FunctionView, ObjectView, PlanView } from '../../server/src/lsp/protocol';
import type { Severity, Verdict } from '../../server/src/rules/finding';
import type { PositionRange } from '../../server/src/syntax/positions';
import { bySeverity, count, findingsOf, sentenceOf, verdictColors, verdictWords, worst } from './planWords';

/**
 * A row of the Live Patch view, free of VS Code's types so that tests can read it. `id` is made of names, never of
 * positions: a row keeps its place and its expansion while the text above it grows.
 */
export interface PlanNode {
  readonly id: string;
  /** Menus are chosen by this word. */
  readonly kind: 'folder' | 'object' | 'function' | 'reached' | 'finding' | 'place' | 'reason';
  readonly label: string;
  readonly description: string;
  /** Markdown. Holds names from the user's tree, so it is escaped. */
  readonly tooltip: string;
  /** A codicon and a theme color. */
  readonly icon: string;
  readonly color: string;
  readonly folder: string;
  readonly target?: { readonly uri: string; readonly range: PositionRange };
  /** For functions. */
  readonly function?: FunctionView;
  readonly children: readonly PlanNode[];
}

/**
 * The rows of all folders; the folders themselves are rows only when several have something to show. Without a row VS Code
 * shows the welcome text of the state, so only what no such text can say is a row: the sentence of a failure.
 */
export function planTree(plans: readonly PlanView[], folderName: (uri: string) => string): readonly PlanNode[] {
  const shown = plans.filter((plan) => rowsOf(plan).length > 0);
  if (shown.length < 2) return shown.flatMap(rowsOf);
  return shown.map((plan) => ({
    id: plan.folder,
    kind: 'folder',
    label: folderName(plan.folder),
    description: plan.verdict,
    tooltip: sentenceOf(plan),
    ...verdictIcon(plan.verdict),
    folder: plan.folder,
    children: rowsOf(plan),
  }));
}

function rowsOf(plan: PlanView): readonly PlanNode[] {
  if (plan.state === 'failed' && plan.message !== undefined) return [reasonRow(plan, plan.message, 'unpatchable')];
  if (plan.state !== 'ready') return [];
  return distinct([
    ...findingRows(plan.folder, plan.folder, plan.findings),
    ...unsaidReasons(plan).map((reason) => reasonRow(plan, reason, 'undecided')),
    ...plan.objects.map((object) => objectRow(plan.folder, object)),
  ]);
}

/** The reasons that are no findings, which are in the view already, with a place to go to: what could not be told. */
function unsaidReasons(plan: PlanView): readonly string[] {
  const said = new Set(findingsOf(plan).map((finding) => finding.message));
  return plan.verdict === 'patchable' ? [] : plan.reasons.filter((reason) => !said.has(reason));
}

/** Equal names are real: functions of two `#if` branches, one message at two places. VS Code refuses equal ids. */
function distinct(rows: readonly PlanNode[], seen = new Map<string, number>()): readonly PlanNode[] {
  return rows.map((row) => {
    const earlier = seen.get(row.id) ?? 0;
    seen.set(row.id, earlier + 1);
    return { ...row, id: earlier === 0 ? row.id : `${row.id}#${earlier}`, children: distinct(row.children, seen) };
  });
}

function reasonRow(plan: PlanView, reason: string, look: Verdict): PlanNode {
  return {
    id: `${plan.folder}|reason|${reason}`,
    kind: 'reason',
    label: reason,
    description: '',
    tooltip: escapeMarkdown(reason),
    ...verdictIcon(look),
    folder: plan.folder,
    children: [],
  };
}

function objectRow(folder: string, object: ObjectView): PlanNode {
  const id = `${folder}|${object.name}`;
  const verdict = worst(object.functions.map((fn) => fn.verdict));
  return {
    id,
    kind: 'object',
    label: object.name,
    description: `${object.isModule ? 'module, ' : ''}${count(object.functions.length, 'function')}`,
    tooltip: object.note === undefined ? `\`${object.name}\`` : escapeMarkdown(object.note),
    icon: object.isModule ? 'package' : 'circuit-board',
    color: verdictIcon(verdict).color,
    folder,
    children: object.functions.map((fn) => functionRow(folder, id, fn)),
  };
}

function functionRow(folder: string, parent: string, fn: FunctionView): PlanNode {
  const id = `${parent}|${fn.uri}|${fn.name}`;
  return {
    id,
    kind: fn.change === 'reached' ? 'reached' : 'function',
    label: fn.name,
    description: fn.change === 'reached' ? (fn.why ?? `reached via ${fn.via.join(' → ')}`) : changeWords[fn.change],
    tooltip: functionTooltip(fn),
    ...verdictIcon(fn.verdict),
    folder,
    target: { uri: fn.uri, range: fn.range },
    function: fn,
    children: findingRows(folder, id, fn.findings),
  };
}

function findingRows(folder: string, parent: string, findings: readonly FindingView[]): readonly PlanNode[] {
  return [...findings].sort(bySeverity).map((finding) => findingRow(folder, parent, finding));
}

function findingRow(folder: string, parent: string, finding: FindingView): PlanNode {
  const id = `${parent}|${finding.rule}|${finding.message}`;
  return {
    id,
    kind: 'finding',
    label: finding.message,
    description: finding.rule,
    tooltip: `${escapeMarkdown(finding.message)}\n\n*${finding.rule}*`,
    ...severityIcons[finding.severity],
    folder,
    target: { uri: finding.uri, range: finding.range },
    children: (finding.related ?? []).map((place) => placeRow(folder, id, place)),
  };
}

/** A place on the way, or one that has to do with it. */
function placeRow(folder: string, parent: string, { message, uri, range }: NonNullable<FindingView['related']>[number]): PlanNode {
  const description = `${decodeURIComponent(uri.slice(uri.lastIndexOf('/') + 1))}:${range.start.line + 1}`;
  return { id: `${parent}|${uri}|${message}`, kind: 'place', label: message, description, tooltip: escapeMarkdown(message), icon: 'arrow-right', color: 'descriptionForeground', folder, target: { uri, range }, children: [] };
}

function functionTooltip(fn: FunctionView): string {
  const how = fn.change === 'reached' ? `Not edited itself, but replaced by the live patch: ${escapeMarkdown(fn.why ?? `it holds the code of ${fn.via.join(' → ')}`)}.` : changeSentences[fn.change];
  return [`\`${fn.name}()\` — ${verdictWords[fn.verdict]}`, how, ...fn.findings.map((finding) => `- ${escapeMarkdown(finding.message)}`)].join('\n\n');
}

const changeWords = { changed: 'changed', added: 'added', removed: 'removed', signature: 'signature changed' } as const;

const changeSentences = {
  changed: 'Its body differs from the baseline.',
  added: 'It is not in the baseline: the module carries it, nothing is replaced.',
  removed: 'It is in the baseline only.',
  signature: 'Its signature differs from the baseline.',
} as const;

function verdictIcon(verdict: Verdict): { readonly icon: string; readonly color: string } {
  return { icon: verdictIcons[verdict], color: verdictColors[verdict] };
}

const verdictIcons: Record<Verdict, string> = { patchable: 'pass', unpatchable: 'error', undecided: 'question' };

const severityIcons: Record<Severity, { readonly icon: string; readonly color: string }> = {
  error: { icon: 'error', color: 'problemsErrorIcon.foreground' },
  warning: { icon: 'warning', color: 'problemsWarningIcon.foreground' },
  info: { icon: 'info', color: 'problemsInfoIcon.foreground' },
};

function escapeMarkdown(text: string): string {
  return text.replace(/[\\`*_{}[\]()#+\-.!|<>&]/g, '\\$&');
}
