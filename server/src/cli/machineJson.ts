/** The machine of `simulate --machine FILE.json`: written by hand, or by a program. */
import schema from '../../../docs/schemas/machine.schema.json';
import { printable } from '../report/style';
import { DEFAULT_KERNEL_VERSION, inferBehavior, type Machine, type MachineSettings, type Task, type WrittenMachine, type WrittenTask } from '../simulate/index';
import { optionFile } from './optionFile';
import { shown } from './options';
import { UsageError, type Terminal } from './terminal';

/**
 * @param settings what the options say, which counts for more than the file
 * @throws UsageError that names the file, and the place in it, for what is no machine by docs/schemas/machine.schema.json
 */
export async function machineFromJson(path: string, settings: Partial<MachineSettings>, fallbackVersion: string | undefined, terminal: Terminal): Promise<Machine> {
  const { tasks, ...written } = await valid(path, new TextDecoder().decode(await optionFile('machine', path, terminal)));
  const given = new Map<number, string>();
  for (const { pid, comm } of tasks) {
    const other = given.get(pid);
    if (other !== undefined) throw new UsageError(`--machine ${shown(path)}: two tasks, ${shown(other)} and ${shown(comm)}, have the pid ${pid}`);
    given.set(pid, comm);
  }
  return { cpus: 4, hz: 250, kernelVersion: fallbackVersion ?? DEFAULT_KERNEL_VERSION, preemption: 'dynamic', unwinder: 'orc', reliableStacks: true, ...written, ...settings, tasks: tasks.map(completed) };
}

function completed(task: WrittenTask): Task {
  const state = task.state ?? 'S';
  return { kind: 'user', stack: [], behavior: inferBehavior({ state }), ...task, state };
}

async function valid(path: string, text: string): Promise<WrittenMachine> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new UsageError(`--machine ${shown(path)} is no JSON: ${printable(error instanceof Error ? error.message : String(error))}`);
  }
  // Only whoever gives a machine waits for the validator to be made.
  const { Ajv } = await import('ajv');
  const validate = new Ajv({ strict: true, strictTypes: false, strictRequired: false }).compile<WrittenMachine>(schema);
  if (validate(value)) {
    // It tells an editor how to help, and nothing of the machine.
    Reflect.deleteProperty(value, '$schema');
    return value;
  }
  // The last one is of the outermost rule, which says least: "must match exactly one schema".
  const { instancePath = '', message = '', params = {} } = validate.errors?.find(({ keyword }) => keyword !== 'if' && keyword !== 'oneOf') ?? validate.errors?.[0] ?? {};
  const named = Object.values(params).filter((each) => typeof each === 'string' && !message.includes(each));
  throw new UsageError(`--machine ${shown(path)}: ${instancePath === '' ? 'the machine' : instancePath} ${printable(message)}${named.length === 0 ? '' : ` (${printable(named.join(', '))})`}`);
}
