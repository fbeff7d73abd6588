/** The machine of `simulate --snapshot FILE`. */
import { printable } from '../report/style';
import { machineOfSnapshot, parseSnapshot, type AskedFunction, type MachineOptions, type Snapshot, type SnapshotMachine } from '../simulate/snapshots';
import { optionFile } from './optionFile';
import { shown } from './options';
import { UsageError, type Terminal } from './terminal';

/** A million tasks take about half of it; it has to fit into one string. */
const LARGEST = 256 * 1024 * 1024;

export interface MachineFromFile extends SnapshotMachine {
  /** What the JSON says of the snapshot. */
  readonly snapshot: { readonly format: string; readonly malformed: Snapshot['malformed']; readonly untold: readonly string[] };
}

/** @throws UsageError when there is nothing to simulate in it; what could not be told goes to standard error, as notes */
export async function machineFromFile(path: string, functions: readonly AskedFunction[], options: MachineOptions, terminal: Terminal): Promise<MachineFromFile> {
  const bytes = await optionFile('snapshot', path, terminal);
  if (bytes.length > LARGEST) throw new UsageError(`--snapshot ${shown(path)} is too large: at most ${LARGEST / 1024 / 1024} MB are read`);
  const snapshot = parseSnapshot(new TextDecoder().decode(bytes));
  if (snapshot === undefined) throw new UsageError(`--snapshot ${shown(path)} is in no known format: docs/snapshots.md lists them`);
  if (snapshot.tasks.length === 0) throw new UsageError(`--snapshot ${shown(path)} holds no task`);
  const made = machineOfSnapshot(snapshot, functions, options);
  const untold = [...snapshot.untold, ...made.notes];
  for (const note of [...malformed(snapshot), ...untold]) terminal.err(`livepatch-studio: note: ${printable(`${path}: ${note}`)}\n`);
  return { ...made, snapshot: { format: snapshot.format, malformed: snapshot.malformed, untold } };
}

function malformed({ malformed: { count, first } }: Snapshot): string[] {
  if (count === 0) return [];
  const named = first.map(({ line, why }) => `line ${line}: ${why}`).join('; ');
  return [`${count} malformed line${count === 1 ? '' : 's'} left out (${named}${count > first.length ? '; ...' : ''})`];
}
