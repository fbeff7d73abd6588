/** A snapshot as lines that a person can check against the fixture beside it. */
import type { Frame, Snapshot, SnapshotTask } from '../../../server/src/simulate/snapshots';

export function summary({ format, tasks, facts, untold, malformed }: Snapshot): string {
  const lines = [
    `format ${format}`,
    `facts ${JSON.stringify(facts)}`,
    ...untold.map((each) => `untold ${each}`),
    ...malformed.first.map(({ line, why }) => `malformed line ${line}: ${why}`),
    `malformed ${malformed.count}`,
    ...tasks.flatMap(taskLines),
  ];
  return `${lines.join('\n')}\n`;
}

function taskLines(task: SnapshotTask): string[] {
  const { pid, tgid, comm, kind, state, stateInferred, frames, possible, hidden, incomplete, pending, patchState } = task;
  const head = [
    `${pid}${tgid === undefined ? '' : ` of ${tgid}`} ${JSON.stringify(comm)} ${kind} ${state}${stateInferred === true ? '?' : ''}`,
    hidden ? 'hidden' : '', pending === true ? 'pending' : '', patchState === undefined ? '' : `patch_state ${patchState}`, incomplete === undefined ? '' : `(${incomplete})`,
  ].filter((part) => part !== '').join(' ');
  return [head, ...(frames.length === 0 ? [] : [`    ${frames.map(shown).join(' ')}`]), ...(possible.length === 0 ? [] : [`  ? ${possible.map(shown).join(' ')}`])];
}

const shown = ({ symbol, module, name, unresolved }: Frame): string =>
  `${symbol}${name === symbol ? '' : `=${name}`}${module === undefined ? '' : `[${module}]`}${unresolved === true ? '!' : ''}`;
