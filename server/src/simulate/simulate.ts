/** The engine: checks the input, sets a model going, carries out its events, hands out the trace. */
import { costsWith, figuresOf } from './costs';
import { DEFAULT_GIVE_UP_MS } from './giveUp';
import { marked } from './hypothetical';
import { MODELS } from './models';
import type { Simulation } from './model';
import { planActions } from './operator';
import { loadedBy, numberPatches } from './patches';
import { createQueue } from './queue';
import { createRandom } from './random';
import { createRecorder, toMs } from './recorder';
import { createTaskRandom } from './task-random';
import { NS_PER_MS } from './time';
import type { Machine, SimulatedPatch, SimulationInput, SimulationResult } from './types';
import { parseVersion } from './version';

/** NR_CPUS of the largest x86-64 configuration (arch/x86/Kconfig, MAXSMP). */
export const MOST_CPUS = 8192;

/** Beyond it, nanoseconds of uptime would no longer fit a double; nothing but the timers' phase depends on it. */
const LONGEST_UPTIME_MS = 8_640_000_000;

/** The most of one step, in events and in simulated time: some milliseconds of work, or one look at all tasks of a large machine, so that a cancellation is noticed soon. */
const EVENTS_PER_STEP = 1024;
const NS_PER_STEP = 500 * NS_PER_MS;

/**
 * Simulates the loading of one patch on one machine.
 *
 * @param options.shouldStop asked now and then; true ends the simulation with `cancelled`
 * @returns the trace, or one sentence saying what is wrong with the input
 */
export function simulate(input: SimulationInput, options: { readonly shouldStop?: () => boolean } = {}): SimulationResult {
  const steps = simulateInSteps(input);
  for (let step = steps.next(); ; step = steps.next()) {
    if (step.done === true) return step.value;
    if (options.shouldStop?.() === true) return CANCELLED;
  }
}

export const CANCELLED: SimulationResult = { ok: false, cancelled: true, message: 'Cancelled.' };

/** The same, a step at a time, for whoever has other things to do in between. Yields how far it is at least, from 0 to 1. */
export function* simulateInSteps(input: SimulationInput): Generator<number, SimulationResult, undefined> {
  // The name may come from a command line or a file, whatever its type says.
  const asked: string = input.model;
  const model = MODELS.find((candidate) => candidate.name === asked);
  if (model === undefined) return refused(`There is no model "${asked}"; available: ${MODELS.map((m) => m.name).join(', ')}.`);
  const version = parseVersion(input.machine.kernelVersion);
  if (version === undefined) return refused(`"${input.machine.kernelVersion}" is not a kernel version; give it as X.Y or X.Y.Z.`);
  const problem = machineProblem(input.machine) ?? inputProblem(input) ?? model.refuse(input, version);
  if (problem !== undefined) return refused(problem);

  const queue = createQueue();
  const random = createRandom(input.seed);
  const costs = costsWith(input.costs);
  const uptimeMs = input.machine.uptimeMs ?? random.int(60_000, 3_600_000);
  const recorder = createRecorder(queue.now, model.promises);
  const patches = numberPatches(input);
  const simulation: Simulation = { input, patches, version, queue, random, taskRandom: createTaskRandom(input.seed), costs, uptimeNs: Math.round(uptimeMs * NS_PER_MS), recorder };
  const run = model.start(simulation);
  const actionsLeft = planActions(simulation, run);

  const giveUpNs = Math.round((input.giveUpAfterMs ?? model.giveUpAfterMs ?? DEFAULT_GIVE_UP_MS) * NS_PER_MS);
  const watchNs = Math.round((input.watchAfterMs ?? 0) * NS_PER_MS);
  const over = (): boolean => run.finished() && actionsLeft() === 0;
  let untilNs = giveUpNs;
  let stepEndsNs = 0;
  for (let events = 1; !over() || queue.now() < untilNs; events++) {
    if (events % EVENTS_PER_STEP === 0 || queue.now() >= stepEndsNs) {
      yield Math.min(1, queue.now() / giveUpNs);
      stepEndsNs = queue.now() + NS_PER_STEP;
    }
    // Once it is over, the machine is watched for a while longer.
    untilNs = over() ? Math.min(untilNs, queue.now() + watchNs) : giveUpNs;
    const next = queue.peek();
    if (next === Infinity || next > untilNs) break;
    queue.step();
  }

  const endNs = over() && watchNs === 0 ? queue.now() : untilNs;
  const { outcome, appliedNs, completeNs, attempts } = run.result();
  const { tasks, ...machine } = input.machine;
  const record = recorder.finish(endNs);
  return {
    ok: true,
    trace: {
      seed: input.seed,
      model: model.name,
      patch: input.patch,
      machine: { ...machine, uptimeMs, tasks: tasks.length },
      outcome,
      appliedMs: appliedNs === undefined ? null : toMs(appliedNs),
      completeMs: completeNs === undefined ? null : toMs(completeNs),
      pauseMs: toMs(record.pauses.reduce((sum, { fromNs, toNs }) => sum + toNs - fromNs, 0)),
      attempts,
      endNs,
      ...record,
      ...marked(input.machine, record),
      assumptions: model.assumptions,
      figures: figuresOf(costs, model.costs),
    },
  };
}

