/** The one door to a simulation for the editor and the command line: a scenario goes in, what the simulator takes comes out. */
import type { PossibleSleeper } from '../rules/transition/sleepers';
import { giveUpAfterMs, parseAction, parseFunctions, withSleepers, workloadNamed, type Action, type MachineSettings, type ModelName, type ScenarioFile, type SimulationInput } from '../simulate/index';
import type { AskedFunction } from '../simulate/snapshots';
import { peopled, snapshotOf, twoOfOnePid, USUAL_WORKLOAD, type SnapshotNews, type Who } from './who';

/** What is patched, and who might sleep in it. */
export interface Subject {
  readonly functions: readonly AskedFunction[];
  readonly sleepers: readonly PossibleSleeper[];
}

export interface Rehearsal {
  /** For each of `systems`. */
  readonly input: Omit<SimulationInput, 'model'>;
  readonly systems: readonly ModelName[];
  /** With all that was left out filled in, but for what an edit says. */
  readonly scenario: ScenarioFile & { readonly systems: readonly ModelName[] };
  /** What was assumed, noticed or left out, one sentence each. */
  readonly notes: readonly string[];
  readonly snapshot?: SnapshotNews;
}

/** Of what the scenario says nothing of. */
export interface Usual extends Partial<Pick<MachineSettings, 'cpus' | 'hz' | 'kernelVersion'>> {
  readonly seed?: number;
}

/**
 * @param scenario as its schema has it
 * @param read gives the snapshot's bytes, its path as it is written; undefined where there is no such file
 * @throws Error whose message is to be read behind the name of the scenario's file
 */
export async function whoOf({ workload = USUAL_WORKLOAD, tasks, machine, snapshot }: ScenarioFile, read: (path: string) => Promise<Uint8Array | undefined>): Promise<Who> {
  if (machine !== undefined) {
    const problem = twoOfOnePid(machine);
    if (problem !== undefined) throw new Error(`/machine: ${problem}`);
    return { kind: 'machine', machine };
  }
  if (snapshot === undefined) {
    const known = workloadNamed(workload);
    if (known === undefined) throw new RangeError(`workload ${workload} is not one of the schema's`);
    return { kind: 'workload', workload: known, ...(tasks !== undefined && { tasks }) };
  }
  const bytes = await read(snapshot);
  const result = bytes === undefined ? { problem: 'there is no such file' } : snapshotOf(bytes);
  if ('problem' in result) throw new Error(`/snapshot ${JSON.stringify(snapshot)}: ${result.problem}`);
  return { kind: 'snapshot', snapshot: result.snapshot };
}

/** Pure. @param subject what is patched: by the scenario (`subjectOf`), or by an edit */
export function rehearsalOf(scenario: ScenarioFile, who: Who, subject: Subject, usual: Usual): Rehearsal {
  const { systems = ['livepatch'], seed = usual.seed ?? 1, relations } = scenario;
  const { machine: found, functions, notes, snapshot } = peopled(who, subject.functions, settingsOf(scenario), usualOf(usual, scenario));
  // A snapshot tells who is where; without one, those who could be there are imagined.
  const machine = snapshot === undefined ? withSleepers(found, subject.sleepers) : found;
  const actions = (scenario.actions ?? []).map(actionOf);
  const giveUp = scenario.giveUpAfterMs ?? giveUpAfterMs(actions);
  const { cpus, hz, kernelVersion, preemption, unwinder, reliableStacks } = machine;
  return {
    input: {
      patch: { name: 'livepatch_edit', functions, ...(relations !== undefined && relations.length > 0 && { relations }) },
      machine, seed,
      ...(actions.length > 0 && { actions }),
      ...(giveUp !== undefined && { giveUpAfterMs: giveUp }),
    },
    systems,
    scenario: { ...scenario, systems, ...(who.kind === 'workload' && { workload: who.workload.name }), kernelVersion, cpus, hz, preemption, unwinder, reliableStacks, seed },
    notes,
    ...(snapshot !== undefined && { snapshot }),
  };
}

/** The functions that a scenario names itself. Nobody looked for sleepers in these. */
export function subjectOf({ functions }: ScenarioFile): Subject | undefined {
  if (functions === undefined) return undefined;
  const parsed = parseFunctions(functions.join(','));
  if ('problem' in parsed) throw new RangeError(`functions: ${parsed.problem}`);
  return { functions: parsed.functions, sleepers: [] };
}

function actionOf(text: string): Action {
  const action = parseAction(text);
  if ('problem' in action) throw new RangeError(`actions: ${action.problem}`);
  return action;
}

function settingsOf({ cpus, hz, kernelVersion, preemption, unwinder, reliableStacks }: ScenarioFile): Partial<MachineSettings> {
  return {
    ...(cpus !== undefined && { cpus }),
    ...(hz !== undefined && { hz }),
    ...(kernelVersion !== undefined && { kernelVersion }),
    ...(preemption !== undefined && { preemption }),
    ...(unwinder !== undefined && { unwinder }),
    ...(reliableStacks !== undefined && { reliableStacks }),
  };
}

/** A workload that is named brings the CPUs it usually has. */
function usualOf({ cpus, hz, kernelVersion }: Usual, { workload }: ScenarioFile): Partial<MachineSettings> {
  return settingsOf({ ...(workload === undefined && cpus !== undefined && { cpus }), ...(hz !== undefined && { hz }), ...(kernelVersion !== undefined && { kernelVersion }) });
}
