/** Traces for a person at a terminal: what came out, who stood in the way, what to do about it. */
import type { Blocker, Lane, Trace } from '../simulate';

/** A few lines per trace; ends with a newline. Empty without a trace. */
export function simulationText(traces: readonly Trace[]): string {
  const first = traces[0];
  if (first === undefined) return '';
  const { kernelVersion, cpus, hz, tasks } = first.machine;
  const head = `Linux ${kernelVersion}, ${count(cpus, 'CPU')}, ${hz} Hz, ${count(tasks, 'task')}, seed ${first.seed}`;
  return [head, '', ...overview(traces), ...traces.flatMap((trace) => ['', ...details(trace)]), ''].join('\n');
}

const COLUMNS = ['model', 'outcome', 'applied', 'complete', 'pause', 'attempts', 'passes', 'signals'] as const;

function overview(traces: readonly Trace[]): string[] {
  const rows = traces.map((t) => [
    t.model, t.outcome, seconds(t.appliedMs), seconds(t.completeMs), `${t.pauseMs} ms`, String(t.attempts), String(t.passes.length), String(t.signals.length),
  ]);
  const table: readonly (readonly string[])[] = [COLUMNS, ...rows];
  const widths = COLUMNS.map((_, column) => Math.max(...table.map((row) => row[column]?.length ?? 0)));
  return table.map((row) => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ').trimEnd());
}

function details(trace: Trace): string[] {
  const first = trace.passes[0]?.blockers ?? [];
  const last = trace.passes.at(-1)?.blockers ?? [];
  const lines = [`${trace.model}: ${trace.outcome}`];
  lines.push(...blockerLines('first pass', first, trace));
  if (trace.passes.length > 1) lines.push(...blockerLines('last pass', last, trace));
  for (const { task, text } of trace.violations) lines.push(`  violation: ${task} ${text}`);
  for (const note of trace.notes) lines.push(`  note: ${note}`);
  return lines;
}

function blockerLines(when: string, blockers: readonly Blocker[], trace: Trace): string[] {
  if (blockers.length === 0) return [`  ${when}: everybody switched`];
  const kinds = new Map(trace.lanes.map((lane) => [`${lane.comm}:${lane.pid}`, lane.kind]));
  const groups = new Map<string, { title: string; advice: string; names: string[] }>();
  for (const blocker of blockers) {
    const name = `${blocker.comm}:${blocker.pid}`;
    const kind = kinds.get(name) ?? 'user';
    const title = reasonText(blocker);
    const key = `${title} ${kind}`;
    const group = groups.get(key) ?? { title, advice: adviceFor(blocker, kind), names: [] };
    group.names.push(name);
    groups.set(key, group);
  }
  return [
    `  ${when}: ${count(blockers.length, 'task')} not switched`,
    ...[...groups.values()].flatMap(({ title, advice, names }) => [`    ${title}: ${list(names)}`, `      ${advice}`]),
  ];
}

function reasonText(blocker: Blocker): string {
  switch (blocker.reason) {
    case 'running':
      return 'running';
    case 'sleeping':
      return `asleep in ${blocker.function ?? 'the patch'}`;
    case 'unreliable':
      return 'unreliable stack';
    case 'unknown':
      return blocker.function === undefined ? 'stack not known' : `perhaps asleep in ${blocker.function}`;
  }
}

/** What to expect of such a blocker, and what the operator can do. */
export function adviceFor(blocker: Blocker, kind: Lane['kind']): string {
  switch (blocker.reason) {
    case 'running':
      if (kind === 'idle') return 'an idle CPU: switches once it has something to do, at the latest when a pass wakes it';
      return kind === 'user'
        ? 'switches when it next returns to user space'
        : 'a pass must find it off its CPU; a kernel thread that never sleeps keeps the transition open: reverse';
    case 'sleeping':
      if (kind === 'idle') return 'switches when its CPU comes out of idle once';
      return kind === 'user'
        ? 'switches when the call returns: a signal (the kernel sends one after 15 passes) frees interruptible sleeps; otherwise wait or reverse; do not force'
        : 'a kernel thread that always has this function on its stack never switches: reverse and patch a function it calls; do not force';
    case 'unreliable':
      return kind === 'user' ? 'switches when it next returns to user space' : 'no stack check can clear it: reverse, or use a kernel whose stacks can be trusted';
    case 'unknown':
      return 'the recorded stack hides scheduler functions or is empty: take a snapshot with sysrq-t to be sure';
  }
}

const SHOWN = 8;

function list(names: readonly string[]): string {
  const shown = names.slice(0, SHOWN).join(', ');
  return names.length > SHOWN ? `${shown} and ${names.length - SHOWN} more` : shown;
}

function seconds(ms: number | null): string {
  return ms === null ? '-' : `${(ms / 1000).toFixed(3)} s`;
}

function count(n: number, noun: string): string {
  return `${n} ${noun}${n === 1 ? '' : 's'}`;
}
