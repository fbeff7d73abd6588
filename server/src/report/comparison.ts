/** Several systems side by side: what each makes of one patch on one machine. */
import { MODELS, type Model, type Trace, type Violation } from '../simulate';
import { blockerGroups } from './blockers';
import { columns } from './columns';
import { actionLines, duration, seconds } from './simulation-words';

const HEADS = ['system', 'outcome', 'done after', 'stands still', 'tries', 'in the way', 'broken', 'mixes'] as const;

/** A table, one line for each system, and below it why. Traces of one machine, patch and seed. */
export function comparison(traces: readonly Trace[]): readonly string[] {
  const table = columns([HEADS, ...traces.map(row)]);
  return [...table, '', ...LEGEND, ...traces.flatMap((trace) => ['', ...why(trace)])];
}

const LEGEND = [
  'tries: attempts, or looks at all tasks. in the way: tasks at the first and at the last of them.',
  'broken: what the system promises, or what the patch rests on, and did not hold. mixes: ways in which old and new code met that the system never promised to prevent.',
];

function row(trace: Trace): readonly string[] {
  const { model, passes, attempts, violations, unpromised } = trace;
  const looks = Math.max(attempts, passes.length);
  const [first, last] = [passes[0]?.blockers.length, passes.at(-1)?.blockers.length];
  const inTheWay = first === undefined || last === undefined ? '-' : passes.length === 1 ? String(first) : `${first}, ${last}`;
  return [model, outcomeText(trace), trace.completeMs === null ? '-' : duration(trace.completeMs), trace.pauseMs === 0 ? 'never' : duration(trace.pauseMs), String(looks), inTheWay, invariantsOf(violations), invariantsOf(unpromised)];
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
      return `open after ${Math.round(endNs / 1e9)} s`;
  }
}

function invariantsOf(violations: readonly Violation[]): string {
  const names = [...new Set(violations.map(({ invariant }) => invariant))].sort();
  return names.length === 0 ? '-' : names.join(' ');
}

function why(trace: Trace): readonly string[] {
  const model = MODELS.find(({ name }) => name === trace.model);
  const lines = model === undefined ? [trace.model] : [`${model.name}: switches ${WHAT[model.what]} ${WHEN[model.when]}; ${model.driven}`];
  if (trace.pauseMs > 0) lines.push(`  stands still: ${model?.pauses ?? ''}`);
  const last = trace.passes.findLast(({ blockers }) => blockers.length > 0);
  if (last !== undefined) {
    lines.push(`  in the way ${last === trace.passes.at(-1) ? 'at the end' : `until ${seconds(last.atNs / 1e6)}`}:`);
    for (const { title, names } of blockerGroups(last.blockers, trace)) lines.push(`    ${title}: ${names}`);
  }
  lines.push(...actionLines(trace));
  for (const { invariant, task, text } of trace.violations) lines.push(`  broken ${invariant}: ${task} ${text}`);
  for (const { invariant, task, text } of trace.unpromised.slice(0, SHOWN)) lines.push(`  mixes ${invariant}: ${task} ${text}`);
  if (trace.unpromised.length > SHOWN) lines.push(`  and ${trace.unpromised.length - SHOWN} more of the kind`);
  for (const note of trace.notes) lines.push(`  note: ${note}`);
  return lines;
}

const SHOWN = 3;

const WHAT: Readonly<Record<Model['what'], string>> = { kernel: 'everybody at once', thread: 'each task', function: 'each function' };
const WHEN: Readonly<Record<Model['when'], string>> = { 'leave function': 'whoever is inside', 'leave patched set': 'while no patched function is on a stack', 'leave kernel': 'at the boundary of the kernel' };
