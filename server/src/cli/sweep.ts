/** `simulate --sweep`: how the systems stand the size of a machine. */
import { sweepJson } from '../report/sweep';
import { sweepSvg } from '../report/sweep-svg';
import { sweepText } from '../report/sweep-text';
import { DEFAULT_KERNEL_VERSION, MOST_CPUS } from '../simulate/index';
import { sweepBatch, sweepOf, sweepUpTo } from '../simulate/sweep';
import { simulateBatch } from './batch';
import { jsonText } from './jsonText';
import { choice, jobsOption, kernelVersionOption, wholeNumber, type CommandLine } from './options';
import { exit, UsageError, type ExitStatus, type Terminal } from './terminal';

const LARGEST = { cpus: MOST_CPUS, tasks: 1_000_000, repeat: 1000 };
const DEFAULTS = { cpus: MOST_CPUS, tasks: 100_000, repeat: 10 };

export async function sweep(line: CommandLine, terminal: Terminal): Promise<ExitStatus> {
  const format = choice(line, 'format', ['human', 'json', 'svg']);
  const other = ['functions', 'base', 'base-dir', 'patch', 'snapshot', 'scenario', 'action', 'model', 'workload', 'preemption', 'unwinder', 'reliable-stacks', 'fleet'].find((name) => line.has(name));
  if (other !== undefined) throw new UsageError(`a sweep brings its own patch, machines and systems: leave --${other} out`);
  const jobs = jobsOption(line);
  const order = sweepUpTo(wholeNumber(line, 'cpus', 1, LARGEST.cpus) ?? DEFAULTS.cpus, wholeNumber(line, 'tasks', 100, LARGEST.tasks) ?? DEFAULTS.tasks, {
    kernelVersion: kernelVersionOption(line) ?? DEFAULT_KERNEL_VERSION,
    hz: wholeNumber(line, 'hz', 1) ?? 250,
    seed: wholeNumber(line, 'seed', 0) ?? 1,
    repeat: wholeNumber(line, 'repeat', 1, LARGEST.repeat) ?? DEFAULTS.repeat,
  });
  const { count } = sweepBatch(order);
  const items = await simulateBatch(order, 'machines', jobs, terminal);
  if (items.length === 0) throw new UsageError('cancelled before the first machine was done');
  if (items.length < count) terminal.err(`livepatch-studio: cancelled: the result is that of ${items.length} of ${count} machines\n`);
  const found = sweepJson(sweepOf(order, items));
  terminal.out(format === 'json' ? jsonText(found) : format === 'svg' ? sweepSvg(found) : sweepText(found));
  return items.length < count ? exit.couldNotRun : exit.patchable;
}
