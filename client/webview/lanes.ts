import type { Group } from '../../server/src/simulate/types';
import { interruptLanes } from './interrupts';
import type { Picture } from './picture';

/** The lanes, from top to bottom. */
export function groupsOf({ trace, whole, choices: { folding } }: Pick<Picture, 'trace' | 'whole' | 'choices'>): readonly Group[] {
  return [...trace.groups[folding], ...interruptLanes(whole, folding)];
}

export function labelOf({ label, tasks }: Group): string {
  return tasks === 1 ? label : `${label} ×${tasks}`;
}

/** Names a lane over another simulation: its first task, where there is one. */
export function laneKey({ label, pids }: Group): string {
  return `${label} ${pids[0] ?? 'idle'}`;
}

/** The lane that was chosen, else one of the same name, else the first: who switched last is the story. -1 without any lane. */
export function chosenLane(groups: readonly Group[], key: string | undefined): number {
  if (groups.length === 0) return -1;
  const exact = groups.findIndex((group) => laneKey(group) === key);
  if (exact >= 0 || key === undefined) return Math.max(exact, 0);
  const name = key.slice(0, key.lastIndexOf(' '));
  return Math.max(groups.findIndex(({ label }) => label === name), 0);
}
