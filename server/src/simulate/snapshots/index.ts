/** Snapshots of real machines: from a text in whichever known format to tasks. */
import { parseBpftrace } from './bpftrace';
import { parseCollector } from './collector';
import { parseCrash } from './crash';
import { createComplaints } from './lines';
import type { Parser } from './parser';
import { parsePerf } from './perf';
import { parseProcFiles } from './procFiles';
import { recognize } from './recognize';
import { parseSysrq } from './sysrq';
import type { Snapshot, SnapshotFormat } from './types';

export { machineOfSnapshot, type MachineOptions, type SnapshotMachine } from './machine';
export { recognize } from './recognize';
export type * from './types';

const PARSERS: Readonly<Record<SnapshotFormat, Parser>> = {
  collector: parseCollector, sysrq: parseSysrq, crash: parseCrash, perf: parsePerf, bpftrace: parseBpftrace, proc: parseProcFiles,
};

/**
 * Reads a snapshot. Never throws; takes time in proportion to the text. Lines that cannot be read are counted, never fatal.
 *
 * @returns undefined when the text is in no known format
 */
export function parseSnapshot(text: string): Snapshot | undefined {
  const format = recognize(text);
  if (format === undefined) return undefined;
  const complaints = createComplaints();
  const parsed = PARSERS[format](text, complaints);
  const { tasks, untold } = parsed.tasks.finish();
  return { format, tasks, facts: parsed.facts, untold: [...parsed.untold, ...untold], malformed: complaints.result() };
}
