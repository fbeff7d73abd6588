/** `livepatch-studio simulate`: rehearses how a live patch of an edit, or of named functions, would be applied. */
import { availableParallelism } from 'node:os';
import { patchedFunctions } from '../plan/patchedSet';
import { simulationJson } from '../report/simulation';
import { simulationLog } from '../report/simulation-log';
import { simulationText } from '../report/simulation-text';
import type { Verdict } from '../rules/finding';
import { builtinMachine, DEFAULT_KERNEL_VERSION, MODEL_NAMES, SCENARIOS, simulate as run, type ModelName, type Scenario, type SimulationInput, type Trace } from '../simulate/index';
import { outlineOf, type RunOutline } from '../simulate/batch';
import type { AskedFunction } from '../simulate/snapshots';
import { judgeEdit, treeVersion } from './input';
import { machineFromFile } from './machineSnapshot';
import { choice, editOptions, kernelVersionOption, parseCommandLine, shown, wholeNumber, type CommandLine } from './options';
import { repeated } from './repeat';
import { exit, UsageError, type ExitStatus, type Terminal } from './terminal';

const string = { type: 'string' } as const;
const options = { ...editOptions, functions: string, model: string, cpus: string, hz: string, seed: string, snapshot: string, scenario: string, format: string, repeat: string, jobs: string };

/** Their outlines are held in memory, about a KB each. */
const MOST_REPETITIONS = 1_000_000;

export async function simulate(args: readonly string[], terminal: Terminal): Promise<ExitStatus> {
  const line = parseCommandLine(args, options, terminal);
  const format = choice(line, 'format', ['human', 'json', 'log'], ['svg']);
  const models = modelsOf(line);
  const [repeat, jobs] = [wholeNumber(line, 'repeat', 1, MOST_REPETITIONS), wholeNumber(line, 'jobs', 1) ?? availableParallelism()];
  if (repeat !== undefined && format === 'log') throw new UsageError('--format log is of one run: leave --repeat out, and give the --seed of the run');
  const { input, verdict, snapshot } = await inputOf(line, terminal);
  const traces = tracesOf(models, input, terminal);
  terminal.progress('');
  if (repeat !== undefined) {
    const { runs, isWhole, text, json } = await repeated({ traces, input, repeat, jobs, terminal });
    terminal.out(format === 'json' ? jsonText({ ...json(), snapshot }) : text());
    return isWhole ? statusOf(runs, verdict) : exit.couldNotRun;
  }
  switch (format) {
    case 'json':
      terminal.out(jsonText({ ...simulationJson(traces), snapshot }));
      break;
    case 'log':
      terminal.out(traces.map(simulationLog).join('\n'));
      break;
    case 'human':
      terminal.out(simulationText(traces));
  }
  return statusOf(traces.map(outlineOf), verdict);
}

const jsonText = (document: object): string => `${JSON.stringify(document, undefined, 2)}\n`;

/** What to simulate: a scenario, or the edit on a machine. */
async function inputOf(line: CommandLine, terminal: Terminal): Promise<{ input: Omit<SimulationInput, 'model'>; verdict: Verdict; snapshot: unknown }> {
  const scenario = scenarioOf(line);
  if (scenario !== undefined) return { input: scenario.input, verdict: 'patchable', snapshot: undefined };
  const [cpus, hz, seed] = [wholeNumber(line, 'cpus', 1), wholeNumber(line, 'hz', 1), wholeNumber(line, 'seed', 0) ?? 1];
  const [givenVersion, fallbackVersion] = [kernelVersionOption(line), await treeVersion(line.tree)];
  const kernelVersion = givenVersion ?? fallbackVersion ?? DEFAULT_KERNEL_VERSION;

  const { functions: asked, verdict } = await subject(line, terminal);
  const file = line.value('snapshot');
  const { machine, functions, snapshot } = file === undefined
    ? { snapshot: undefined, machine: builtinMachine({ kernelVersion, ...(cpus === undefined ? {} : { cpus }), ...(hz === undefined ? {} : { hz }) }), functions: asked.map(({ name, object = 'vmlinux' }) => ({ name, object })) }
    : await machineFromFile(file, asked, { cpus, hz, kernelVersion: givenVersion, fallbackVersion }, terminal);
  return { input: { patch: { name: 'livepatch_edit', functions }, machine, seed }, verdict, snapshot };
}

