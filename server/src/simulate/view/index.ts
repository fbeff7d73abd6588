/** Level of detail: what of a trace is drawn, for the room and the part of time there is to draw it in. */
import type { Detail, Group, InterruptSwitch, LogLine, PassView, Specimen, Task, Trace, TraceView } from '../types';
import { figureText } from '../costs';
import { groupsOf } from './groups';
import { passViews } from './passes';

export { systemView } from './system';

/** Lines of a kernel log that somebody may read in a pane. */
const MOST_LINES = 2000;
/** Different things that went wrong, and tasks named for each. */
const MOST_VIOLATIONS = 50;
const NAMED = 4;

/**
 * @param tasks the machine's: without them nobody's stack is told
 * @returns plain data whose size depends on `detail` and the patch, not on the machine
 */
export function viewOf(trace: Trace, detail: Detail, tasks: readonly Task[] = []): TraceView {
  const window = detail.window ?? { fromNs: 0, toNs: trace.endNs };
  const inside = ({ atNs }: { readonly atNs: number }): boolean => window.fromNs <= atNs && atNs <= window.toNs;
  const { seed, model, patch, machine, hypothetical, outcome, appliedMs, completeMs, pauseMs, attempts, endNs, pauses, notes } = trace;
  const lines = trace.log.filter(inside);
  const log = readable(lines);
  const groups = groupsOf(trace, { ...detail, window });
  const passes = passViews(trace.passes.filter(inside), trace, detail.columns);
  return {
    seed, model, patch, machine, outcome, appliedMs, completeMs, pauseMs, attempts, endNs, pauses, notes,
    assumptions: [...trace.assumptions, ...trace.figures.map(figureText)],
    ...(hypothetical !== undefined && { hypothetical }),
    window,
    signals: trace.signals.filter(inside),
    actions: trace.actions.filter(inside),
    groups,
    specimens: specimensOf(tasks, [...groups.families, ...groups.compact], passes),
    passes,
    log,
    logLeftOut: lines.length - log.length,
    ...(trace.interrupts !== undefined && { interrupts: fewOf(trace.interrupts.filter(inside), detail.lanes) }),
    violations: violationsOf(trace),
  };
}

function fewOf(switches: readonly InterruptSwitch[], room: number): NonNullable<TraceView['interrupts']> {
  const every = Math.ceil(switches.length / Math.max(1, room));
  const shown = switches.filter((_, i) => (switches.length - 1 - i) % every === 0);
  return { switches: shown, more: switches.length - shown.length };
}

/** Who is named first, for what can be seen of one: frames beyond these are the beginnings of threads. */
const MOST_FRAMES = 24;

function specimensOf(tasks: readonly Task[], groups: readonly Group[], passes: readonly PassView[]): TraceView['specimens'] {
  const named = new Set([...groups, ...passes.flatMap(({ rows }) => rows)].flatMap(({ pids: [first] }) => first ?? []));
  return Object.fromEntries(tasks.filter(({ pid }) => named.has(pid)).map(({ pid, comm, state, stack, hidden, hypothetical }): [number, Specimen] => [
    pid, { comm, state, stack: stack.slice(0, MOST_FRAMES), ...(hidden !== undefined && { hidden }), ...(hypothetical !== undefined && { hypothetical }) },
  ]));
}

/** All lines when they are not too many; otherwise of the debug lines in a row the first few, and never more in all than fit. */
function readable(lines: readonly LogLine[]): readonly LogLine[] {
  if (lines.length <= MOST_LINES) return lines;
  const isDebug = ({ level }: LogLine): boolean => level === 'debug';
  const rows = lines.filter((line, i) => isDebug(line) && (i === 0 || lines[i - 1]?.level !== 'debug')).length;
  const room = Math.max(1, Math.floor((MOST_LINES - lines.filter((line) => !isDebug(line)).length) / Math.max(1, rows)));
  let row = 0;
  return lines.filter((line) => (row = isDebug(line) ? row + 1 : 0) <= room).slice(0, MOST_LINES);
}

function violationsOf({ violations }: Trace): TraceView['violations'] {
  const told = new Map<string, { readonly text: string; readonly tasks: string[]; more: number }>();
  for (const { text, task } of violations) {
    const known = told.get(text) ?? { text, tasks: [], more: 0 };
    if (known.tasks.length < NAMED) known.tasks.push(task);
    else known.more++;
    told.set(text, known);
  }
  return [...told.values()].slice(0, MOST_VIOLATIONS);
}
