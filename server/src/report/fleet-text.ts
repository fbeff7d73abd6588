/** A rollout for a person at a terminal: what each way comes to, and which machines do not come along. */
import type { Fleet, WayResult } from '../simulate/fleet';
import { columns } from './columns';
import { count, percent, thousands } from './simulation-words';

const HEADS = ['way', 'protected', 'by hand', 'skipped', 'half after', '95% after', 'all after', 'exposed', 'out of service', 'at most', 'retried'] as const;

export function fleetText({ order: { plan, seed }, machines, ways }: Fleet): string {
  const waves = plan.waves.map((share) => `${Number((share * 100).toFixed(3))}%`).join(', ');
  return [
    `${thousands(machines)} machines of ${count(Object.keys(plan.workloads).length, 'workload')} and ${count(Object.keys(plan.versions).length, 'kernel version')}, seed ${seed}; waves to ${waves}, ${plan.soakMinutes} min after each`,
    '',
    ...columns([HEADS, ...ways.map(row)]),
    '',
    'exposed, out of service: machine-hours, of all machines together. at most: machines out of service at a time. by hand: somebody has to look at them.',
    ...ways.flatMap(details),
    '',
  ].join('\n');
}

function row({ way, ends, halfMs, p95Ms, allMs, exposedHours, downHours, mostDown, retried }: WayResult): readonly string[] {
  const whole = ends.protected + ends.hand + ends.skipped;
  const share = (machines: number): string => (machines === 0 ? '-' : percent(machines / whole));
  return [way, share(ends.protected), share(ends.hand), share(ends.skipped), ...[halfMs, p95Ms, allMs].map(time), hours(exposedHours), hours(downHours), thousands(mostDown), thousands(retried)];
}

/** Minutes below two hours; a rollout is not planned in seconds. */
function time(ms: number | null): string {
  if (ms === null) return 'never';
  const minutes = ms / 60_000;
  return minutes < 120 ? `${Number(minutes.toPrecision(2))} min` : `${(minutes / 60).toFixed(1)} h`;
}

const hours = (value: number): string => (value >= 100 ? thousands(Math.round(value)) : String(Number(value.toPrecision(2))));

function details({ way, ends, waves, halted, classes }: WayResult): string[] {
  const left = classes.filter(({ machines, ends: own }) => own.protected < machines).sort((a, b) => b.ends.hand + b.ends.skipped - a.ends.hand - a.ends.skipped);
  const last = waves.at(-1);
  const lines = [
    ...(halted && last !== undefined ? [`  halted after wave ${waves.length}: ${last.open} of ${count(last.tried, 'machine')} tried were not protected`] : []),
    ...left.map(({ workload, version, machines, ends: own, refused }) => `  ${workload} on ${version}: ${endings(own)} of ${thousands(machines)}${refused === undefined ? '' : ` (${refused})`}`),
  ];
  return ends.hand + ends.skipped === 0 ? [] : ['', `${way}: not protected`, ...lines];
}

function endings({ hand, skipped }: WayResult['ends']): string {
  return [...(hand > 0 ? [`${thousands(hand)} by hand`] : []), ...(skipped > 0 ? [`${thousands(skipped)} skipped`] : [])].join(', ');
}
