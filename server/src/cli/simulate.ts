/** `livepatch-studio simulate`: rehearses how a live patch of an edit, or of named functions, would be applied. */
import { changeRequest, type Rehearsed } from '../report/changeRequest';
import { simulationJson } from '../report/simulation';
import { simulationLog } from '../report/simulation-log';
import { simulationSvg } from '../report/simulation-svg';
import { simulationText } from '../report/simulation-text';
import { tool } from '../report/tool';
import type { Verdict } from '../rules/finding';
import { MODEL_NAMES, simulate as run, type ModelName, type SimulationInput } from '../simulate/index';
import { outlineOf, type RunOutline } from '../simulate/batch';
import { evidenceOf } from '../verdict';
import { fleet } from './fleet';
import { jsonText } from './jsonText';
import { machineOptionTable, workloadList } from './machineOptions';
import { choice, editOptions, jobsOption, parseCommandLine, shown, wholeNumber, type CommandLine } from './options';
import { repeated } from './repeat';
import { simulationInput } from './simulationInput';
import { sweep } from './sweep';
import { exit, UsageError, type ExitStatus, type Terminal } from './terminal';

const string = { type: 'string' } as const;
const flag = { type: 'boolean' } as const;
const options = { ...editOptions, ...machineOptionTable, functions: string, model: string, seed: string, scenario: string, action: { type: 'string', multiple: true }, format: string, repeat: string, jobs: string, sweep: flag, fleet: string, rollout: string } as const;

/** Their outlines are held in memory, about a KB each. */
const MOST_REPETITIONS = 1_000_000;

export async function simulate(args: readonly string[], terminal: Terminal): Promise<ExitStatus> {
  const line = parseCommandLine(args, options, terminal);
  if (line.value('workload') === 'list') {
    terminal.out(workloadList());
    return exit.patchable;
  }
  if (line.has('fleet') || line.has('rollout')) return fleet(line, line.has('model') ? modelsOf(line) : undefined, terminal);
  if (line.has('sweep')) return sweep(line, terminal);
  const format = choice(line, 'format', ['human', 'json', 'log', 'svg', 'markdown']);
  const named = line.has('model') ? modelsOf(line) : undefined;
  const [repeat, jobs] = [wholeNumber(line, 'repeat', 1, MOST_REPETITIONS), jobsOption(line)];
  if (repeat !== undefined && format !== 'human' && format !== 'json') throw new UsageError(`--format ${format} is of one run: --repeat has human and json; leave it out, and give the --seed of the run`);
  const { input, systems, verdict, analysis, notes, snapshot } = await simulationInput(line, terminal);
  const { traces, refused } = tracesOf(named ?? systems ?? ['livepatch'], input, terminal);
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
    case 'svg':
      terminal.out(simulationSvg(traces));
      break;
    case 'markdown':
      terminal.out(changeRequest({
        tool,
        ...(analysis !== undefined && { judged: { analysis, evidence: evidenceOf(analysis), baseline: baselineOf(line) } }),
        simulated: { traces: traces.map((trace) => ({ ...trace, notes: [...notes, ...trace.notes] })), refused },
      }));
      break;
    case 'human':
      terminal.out(simulationText(traces));
  }
  return statusOf(traces.map(outlineOf), verdict);
}

/** Of several systems, those that cannot be simulated on this machine are left out with a note. */
function tracesOf(models: readonly ModelName[], input: Omit<SimulationInput, 'model'>, terminal: Terminal): Pick<Rehearsed, 'traces' | 'refused'> {
  const refused: { readonly model: ModelName; readonly why: string }[] = [];
  const traces = models.flatMap((model) => {
    terminal.progress(`simulating ${model}`);
    const result = run({ model, ...input });
    if (result.ok) return [result.trace];
    refused.push({ model, why: result.message });
    return [];
  });
  const [first] = refused;
  if (first !== undefined && traces.length === 0) throw new UsageError(first.why);
  for (const { why } of refused) terminal.err(`livepatch-studio: note: left out: ${why}\n`);
  return { traces, refused };
}

/** As a reader of the report knows it; undefined where the patches say what is changed. */
function baselineOf(line: CommandLine): string | undefined {
  return line.patches.length > 0 ? undefined : (line.value('base-dir') ?? line.value('base') ?? 'HEAD');
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

/** Whoever was left at the end may have been clean, or not there at all: the snapshot does not tell, or they are imagined. */
const cannotTell = ({ left }: RunOutline): boolean => left.length > 0 && left.every(({ reason, hypothetical }) => reason === 'unknown' || hypothetical === true);
