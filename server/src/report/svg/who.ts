/** Who stood in the way, in the few words a picture has room for. */
import type { Blocker, Group, Pass } from '../../simulate';
import { reasonText } from '../blockers';
import { tenths } from '../simulation-words';

/** `last blocker mysqld:81 in do_sys_poll`, the place only when all have it in common; nothing where nobody ever stood in the way. */
export function lastBlockers(passes: readonly Pass[]): readonly string[] {
  const last = passes.findLast(({ blockers }) => blockers.length > 0)?.blockers ?? [];
  const first = last.find((blocker) => blocker.function !== undefined) ?? last[0];
  if (first === undefined) return [];
  const others = last.length - 1;
  const isOfAll = last.every((blocker) => where(blocker) === where(first));
  return [`last blocker${others > 0 ? `s ${nameOf(first)} and ${others} more` : ` ${nameOf(first)}`}${isOfAll ? ` ${where(first)}` : ''}`];
}

const nameOf = ({ comm, pid }: Blocker): string => `${comm}:${pid}`;

const where = (blocker: Blocker): string => (blocker.function === undefined ? `(${reasonText(blocker)})` : blocker.reason === 'unknown' ? `perhaps in ${blocker.function}` : `in ${blocker.function}`);

/** What held a group up, and how it ended for the last of its tasks: `asleep in do_sys_poll; stack check at 16.1 s`. */
export function laneEnding({ blocks, fate }: Group): string {
  // The longest of them is the story.
  const longest = blocks.toSorted((a, b) => b.toPass - b.fromPass - (a.toPass - a.fromPass))[0];
  const held = longest === undefined ? [] : [reasonText(longest)];
  switch (fate.kind) {
    case 'pending':
      return [...held, 'still pending'].join('; ');
    case 'switched':
      return [...held, `${fate.cause} at ${tenths(fate.atNs / 1e6)}`].join('; ');
    case 'none':
      return held.join('');
  }
}
