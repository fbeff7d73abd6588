/** `simulate --fleet N`: one patch rolled over many machines. */
import { fleetJson } from '../report/fleet';
import { fleetText } from '../report/fleet-text';
import { DEFAULT_PLAN, fleetBatch, fleetOf, parsePlan, type FleetOrder, type FleetPlan } from '../simulate/fleet';
import { inVmlinux, type ModelName } from '../simulate/index';
import { simulateBatch } from './batch';
import { jsonText } from './jsonText';
import { machineOptionTable } from './machineOptions';
import { optionFile } from './optionFile';
import { choice, jobsOption, shown, wholeNumber, type CommandLine } from './options';
import { subjectOfLine } from './simulationInput';
import { exit, UsageError, type ExitStatus, type Terminal } from './terminal';

const MOST_MACHINES = 1_000_000;
const WAYS: readonly ModelName[] = ['livepatch', 'kexec', 'reboot'];

export async function fleet(line: CommandLine, ways: readonly ModelName[] = WAYS, terminal: Terminal): Promise<ExitStatus> {
  const format = choice(line, 'format', ['human', 'json']);
  const machines = wholeNumber(line, 'fleet', 1, MOST_MACHINES);
  if (machines === undefined) throw new UsageError('--rollout is the plan of a fleet: say how large, with --fleet N');
  const other = ['sweep', 'repeat', 'scenario', 'action', ...Object.keys(machineOptionTable)].find((name) => line.has(name));
  if (other !== undefined) throw new UsageError(`a fleet brings its own machines: leave --${other} out, --rollout FILE says what they are`);
  const [seed, jobs] = [wholeNumber(line, 'seed', 0) ?? 1, jobsOption(line)];
  const plan = await planOf(line, terminal);
  const { functions, verdict } = await subjectOfLine(line, terminal);
  const order: FleetOrder = { kind: 'fleet', plan, ways, seed, patch: { name: 'livepatch_edit', functions: inVmlinux(functions) } };
  const { count } = fleetBatch(order);
  const samples = await simulateBatch(order, 'classes of machines', jobs, terminal);
  if (samples.length < count) throw new UsageError(`cancelled with ${samples.length} of ${count} classes of machines simulated: the rollout needs all`);
  const found = fleetOf(order, machines, samples);
  terminal.out(format === 'json' ? jsonText(fleetJson(found)) : fleetText(found));
  return exit[verdict];
}

async function planOf(line: CommandLine, terminal: Terminal): Promise<FleetPlan> {
  const path = line.value('rollout');
  if (path === undefined) return DEFAULT_PLAN;
  const result = parsePlan(new TextDecoder().decode(await optionFile('rollout', path, terminal)));
  if ('problem' in result) throw new UsageError(`--rollout ${shown(path)}: ${result.problem}`);
  return result.plan;
}
