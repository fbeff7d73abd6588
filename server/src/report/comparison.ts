/** Several systems side by side: what each makes of one patch on one machine. */
import { MODELS, type Invariant, type Model, type Trace, type Violation } from '../simulate';
import { blockerGroups } from './blockers';
import { columns } from './columns';
import { actionLines, count, roughly } from './simulation-words';

const HEADS = ['system', 'outcome', 'complete after', 'pause', 'attempts', 'blockers', 'violations'] as const;

/** What it comes to, a table with one line for each system, and below it why. Traces of one machine, patch and seed. */
export function comparison(traces: readonly Trace[]): readonly string[] {
  const told = traces.flatMap(({ violations, unpromised }) => [...violations, ...unpromised]);
  const invariants = [...new Set(told.map(({ invariant }) => invariant))].sort();
  return [...summary(traces), '', ...columns([HEADS, ...traces.map(row)]), '', ...LEGEND, ...invariants.map((invariant) => `${invariant}: ${INVARIANTS[invariant]}`), ...traces.flatMap((trace) => ['', ...why(trace)])];
}

/** The table's upshot, best first. */
function summary(traces: readonly Trace[]): readonly string[] {
  const done = traces.filter(({ completeMs, outcome }) => completeMs !== null && outcome !== 'failed').sort((a, b) => a.pauseMs - b.pauseMs || (a.completeMs ?? 0) - (b.completeMs ?? 0));
  const [running, stopping] = [done.filter(({ pauseMs }) => pauseMs === 0), done.filter(({ pauseMs }) => pauseMs > 0)];
  const open = traces.filter((trace) => !done.includes(trace));
  const unsafe = ({ outcome, unpromised }: Trace): string => (outcome === 'unsafe' ? ', unsafe' : unpromised.length > 0 ? ', old and new code mixed' : '');
  const lines: readonly (readonly [string, readonly string[]])[] = [
    ['Applied while everything runs: ', running.map((trace) => `${trace.model} (after ${roughly(trace.completeMs ?? 0)}${unsafe(trace)})`)],
    ['Applied with a pause: ', stopping.map((trace) => `${trace.model} (${roughly(trace.pauseMs)}${unsafe(trace)})`)],
    ['Not applied: ', open.map((trace) => `${trace.model} (${notApplied(trace)})`)],
  ];
  return lines.flatMap(([head, names]) => (names.length === 0 ? [] : [`${head}${names.join(', ')}`]));
}

function notApplied(trace: Trace): string {
  const left = trace.passes.at(-1)?.blockers.length ?? 0;
  const why = left > 0 ? `, ${count(left, 'task')} in the way` : '';
  if (trace.outcome === 'stuck') return `open when given up after ${roughly(trace.endNs / 1e6)}${why}`;
  return trace.attempts > 1 ? `gave up after ${trace.attempts} attempts${why}` : `refused or undone${why}`;
}

const LEGEND = [
  'attempts: how often it was tried; passes: how often all tasks were looked at. blockers: tasks in the way at the first of them → at the last.',
  'violations: broken, what the system promises or the patch rests on; mixed, how old and new code met that the system never promised to prevent.',
];

/** docs/simulator.md has them in full. */
const INVARIANTS: Readonly<Record<Invariant, string>> = {
  I1: 'old code ran while somebody else was in new code already',
  I2: 'one system call, or one round of a kernel thread, ran both versions',
  I3: 'a task switched with a function of the patch on its stack',
  I4: 'code was freed that was still on a stack',
  I5: 'a task switched twice in one direction',
  I6: 'a child did not begin in its parent\'s state',
  I7: 'a transition began before another was over',
  I8: 'the kernel\'s lines came in another order',
  data: 'what one version made, the other one used',
};

function row(trace: Trace): readonly string[] {
  const { model, passes, attempts, violations, unpromised } = trace;
  const [first, last] = [passes[0]?.blockers.length, passes.at(-1)?.blockers.length];
  const blockers = first === undefined || last === undefined ? 'not asked' : first + last === 0 ? 'none' : passes.length === 1 ? String(first) : `${first} → ${last}`;
  const found = [named('broken', violations), named('mixed', unpromised)].filter((text) => text !== '').join(', ');
  return [
    model, outcomeText(trace), trace.completeMs === null ? 'never' : roughly(trace.completeMs), trace.pauseMs === 0 ? 'none' : roughly(trace.pauseMs),
    passes.length > attempts ? count(passes.length, 'pass', 'passes') : String(attempts), blockers, found === '' ? 'none' : found,
  ];
}

/** In words that need no knowledge of the trace. */
function outcomeText({ outcome, endNs }: Trace): string {
  switch (outcome) {
    case 'complete':
      return 'applied';
    case 'unsafe':
      return 'applied, unsafe';
    case 'failed':
      return 'not applied';
    case 'stuck':
      return `open after ${roughly(endNs / 1e6)}`;
  }
}

function named(word: string, violations: readonly Violation[]): string {
  const names = [...new Set(violations.map(({ invariant }) => invariant))].sort();
  return names.length === 0 ? '' : `${word} ${names.join(' ')}`;
}

function why(trace: Trace): readonly string[] {
  const model = MODELS.find(({ name }) => name === trace.model);
  const lines = model === undefined ? [trace.model] : [`${model.name}: ${WHAT[model.what]} ${WHEN[model.when]}; ${model.driven}`];
  if (trace.pauseMs > 0) lines.push(`  pause: ${model?.pauses ?? ''}`);
  const last = trace.passes.findLast(({ blockers }) => blockers.length > 0);
  if (last !== undefined) {
    lines.push(`  in the way ${last === trace.passes.at(-1) ? 'at the end' : `until ${roughly(last.atNs / 1e6)}`}:`);
    for (const { title, names } of blockerGroups(last.blockers, trace)) lines.push(`    ${title}: ${names}`);
  }
  lines.push(...actionLines(trace));
  for (const { invariant, task, text } of trace.violations) lines.push(`  broken ${invariant}: ${task} ${text}`);
  for (const { invariant, task, text } of trace.unpromised.slice(0, SHOWN)) lines.push(`  mixed ${invariant}: ${task} ${text}`);
  if (trace.unpromised.length > SHOWN) lines.push(`  and ${trace.unpromised.length - SHOWN} more of the kind`);
  for (const note of trace.notes) lines.push(`  note: ${note}`);
  return lines;
}

const SHOWN = 3;

const WHAT: Readonly<Record<Model['what'], string>> = { kernel: 'everybody switches at once', thread: 'each task switches for itself', function: 'each function switches for itself' };
const WHEN: Readonly<Record<Model['when'], string>> = { 'leave function': 'whoever is inside', 'leave patched set': 'once no patched function is on a stack', 'leave kernel': 'at the boundary of the kernel' };
