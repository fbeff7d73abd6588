/** What a request asks to be simulated: its scenario, checked; the snapshot it names, read; and the functions of the plan. */
import { createHash } from 'node:crypto';
import { dirname, resolve } from 'node:path';
import { patchedFunctions } from '../plan/patchedSet';
import { TooLargeError } from '../host/ports';
import type { Analysis } from '../result';
import type { Verdict } from '../rules/finding';
import { rehearsalOf, subjectOf, whoOf, type Rehearsal, type Subject } from '../scenario/rehearsal';
import { checkedScenario } from '../scenario/schema';
import type { Who } from '../scenario/who';
import { filePathOf } from './folders';
import type { SimulateParams } from './protocol';
import type { FolderSession } from './session';

/** Of a snapshot: a million tasks have some 250 MB, and a server has to answer beside reading it. */
const LARGEST_SNAPSHOT = 64 * 1024 * 1024;

/** Tasks, each counted once for each system. The traces of so many take some 120 MB (26 MB were measured for 10,000 tasks of `web` under the nine systems), a third of what a server may. */
const MOST_TASKS = 400_000;

export interface ReadScenario {
  /** The same for the same request, settings and snapshot. */
  readonly key: string;
  readonly verdict: Verdict;
  /** Whether an edit is simulated, and not functions that somebody named. */
  readonly isEdit: boolean;
  /** Makes the machine, which takes its time when it is large. Rejects with one sentence. */
  readonly rehearsal: () => Promise<Rehearsal>;
}

/** Rejects with one sentence. `empty`: why there is nothing to simulate. */
export async function readScenario(session: FolderSession, analysis: Analysis | undefined, params: Pick<SimulateParams, 'functions' | 'scenario' | 'scenarioUri'>): Promise<ReadScenario | { readonly empty: string }> {
  const checked = await checkedScenario(params.scenario ?? {});
  if ('problem' in checked) throw fault(checked.problem);
  const scenario = checked.value;
  const named = subjectOf(scenario);
  if (named === undefined && analysis === undefined) return { empty: 'message' in session.state ? session.state.message : 'The kernel tree is still being read.' };
  const planned = analysis === undefined ? [] : patchedFunctions(analysis.plan);
  const { functions, sleepers } = narrowed(named ?? { functions: planned, sleepers: analysis?.sleepers ?? [] }, params.functions);
  if (functions.length === 0) return { empty: 'The edit replaces no function, so there is nothing to simulate.' };

  const folder = dirnameOf(params.scenarioUri) ?? session.folder;
  const snapshot = scenario.snapshot === undefined ? undefined : await snapshotBytes(session, resolve(folder, scenario.snapshot));
  const { simulate: usual, kernelVersion: told } = session.settings;
  const kernelVersion = analysis?.kernelVersion ?? told;
  const judged = functions.every(({ name }) => planned.some((each) => each.name === name));
  return {
    key: JSON.stringify([params.functions, scenario, folder, snapshot === undefined ? undefined : createHash('sha256').update(snapshot).digest('base64'), usual, kernelVersion]),
    verdict: judged && analysis !== undefined ? analysis.verdict : 'undecided',
    isEdit: named === undefined,
    rehearsal: async () => {
      const who = await whoOf(scenario, () => Promise.resolve(snapshot)).catch((error: unknown) => { throw fault(error instanceof Error ? error.message : String(error)); });
      // A machine of millions is not even made.
      refuseMany(toldTasks(who), scenario.systems?.length ?? 1);
      const made = rehearsalOf(scenario, who, { functions, sleepers }, { ...usual, ...(kernelVersion !== undefined && { kernelVersion }) });
      refuseMany(made.input.machine.tasks.length, made.systems.length);
      return made;
    },
  };
}

async function snapshotBytes({ host }: FolderSession, path: string): Promise<Uint8Array | undefined> {
  return host.files.readFile(path, LARGEST_SNAPSHOT).catch((error: unknown) => {
    throw error instanceof TooLargeError ? fault(`/snapshot ${JSON.stringify(path)} is too large: at most ${LARGEST_SNAPSHOT / 1024 / 1024} MB are read`) : error;
  });
}

function narrowed({ functions, sleepers }: Subject, only: readonly string[] | undefined): Subject {
  const counts = (name: string): boolean => only === undefined || only.includes(name);
  const left = functions.filter(({ name }) => counts(name));
  return { functions: left, sleepers: sleepers.filter((sleeper) => left.some(({ name }) => name === sleeper.function)) };
}

function dirnameOf(uri: string | undefined): string | undefined {
  const path = uri === undefined ? undefined : filePathOf(uri);
  return path === undefined ? undefined : dirname(path);
}

function refuseMany(tasks: number, systems: number): void {
  if (tasks * systems > MOST_TASKS) throw fault(`${tasks} tasks under ${systems} ${systems === 1 ? 'system' : 'systems'} are too many for an editor; the command line takes more`);
}

/** 0 where a workload brings as many as go with its CPUs: some 65,000 for the 8,192 there may be. */
function toldTasks(who: Who): number {
  return who.kind === 'snapshot' ? who.snapshot.tasks.length : who.kind === 'machine' ? who.machine.tasks.length : (who.tasks ?? 0);
}

const fault = (problem: string): Error => new Error(`The scenario cannot be simulated: ${problem}.`);
