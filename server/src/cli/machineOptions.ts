/** The options of `simulate` that say who runs on which machine. */
import { checkedMachine, parsed } from '../scenario/schema';
import { snapshotOf, twoOfOnePid, type Who } from '../scenario/who';
import { printable } from '../report/style';
import { MOST_CPUS, WORKLOADS, workloadNamed, type ScenarioFile } from '../simulate/index';
import { optionFile } from './optionFile';
import { choice, kernelVersionOption, shown, wholeNumber, type CommandLine } from './options';
import { UsageError, type Terminal } from './terminal';

const string = { type: 'string' } as const;
export const machineOptionTable = { cpus: string, hz: string, preemption: string, unwinder: string, 'reliable-stacks': string, workload: string, tasks: string, snapshot: string, machine: string } as const;

/** What a run of a minute or so takes; the kernel's own limit is 4,194,304 (PID_MAX_LIMIT). */
const MOST_TASKS = 4_000_000;

/** Of a snapshot: a million tasks take about half of it; it has to fit into one string. */
export const LARGEST_SNAPSHOT = 256 * 1024 * 1024;

/** What the options say of the machine, and nothing else. */
export function machineSettings(line: CommandLine): Pick<ScenarioFile, 'cpus' | 'hz' | 'kernelVersion' | 'preemption' | 'unwinder' | 'reliableStacks'> {
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

export const tasksOption = (line: CommandLine): number | undefined => wholeNumber(line, 'tasks', 1, MOST_TASKS);

/** Who runs, as far as the options say it. */
export async function whoOfOptions(line: CommandLine, terminal: Terminal): Promise<Who | undefined> {
  const [snapshot, machine, workload] = [line.value('snapshot'), line.value('machine'), line.value('workload')];
  if (machine !== undefined) {
    refuse(line, ['snapshot', 'workload', 'tasks'], '--machine says all of the machine');
    return { kind: 'machine', machine: await writtenMachine(machine, terminal) };
  }
  if (snapshot !== undefined) {
    refuse(line, ['workload', 'tasks'], 'a snapshot brings its own tasks');
    const result = snapshotOf(await optionFile('snapshot', snapshot, terminal, LARGEST_SNAPSHOT));
    if ('problem' in result) throw new UsageError(`--snapshot ${shown(snapshot)} ${result.problem}`);
    return { kind: 'snapshot', snapshot: result.snapshot };
  }
  if (workload === undefined) return undefined;
  const [known, tasks] = [workloadNamed(workload), tasksOption(line)];
  if (known === undefined) throw new UsageError(`--workload is list, or one of ${WORKLOADS.map((each) => each.name).join(', ')}; not ${shown(workload)}`);
  return { kind: 'workload', workload: known, ...(tasks !== undefined && { tasks }) };
}

function refuse(line: CommandLine, others: readonly string[], why: string): void {
  const other = others.find((each) => line.has(each));
  if (other !== undefined) throw new UsageError(`${why}: leave --${other} out`);
}

async function writtenMachine(path: string, terminal: Terminal): Promise<Extract<Who, { readonly kind: 'machine' }>['machine']> {
  const result = await parsed(new TextDecoder().decode(await optionFile('machine', path, terminal)), checkedMachine);
  const problem = 'problem' in result ? result.problem : twoOfOnePid(result.value);
  if ('problem' in result || problem !== undefined) throw new UsageError(`--machine ${shown(path)}: ${printable(problem ?? '')}`);
  return result.value;
}

/** `--workload list`. */
export function workloadList(): string {
  const width = Math.max(...WORKLOADS.map(({ name }) => name.length));
  const lines = WORKLOADS.map(({ name, title, defaults: { cpus, tasks } }) => `${name.padEnd(width)}  ${printable(title)} (${cpus} CPUs, ${tasks.toLocaleString('en')} tasks)`);
  return `${lines.join('\n')}\n`;
}
