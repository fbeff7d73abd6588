/** Passes as they can be told: who stood in the way by family and reason, not one by one. */
import type { Blocker, BlockerRow, Pass, PassView } from '../types';
import { family } from './family';

/** Rows of a pass that is looked at closely (the first and the last that failed), and of the others. */
const CLOSE = 40;
const FROM_AFAR = 4;

/** @param columns how many passes there is room for */
export function passViews(passes: readonly Pass[], columns: number): readonly PassView[] {
  const failed = passes.filter(({ blockers }) => blockers.length > 0);
  const close = new Set([failed[0], failed.at(-1)]);
  const every = Math.ceil(passes.length / Math.max(1, columns));
  return passes.filter((pass, i) => i % every === 0 || close.has(pass) || i === passes.length - 1).map((pass): PassView => {
    const { blockers, ...rest } = pass;
    const rows = gather(blockers);
    const shown = rows.slice(0, close.has(pass) ? CLOSE : FROM_AFAR);
    return { ...rest, blocking: blockers.length, rows: shown, moreRows: rows.length - shown.length };
  });
}

function gather(blockers: readonly Blocker[]): readonly BlockerRow[] {
  const rows = new Map<string, { readonly first: Blocker; readonly family: string; tasks: number }>();
  for (const blocker of blockers) {
    const name = family(blocker.comm);
    const key = `${name} ${blocker.reason} ${blocker.function ?? ''}`;
    const row = rows.get(key) ?? { first: blocker, family: name, tasks: 0 };
    row.tasks++;
    rows.set(key, row);
  }
  return [...rows.values()]
    .map(({ first: { comm, pid, reason, function: name }, tasks, ...row }): BlockerRow => ({ ...row, tasks, reason, ...(tasks === 1 && { only: { comm, pid } }), ...(name !== undefined && { function: name }) }))
    .sort((a, b) => Number(b.function !== undefined) - Number(a.function !== undefined));
}
