/** At which passes each task stood in the way, in runs: most that are stuck are so for one reason all along. */
import type { Block, Pass } from '../types';

/** Idle tasks share pid 0 and differ by name. */
export const keyOf = (pid: number, comm: string): number | string => (pid === 0 ? comm : pid);

interface Run extends Block {
  toPass: number;
}

export function blocksByTask(passes: readonly Pass[]): ReadonlyMap<number | string, readonly Block[]> {
  const byTask = new Map<number | string, Run[]>();
  for (const { index, blockers } of passes) {
    for (const { pid, comm, reason, function: name } of blockers) {
      const key = keyOf(pid, comm);
      const runs = byTask.get(key);
      const last = runs?.at(-1);
      if (last?.toPass === index - 1 && last.reason === reason && last.function === name) {
        last.toPass = index;
        continue;
      }
      const run: Run = { fromPass: index, toPass: index, reason, ...(name !== undefined && { function: name }) };
      if (runs === undefined) byTask.set(key, [run]);
      else runs.push(run);
    }
  }
  return byTask;
}

/** Runs of several tasks as those of one. */
export function together(runs: readonly Block[]): readonly Block[] {
  const merged: Run[] = [];
  for (const run of [...runs].sort((a, b) => a.fromPass - b.fromPass)) {
    const same = merged.find((each) => each.reason === run.reason && each.function === run.function && each.toPass >= run.fromPass - 1);
    if (same === undefined) merged.push({ ...run });
    else same.toPass = Math.max(same.toPass, run.toPass);
  }
  return merged;
}
