/** Many runs for a person at a terminal: how long it takes, how often it does not end, and who is in the way then. */
import type { Trace } from '../simulate';
import type { Distribution } from '../simulate/batch';
import { reasonText } from './blockers';
import { columns } from './columns';
import { count, duration, listed, machineText, percent } from './simulation-words';

const HEADS = ['system', 'complete', 'stuck', 'failed', 'unsafe', 'fastest', 'median', 'p95', 'slowest', 'stands still', 'p95', 'tries', 'p95'] as const;

/**
 * @param machine as the first run's trace has it
 * @param asked how many repetitions were asked for
 */
export function repeatText(distributions: readonly Distribution[], machine: Trace['machine'], asked: number): string {
  const seeds = distributions[0]?.runs.map(({ seed }) => seed) ?? [];
  const runs = seeds.length === asked ? count(asked, 'run') : `${seeds.length} of ${count(asked, 'run')}`;
  const head = `${machineText(machine)}, ${runs} of each system with seeds ${seeds[0] ?? '-'} to ${seeds.at(-1) ?? '-'}`;
  return [head, '', ...columns([HEADS, ...distributions.map(row)]), '', LEGEND, ...distributions.flatMap(details), ''].join('\n');
}

const LEGEND = 'fastest to slowest: from the load until complete, over all runs; never: so many did not complete. stands still: the whole system\'s pause. tries: attempts, or looks at all tasks.';

function row({ model, runs, outcomes, completeMs, pauseMs, tries }: Distribution): readonly string[] {
  const share = (runsOfKind: number): string => (runsOfKind === 0 ? '-' : percent(runsOfKind / runs.length));
  const time = (ms: number | null): string => (ms === null ? 'never' : duration(ms));
  return [
    model, share(outcomes.complete), share(outcomes.stuck), share(outcomes.failed), share(outcomes.unsafe),
    time(completeMs.min), time(completeMs.median), time(completeMs.p95), time(completeMs.max),
    duration(pauseMs.median ?? 0), duration(pauseMs.p95 ?? 0), String(tries.median), String(tries.p95),
  ];
}

function details({ model, runs, completeMs, left, seeds }: Distribution): string[] {
  const open = runs.filter((run) => run.completeMs === null).length;
  const lines: string[] = [];
  if (seeds.slowest !== undefined && completeMs.max !== completeMs.min) lines.push(`  the longest that completed: --seed ${seeds.slowest}`);
  if (seeds.stuck !== undefined) lines.push(`  ${count(open, 'run')} did not complete, the first: --seed ${seeds.stuck}`);
  if (left.length > 0) lines.push(`  in the way at their end: ${listed(left.map((each) => `${each.comm} ${reasonText(each)} (${each.runs})`))}`);
  return lines.length === 0 || runs.length === 1 ? [] : ['', `${model}:`, ...lines];
}
