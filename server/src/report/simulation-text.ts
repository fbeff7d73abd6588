/** Traces for a person at a terminal: what came out, who stood in the way, what to do about it. */
import type { Blocker, Trace } from '../simulate';
import { blockerGroups } from './blockers';
import { columns } from './columns';
import { comparison } from './comparison';
import { actionLines, count, hypotheticalLines, machineText, seconds } from './simulation-words';

/** A few lines per trace, a comparison when they are of several systems; ends with a newline. Empty without a trace. */
export function simulationText(traces: readonly Trace[]): string {
  const first = traces[0];
  if (first === undefined) return '';
  const head = `${machineText(first.machine)}, seed ${first.seed}`;
  if (new Set(traces.map(({ model }) => model)).size > 1) return [head, ...hypotheticalLines(first), '', ...comparison(traces), ''].join('\n');
  return [head, ...hypotheticalLines(first), '', ...overview(traces), ...traces.flatMap((trace) => ['', ...details(trace)]), ''].join('\n');
}

const COLUMNS = ['model', 'outcome', 'applied', 'complete', 'pause', 'attempts', 'passes', 'signals'] as const;

function overview(traces: readonly Trace[]): string[] {
  const rows = traces.map((t) => [
    t.model, t.outcome, seconds(t.appliedMs), seconds(t.completeMs), `${t.pauseMs} ms`, String(t.attempts), String(t.passes.length), String(t.signals.length),
  ]);
  return columns([COLUMNS, ...rows]);
}

function details(trace: Trace): string[] {
  const first = trace.passes[0]?.blockers ?? [];
  const last = trace.passes.at(-1)?.blockers ?? [];
  const lines = [`${trace.model}: ${trace.outcome}`];
  lines.push(...blockerLines('first pass', first, trace));
  if (trace.passes.length > 1) lines.push(...blockerLines('last pass', last, trace));
  lines.push(...actionLines(trace));
  for (const { task, text } of trace.violations) lines.push(`  violation: ${task} ${text}`);
  for (const note of trace.notes) lines.push(`  note: ${note}`);
  return lines;
}

function blockerLines(when: string, blockers: readonly Blocker[], trace: Trace): string[] {
  if (blockers.length === 0) return [`  ${when}: everybody switched`];
  return [
    `  ${when}: ${count(blockers.length, 'task')} not switched`,
    ...blockerGroups(blockers, trace).flatMap(({ title, names, advice }) => [`    ${title}: ${names}`, `      ${advice}`]),
  ];
}
