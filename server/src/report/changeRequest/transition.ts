/** What a change request says of the rehearsal: how each system fares, who is in the way and what releases them. */
import { plural } from '../../rules/words';
import type { BlockerRow, Fate, ModelName, Outcome, PassView, ScenarioFile, Trace, Violation } from '../../simulate/index';
import { viewOf } from '../../simulate/index';
import { adviceFor, reasonText } from '../blockers';
import { capped } from '../capped';
import { grouped } from '../grouped';
import { code, markdownTable, more, prose } from '../markdown';
import { ending, listed, machineText, tenths } from '../simulation-words';

const HEAD = ['system', 'outcome', 'complete after', 'machine stands still', 'passes', 'signals', 'in the way, first → last', 'old and new code mixed in this run'] as const;
const MOST_ROWS = 12;
/** Room for the passes that are looked at; lanes are of no interest here. */
const ROOM = { columns: 100, lanes: 1 };

export interface Simulated {
  readonly traces: readonly Trace[];
  readonly refused: readonly { readonly model: ModelName; readonly why: string }[];
  readonly scenario?: ScenarioFile;
}

export function transitionLines({ traces, refused }: Simulated): readonly string[] {
  const [first] = traces;
  if (first === undefined) return [];
  const actions = first.actions.map(({ atNs, kind, result }) => `- After ${tenths(atNs / 1e6)} the operator does ${code(kind)}: ${prose(result)}`);
  return [
    `On ${prose(machineText(first.machine))}, seed ${first.seed}.`, '',
    ...markdownTable(HEAD, traces.map(rowOf)),
    ...block(actions),
    ...block(refused.map(({ model, why }) => `- ${code(model)} was not simulated: ${prose(why)}`)),
    ...block(traces.flatMap(brokenLines)),
  ];
}

function rowOf(trace: Trace): readonly string[] {
  const { model, completeMs, outcome, pauseMs, passes, attempts, signals, violations, unpromised } = trace;
  const failed = passes.filter(({ blockers }) => blockers.length > 0);
  const [from, to] = [failed[0]?.blockers.length ?? 0, passes.at(-1)?.blockers.length ?? 0];
  return [
    code(model), outcome === 'complete' ? 'applied' : outcome === 'unsafe' ? '**applied, unsafe**' : outcome === 'failed' ? '**not applied**' : '**open**',
    completeMs === null || outcome === 'failed' ? `never (${prose(ending(trace))})` : tenths(completeMs), pauseMs === 0 ? 'never' : tenths(pauseMs),
    passes.length > 0 ? String(passes.length) : String(attempts), String(signals.length), passes.length === 0 ? 'nobody is asked' : from === 0 ? 'nobody' : `${from} → ${to}`,
    violations.length > 0 ? `**${plural(violations.length, 'promise')} broken**` : unpromised.length > 0 ? 'met, which it never promised to prevent' : 'not seen',
  ];
}

function brokenLines({ model, violations }: Trace): readonly string[] {
  const { shown, rest } = capped(violations.map((violation) => `- ${code(model)}: ${meeting(violation)}`), MOST_ROWS);
  return [...shown, ...more(rest).map((text) => `- ${text}`)];
}

const meeting = ({ task, text, atNs }: Violation): string => `${task === '' ? '' : `${code(task)} `}${prose(text)} (after ${tenths(atNs / 1e6)})`;

/** For each system, whom its first look that found somebody found, how it went on for them, and what can be done; then who is left at the end. */
export function blockerLines(traces: readonly Trace[]): readonly string[] {
  const told = traces.flatMap((trace) => {
    const { passes } = viewOf(trace, ROOM);
    const failed = passes.filter(({ blocking }) => blocking > 0);
    const [first, last] = [failed[0], failed.at(-1)];
    if (first === undefined || last === undefined) return [];
    const isStuck = last.index === passes.at(-1)?.index && first !== last;
    return [
      ...rowsOf(`With ${code(trace.model)}, after ${tenths(first.atNs / 1e6)}: ${plural(first.blocking, 'task')}`, first.rows, trace),
      ...(!isStuck ? [] : isSame(first, last) ? ['The same at the end.', ''] : rowsOf(`And at the end: ${plural(last.blocking, 'task')}`, last.rows, trace)),
      ...(trace.model === 'livepatch' ? adviceLines([...first.rows, ...last.rows]) : []),
    ];
  });
  return told.length === 0 ? ['Nobody.'] : told.slice(0, -1);
}

const isSame = (one: PassView, other: PassView): boolean => one.blocking === other.blocking && JSON.stringify(one.rows) === JSON.stringify(other.rows);

function rowsOf(title: string, rows: readonly BlockerRow[], { outcome }: Trace): readonly string[] {
  const { shown, rest } = capped(rows, MOST_ROWS);
  return [`${title}.`, '', ...markdownTable(['tasks', 'where', 'released in this run'], shown.map((row) => cellsOf(row, outcome))), ...block(more(rest)), ''];
}

function cellsOf({ family, only, tasks, pids, kind, reason, function: name, fate }: BlockerRow, outcome: Outcome): readonly string[] {
  const who = only !== undefined ? code(`${only.comm}:${only.pid}`) : `${code(family)} ×${tasks}${pids.length === 0 ? '' : ` (${listed(pids.map(String))}${tasks > pids.length ? ', …' : ''})`}`;
  return [who, prose(whereText({ kind, reason, ...(name !== undefined && { function: name }) })), fateText(fate, outcome)];
}

const whereText = ({ kind, ...blocker }: Pick<BlockerRow, 'kind' | 'reason' | 'function'>): string => (kind === 'idle' && blocker.reason === 'running' ? 'idle CPU' : reasonText(blocker));

/** What is known of upstream's livepatch; each once, however many it is for. */
function adviceLines(rows: readonly BlockerRow[]): readonly string[] {
  const known = grouped(rows, ({ kind, family, reason, ...row }) => adviceFor({ pid: 0, comm: family, reason, ...(row.function !== undefined && { function: row.function }) }, kind));
  return [...[...known].map(([advice, those]) => `- ${prose(advice.startsWith('an idle CPU') ? advice : `${listed([...new Set(those.map((row) => `${row.kind === 'kthread' ? 'kernel thread ' : ''}${whereText(row)}`))])}: ${advice}`)}`), ''];
}

/** Where a system gave up, nothing was left to switch for those it had found. */
function fateText(fate: Fate, outcome: Outcome): string {
  switch (fate.kind) {
    case 'pending':
      return '**not at all**';
    case 'switched':
      return `after ${tenths(fate.atNs / 1e6)}: ${fate.cause}`;
    case 'none':
      return outcome === 'failed' ? '**not at all**' : 'ended';
  }
}

const block = (lines: readonly string[]): readonly string[] => (lines.length === 0 ? [] : ['', ...lines]);
