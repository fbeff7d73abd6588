/** The machine of `simulate`: a workload by name, or a snapshot, and what the options say of either. */
import { printable } from '../report/style';
import { DEFAULT_KERNEL_VERSION, inVmlinux, MOST_CPUS, WORKLOADS, workloadNamed, type Machine, type MachineSettings, type PatchedFunction } from '../simulate/index';
import type { AskedFunction } from '../simulate/snapshots';
import { treeVersion } from './input';
import { machineFromJson } from './machineJson';
import { machineFromFile } from './machineSnapshot';
import { choice, kernelVersionOption, shown, wholeNumber, type CommandLine } from './options';
import { UsageError, type Terminal } from './terminal';

const string = { type: 'string' } as const;
export const machineOptionTable = { cpus: string, hz: string, preemption: string, unwinder: string, 'reliable-stacks': string, workload: string, tasks: string, snapshot: string, machine: string } as const;

export interface AskedMachine {
  readonly machine: Machine;
  readonly functions: readonly PatchedFunction[];
  /** What the JSON says of the snapshot. */
  readonly snapshot: unknown;
}

/** The machine for a patch of `asked`: a snapshot tells in which object each function is. */
export async function machineOf(line: CommandLine, asked: readonly AskedFunction[], terminal: Terminal): Promise<AskedMachine> {
  const fallbackVersion = await treeVersion(line.tree);
  const settings = settingsOf(line);
  const [file, written] = [line.value('snapshot'), line.value('machine')];
  if (written !== undefined) {
    const other = ['snapshot', 'workload', 'tasks'].find((each) => line.has(each));
    if (other !== undefined) throw new UsageError(`--machine says all of the machine: leave --${other} out`);
    return { machine: await machineFromJson(written, settings, fallbackVersion, terminal), functions: inVmlinux(asked), snapshot: undefined };
  }
  if (file === undefined) return { machine: workloadMachine(line, { kernelVersion: fallbackVersion ?? DEFAULT_KERNEL_VERSION, ...settings }), functions: inVmlinux(asked), snapshot: undefined };
  const other = ['workload', 'tasks'].find((each) => line.has(each));
  if (other !== undefined) throw new UsageError(`a snapshot brings its own tasks: leave --${other} out`);
  return machineFromFile(file, asked, { ...settings, fallbackVersion }, terminal);
}

/** What the options say, and nothing else. */
function settingsOf(line: CommandLine): Partial<MachineSettings> {
  const [cpus, hz, kernelVersion] = [wholeNumber(line, 'cpus', 1, MOST_CPUS), wholeNumber(line, 'hz', 1), kernelVersionOption(line)];
  return {
    ...(cpus !== undefined && { cpus }),
    ...(hz !== undefined && { hz }),
    ...(kernelVersion !== undefined && { kernelVersion }),
    ...(line.has('preemption') && { preemption: choice(line, 'preemption', ['none', 'voluntary', 'full', 'dynamic']) }),
    ...(line.has('unwinder') && { unwinder: choice(line, 'unwinder', ['orc', 'frame-pointer', 'none']) }),
    ...(line.has('reliable-stacks') && { reliableStacks: choice(line, 'reliable-stacks', ['yes', 'no']) === 'yes' }),
  };
}

/** Its tasks are the same whatever the seed of the run: with --repeat, each run is what its own seed gives. */
function workloadMachine(line: CommandLine, settings: Partial<MachineSettings>): Machine {
  const name = line.value('workload') ?? WORKLOADS[0]?.name ?? '';
  const workload = workloadNamed(name);
  if (workload === undefined) throw new UsageError(`--workload is list, or one of ${WORKLOADS.map((each) => each.name).join(', ')}; not ${shown(name)}`);
  const tasks = wholeNumber(line, 'tasks', 1, MOST_TASKS);
  return workload.machine({ ...settings, ...(tasks !== undefined && { tasks }) });
}

/** What a run of a minute or so takes; the kernel's own limit is 4,194,304 (PID_MAX_LIMIT). */
const MOST_TASKS = 4_000_000;

/** `--workload list`. */
export function workloadList(): string {
  const width = Math.max(...WORKLOADS.map(({ name }) => name.length));
  const lines = WORKLOADS.map(({ name, title, defaults: { cpus, tasks } }) => `${name.padEnd(width)}  ${printable(title)} (${cpus} CPUs, ${tasks.toLocaleString('en')} tasks)`);
  return `${lines.join('\n')}\n`;
}
