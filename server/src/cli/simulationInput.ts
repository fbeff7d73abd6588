/** What `simulate` rehearses: a scenario, or the functions of an edit, or named ones, on a machine; and what the operator does meanwhile. */
import { patchedFunctions } from '../plan/patchedSet';
import type { Verdict } from '../rules/finding';
import type { Analysis } from '../result';
import { giveUpAfterMs, parseAction, parseFunctions, SCENARIOS, withSleepers, type Action, type Scenario, type SimulationInput } from '../simulate/index';
import type { AskedFunction } from '../simulate/snapshots';
import { judgeEdit } from './input';
import { machineOf, machineOptionTable } from './machineOptions';
import { shown, wholeNumber, type CommandLine } from './options';
import { UsageError, type Terminal } from './terminal';

export interface Asked {
  readonly input: Omit<SimulationInput, 'model'>;
  readonly verdict: Verdict;
  /** What the JSON says of the snapshot. */
  readonly snapshot: unknown;
}

/** @throws UsageError */
export async function simulationInput(line: CommandLine, terminal: Terminal): Promise<Asked> {
  const scenario = scenarioOf(line);
  if (scenario !== undefined) return { input: scenario.input, verdict: 'patchable', snapshot: undefined };
  const [seed, actions] = [wholeNumber(line, 'seed', 0) ?? 1, line.values('action').map(actionOf)];
  const { functions: asked, verdict, sleepers } = await subject(line, terminal);
  const { machine: found, functions, snapshot } = await machineOf(line, asked, terminal);
  // A snapshot tells who is where; without one, those who could be there are imagined.
  const machine = snapshot === undefined ? withSleepers(found, sleepers) : found;
  const giveUp = giveUpAfterMs(actions);
  return { input: { patch: { name: 'livepatch_edit', functions }, machine, seed, ...(actions.length > 0 && { actions }), ...(giveUp !== undefined && { giveUpAfterMs: giveUp }) }, verdict, snapshot };
}

function actionOf(text: string): Action {
  const action = parseAction(text);
  if ('problem' in action) throw new UsageError(`--action ${action.problem}`);
  return action;
}

function scenarioOf(line: CommandLine): Scenario | undefined {
  const name = line.value('scenario');
  if (name === undefined) return undefined;
  const scenario = SCENARIOS.find((each) => each.name === name);
  if (scenario === undefined) throw new UsageError(`--scenario is one of ${SCENARIOS.map((each) => each.name).join(', ')}; not ${shown(name)}`);
  const other = ['functions', 'base', 'base-dir', 'patch', 'seed', 'kernel-version', 'action', ...Object.keys(machineOptionTable)].find((each) => line.has(each));
  if (other !== undefined) throw new UsageError(`a scenario brings its own patch and machine: leave --${other} out`);
  return scenario;
}

/** What is patched: the functions by name, or those the edit's plan replaces. */
export async function subject(line: CommandLine, terminal: Terminal): Promise<{ functions: readonly AskedFunction[]; verdict: Verdict; sleepers: Analysis['sleepers'] }> {
  const named = line.value('functions');
  if (named !== undefined) {
    if (line.patches.length > 0 || line.has('base') || line.has('base-dir')) throw new UsageError('the patch is named twice, by --functions and by an edit: give one of them');
    const parsed = parseFunctions(named);
    if ('problem' in parsed) throw new UsageError(`--functions ${parsed.problem}`);
    return { functions: parsed.functions, verdict: 'patchable', sleepers: [] };
  }
  const { analysis } = await judgeEdit(line, terminal);
  const functions = patchedFunctions(analysis.plan);
  if (functions.length === 0) throw new UsageError('the edit replaces no function, so there is nothing to simulate');
  if (analysis.verdict !== 'patchable') terminal.err(`livepatch-studio: note: the edit is ${analysis.verdict} (see livepatch-studio check); simulated as if it could be loaded\n`);
  return { functions, verdict: analysis.verdict, sleepers: analysis.sleepers };
}
