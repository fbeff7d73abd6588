/** What `simulate` rehearses: a situation that is built in; or a scenario, by its file and by the options, which count for more; and the edit it is about. */
import { patchedFunctions } from '../plan/patchedSet';
import { printable } from '../report/style';
import { rehearsalOf, subjectOf, whoOf, type Subject } from '../scenario/rehearsal';
import type { Who } from '../scenario/who';
import type { Verdict } from '../rules/finding';
import type { Analysis } from '../result';
import { parseAction, parseFunctions, type ModelName, type ScenarioFile, type SimulationInput } from '../simulate/index';
import { judgeEdit, treeVersion } from './input';
import { machineSettings, tasksOption, whoOfOptions } from './machineOptions';
import { wholeNumber, type CommandLine } from './options';
import { scenarioFile, situationOf, type FileOfScenario } from './scenarioOption';
import { UsageError, type Terminal } from './terminal';

export interface Asked {
  readonly input: Omit<SimulationInput, 'model'>;
  /** By the scenario's file; undefined where it does not say. */
  readonly systems: readonly ModelName[] | undefined;
  readonly verdict: Verdict;
  /** Of the edit; undefined where functions were named. */
  readonly analysis: Analysis | undefined;
  /** What was assumed of the machine, one sentence each. */
  readonly notes: readonly string[];
  /** What the JSON says of the snapshot. */
  readonly snapshot: unknown;
}

/** @throws UsageError */
export async function simulationInput(line: CommandLine, terminal: Terminal): Promise<Asked> {
  const situation = situationOf(line);
  if (situation !== undefined) return { input: situation.input, systems: undefined, verdict: 'patchable', analysis: undefined, notes: [], snapshot: undefined };
  const file = await scenarioFile(line, terminal);
  const told = optionsOf(line);
  const { verdict, analysis, ...subject } = await subjectOfLine(line, terminal, file?.scenario);
  const who = await whoOfLine(line, file, terminal);
  const kernelVersion = await treeVersion(line.tree);
  const { input, notes, snapshot } = rehearsalOf({ ...file?.scenario, ...told }, who, subject, { ...(kernelVersion !== undefined && { kernelVersion }) });
  const from = line.value('snapshot') ?? file?.scenario.snapshot ?? '';
  for (const note of notes) terminal.err(`livepatch-studio: note: ${printable(`${from}: ${note}`)}\n`);
  return { input, systems: file?.scenario.systems, verdict, analysis, notes, snapshot };
}

async function whoOfLine(line: CommandLine, file: FileOfScenario | undefined, terminal: Terminal): Promise<Who> {
  const told = await whoOfOptions(line, terminal);
  if (told !== undefined) return told;
  const who = await (file === undefined ? whoOf({}, () => Promise.resolve(undefined)) : file.who());
  const tasks = tasksOption(line);
  if (tasks === undefined) return who;
  if (who.kind !== 'workload') throw new UsageError(`the scenario's ${who.kind} brings its own tasks: leave --tasks out`);
  return { ...who, tasks };
}

/** What the options say, and nothing else. */
function optionsOf(line: CommandLine): ScenarioFile {
  const seed = wholeNumber(line, 'seed', 0);
  const actions = line.values('action');
  for (const text of actions) {
    const action = parseAction(text);
    if ('problem' in action) throw new UsageError(`--action ${action.problem}`);
  }
  return { ...machineSettings(line), ...(seed !== undefined && { seed }), ...(actions.length > 0 && { actions }) };
}

export interface SubjectOfLine extends Subject {
  readonly verdict: Verdict;
  /** Of the edit; undefined where functions were named. */
  readonly analysis: Analysis | undefined;
}

/** What is patched: functions by name, or those the edit's plan replaces. The line's word counts for more than the scenario's. */
export async function subjectOfLine(line: CommandLine, terminal: Terminal, scenario: ScenarioFile = {}): Promise<SubjectOfLine> {
  const isEditNamed = line.patches.length > 0 || line.has('base') || line.has('base-dir');
  const named = line.value('functions');
  if (named !== undefined) {
    if (isEditNamed) throw new UsageError('the patch is named twice, by --functions and by an edit: give one of them');
    const parsed = parseFunctions(named);
    if ('problem' in parsed) throw new UsageError(`--functions ${parsed.problem}`);
    return { functions: parsed.functions, sleepers: [], verdict: 'patchable', analysis: undefined };
  }
  const byFile = isEditNamed ? undefined : subjectOf(scenario);
  if (byFile !== undefined) return { ...byFile, verdict: 'patchable', analysis: undefined };
  const { analysis } = await judgeEdit(line, terminal);
  const functions = patchedFunctions(analysis.plan);
  if (functions.length === 0) throw new UsageError('the edit replaces no function, so there is nothing to simulate');
  if (analysis.verdict !== 'patchable') terminal.err(`livepatch-studio: note: the edit is ${analysis.verdict} (see livepatch-studio check); simulated as if it could be loaded\n`);
  return { functions, sleepers: analysis.sleepers, verdict: analysis.verdict, analysis };
}