function scenarioOf(line: CommandLine): Scenario | undefined {
  const name = line.value('scenario');
  if (name === undefined) return undefined;
  const scenario = SCENARIOS.find((each) => each.name === name);
  if (scenario === undefined) throw new UsageError(`--scenario is one of ${SCENARIOS.map((each) => each.name).join(', ')}; not ${shown(name)}`);
  const other = ['functions', 'base', 'base-dir', 'patch', 'snapshot', 'cpus', 'hz', 'seed', 'kernel-version'].find((each) => line.has(each));
  if (other !== undefined) throw new UsageError(`a scenario brings its own patch and machine: leave --${other} out`);
  return scenario;
}

/** Of several systems, those that cannot be simulated on this machine are left out with a note. */
function tracesOf(models: readonly ModelName[], input: Omit<SimulationInput, 'model'>, terminal: Terminal): readonly Trace[] {
  const refusals: string[] = [];
  const traces = models.flatMap((model) => {
    terminal.progress(`simulating ${model}`);
    const result = run({ model, ...input });
    if (result.ok) return [result.trace];
    refusals.push(result.message);
    return [];
  });
  const [first] = refusals;
  if (first !== undefined && traces.length === 0) throw new UsageError(first);
  for (const message of refusals) terminal.err(`livepatch-studio: note: left out: ${message}\n`);
  return traces;
}

/** What is patched: the functions by name, or those the edit's plan replaces. */
async function subject(line: CommandLine, terminal: Terminal): Promise<{ functions: readonly AskedFunction[]; verdict: Verdict }> {
  const named = line.value('functions');
  if (named !== undefined) {
    if (line.patches.length > 0 || line.has('base') || line.has('base-dir')) throw new UsageError('the patch is named twice, by --functions and by an edit: give one of them');
    return { functions: named.split(',').map(namedFunction), verdict: 'patchable' };
  }
  const { analysis } = await judgeEdit(line, terminal);
  const functions = patchedFunctions(analysis.plan);
  if (functions.length === 0) throw new UsageError('the edit replaces no function, so there is nothing to simulate');
  if (analysis.verdict !== 'patchable') terminal.err(`livepatch-studio: note: the edit is ${analysis.verdict} (see livepatch-studio check); simulated as if it could be loaded\n`);
  return { functions, verdict: analysis.verdict };
}

/** `f`, or `module:f` for a function of a module; names as the linker takes them. Without a module: vmlinux's, or wherever a snapshot has it. */
function namedFunction(text: string): AskedFunction {
  const [, object, name] = /^(?:([\w-]+):)?([A-Za-z_][\w.$]*)$/.exec(text.trim()) ?? [];
  if (name === undefined) throw new UsageError(`--functions takes function names with commas between them; ${shown(text)} is none`);
  return { name, ...(object === undefined ? {} : { object }) };
}

function modelsOf(line: CommandLine): readonly ModelName[] {
  const given = line.value('model') ?? 'livepatch';
  if (given === 'all') return MODEL_NAMES;
  return given.split(',').map((name) => {
    const model = MODEL_NAMES.find((each) => each === name);
    if (model !== undefined) return model;
    throw new UsageError(`--model is all, or some of ${MODEL_NAMES.join(', ')}; not ${shown(name)}`);
  });
}

/** A patch that cannot be built fails whatever its rehearsal says; one that could be has to reach its end in every run. */
function statusOf(runs: readonly RunOutline[], verdict: Verdict): ExitStatus {
  const failed = runs.filter((run) => run.outcome !== 'complete');
  if (verdict === 'unpatchable' || failed.some((run) => !cannotTell(run))) return exit.unpatchable;
  return failed.length > 0 ? exit.undecided : exit[verdict];
}

/** Whoever was left at the end may have been clean: the snapshot does not tell. */
const cannotTell = ({ left }: RunOutline): boolean => left.length > 0 && left.every(({ reason }) => reason === 'unknown');
