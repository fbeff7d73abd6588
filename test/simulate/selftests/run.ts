/** Runs a selftest's steps, and filters the log as the scripts' check_result() does. */
import { simulate, type Action, type Trace } from '../../../server/src/simulate';
import { simulationLog } from '../../../server/src/report/simulation-log';
import { quietMachine } from '../machines';
import type { Selftest, Step } from './scenarios';

/** Enough for a transition of a quiet machine, and few enough that a test ends before the kernel sends signals. */
const STEP_MS = 2500;

export function runSelftest({ steps, tasks = [] }: Selftest, seed = 1): Trace {
  const at = steps.findIndex((step) => 'load' in step);
  const first = steps[at];
  if (first === undefined || !('load' in first)) throw new Error('a selftest loads a patch');
  const actions = steps.flatMap((step, i): Action[] => (i === at ? [] : [planned(step, i * STEP_MS)]));
  const result = simulate({
    model: 'livepatch', patch: first.load, loadAtMs: at * STEP_MS, actions, machine: quietMachine(tasks, { modules: [] }), echo: true,
    giveUpAfterMs: (steps.length + 2) * STEP_MS, seed,
  });
  if (!result.ok) throw new Error(result.message);
  return result.trace;
}

const planned = (step: Step, atMs: number): Action => ('load' in step ? { kind: 'enable', patch: step.load, atMs } : { ...step, atMs });

/** What `--format log` prints; set_dynamic_debug() silences klp_try_switch_task(), check_result() keeps the lines of livepatch and of the tests and takes the times off. */
export function resultLines(trace: Trace): string {
  const lines = simulationLog(trace).trimEnd().split('\n');
  return lines.filter((line) => !line.includes('klp_try_switch_task') && /livepatch:|test_klp/.test(line)).map((line) => line.replace(/^\[[ 0-9.]*\] /, '')).join('\n');
}