function refused(message: string): SimulationResult {
  return { ok: false, cancelled: false, message };
}

function machineProblem(machine: Machine): string | undefined {
  if (!Number.isInteger(machine.cpus) || machine.cpus < 1 || machine.cpus > MOST_CPUS) return `A machine has 1 to ${MOST_CPUS} CPUs, not ${machine.cpus}.`;
  if (!Number.isInteger(machine.offlineCpus ?? 0) || (machine.offlineCpus ?? 0) < 0) return 'The number of offline CPUs is a whole number from 0 on.';
  if (![100, 250, 300, 1000].includes(machine.hz)) return `HZ is one of 100, 250, 300 and 1000, not ${machine.hz}.`;
  const { uptimeMs = 0 } = machine;
  if (!(uptimeMs >= 0 && uptimeMs <= LONGEST_UPTIME_MS)) return `The uptime is a number of milliseconds from 0 to ${LONGEST_UPTIME_MS} (100 days).`;
  const pids = new Set<number>();
  for (const { pid, comm } of machine.tasks) {
    if (!Number.isInteger(pid) || pid < 1) return `Task "${comm}" has pid ${pid}; a pid is a whole number from 1 on.`;
    if (pids.has(pid)) return `Two tasks have pid ${pid}.`;
    pids.add(pid);
  }
  return undefined;
}

function inputProblem(input: SimulationInput): string | undefined {
  if (!Number.isInteger(input.seed)) return `The seed is a whole number, not ${input.seed}.`;
  if (isEmpty(input.patch)) return `Patch "${input.patch.name}" replaces no function.`;
  if (!((input.loadAtMs ?? 0) >= 0)) return 'The time of the load is a number of milliseconds from 0 on.';
  if ((input.loadAtMs ?? 0) > 0 && input.model !== 'livepatch') return 'Only livepatch can be loaded later than at the beginning.';
  if (input.giveUpAfterMs !== undefined && !(input.giveUpAfterMs > 0)) return 'The time to give up after is a number of milliseconds above 0.';
  for (const action of input.actions ?? []) {
    if (!(action.atMs >= 0)) return `An action (${action.kind}) has no time from 0 ms on.`;
    const later = loadedBy(action);
    if (later !== undefined && isEmpty(later)) return 'A patch that is loaded later replaces no function.';
    if (action.kind === 'poke' && !input.machine.tasks.some((task) => task.pid === action.pid)) return `No task has pid ${action.pid} to be poked.`;
  }
  return undefined;
}

/** A patch may do all its work in callbacks. */
const isEmpty = ({ functions, callbacks = [] }: SimulatedPatch): boolean => functions.length === 0 && callbacks.length === 0;
