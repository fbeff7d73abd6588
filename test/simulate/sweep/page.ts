/** docs/simulator/scale.md, written from docs/simulator/scale.json and the models' costs. */
import { roundDuration, thousands } from '../../../server/src/report/simulation-words';
import type { SweepJson } from '../../../server/src/report/sweep';
import { DEFAULT_COSTS, MODELS } from '../../../server/src/simulate';
import { figuresOf, figureText } from '../../../server/src/simulate/costs';
import { BETWEEN_MS, VISIT_MS } from '../../../server/src/simulate/sweep';

export function scalePage(sweep: SweepJson): string {
  const [kpatch, ksplice] = [one(sweep, 'kpatch'), one(sweep, 'ksplice')];
  const most = Math.max(...sweep.asked.cpus);
  const first = sweep.crowds.find(({ models }) => models.some(({ model, applied, runs }) => model === 'kpatch' && applied < runs / 2));
  return `# Scale

How the systems stand the size of a machine: how long one stop lasts of those that stop the machine, and who can still be patched when a function is in use somewhere all the time. This page is
written from [scale.json](scale.json), which is what

    livepatch-studio simulate --sweep --format json

prints (about a CPU-minute; \`--cpus\` and \`--tasks\` set the largest machine, \`--repeat\` the seeds, \`--jobs\` the threads). \`--format svg\` draws the figure. A test simulates a part of
it anew and compares; \`UPDATE_GOLDEN=1\` writes page and figure again.

![One stop of the machine, by CPUs and tasks; and a patched function that is visited, by tasks](../images/scale.svg)

## Where a stop is no longer a fraction of a second

The machine's tasks count, not its CPUs: stopping costs ${roundDuration(DEFAULT_COSTS.stopPerCpuNs / 1e6 * 1000)} for a thousand CPUs, but every task's stack is looked at meanwhile, by one CPU. On one CPU a stop lasts ${ladder(sweep, 'kpatch')} with kpatch;
a tenth of a second is reached at about ${tasksFor(kpatch, 100)} tasks, a whole second at about ${tasksFor(kpatch, 1000)} (ksplice, which reads the stack word by word: ${tasksFor(ksplice, 100)} and ${tasksFor(ksplice, 1000)}; the cost is linear in
tasks, so that the second is read off beyond the table). A machine with many CPUs has many tasks whether it wants or not, as each CPU brings threads of the kernel: with ${thousands(most)} CPUs
${thousands(machineTasks(sweep, most))} tasks at least, and a stop of ${roundDuration(stopMs(sweep, most, 'kpatch'))}. All of that is for one patched function; each further one adds its comparisons.

Upstream's livepatch stops nothing. Its passes look at the same tasks at the same price, but only tasks that are born or end wait for them (tasklist_lock).

## Where per-task switching wins

A stop needs all tasks outside the patched functions at one instant; per-task switching needs each outside once. If a task is inside for a part p of its time, an attempt finds all N outside
with a chance of e^(-Np): hopeless once Np is a few, however short the stop. Here every user task is inside for ${VISIT_MS} ms of each ${thousands(VISIT_MS + BETWEEN_MS)} ms, at random times, on ${sweep.asked.crowd_cpus} CPUs; ${sweep.asked.repeat} seeds.
${first === undefined ? '' : `From ${thousands(first.tasks)} tasks on most loads by kpatch are given up, after five tries, and nothing is patched. `}livepatch is done ${livepatchTimes(sweep)} after the load, with any number of tasks.

On small machines it is the other way round: kpatch and ksplice are done at once, livepatch waits for its second pass.

| tasks | ${sweep.models.join(' | ')} |
|---|${sweep.models.map(() => '---').join('|')}|
${sweep.crowds.map((crowd) => `| ${thousands(crowd.tasks)} | ${crowd.models.map(crowdCell).join(' | ')} |`).join('\n')}

## One stop, kpatch

| CPUs | ${sweep.asked.tasks.map((tasks) => `${thousands(tasks)} tasks`).join(' | ')} |
|---|${sweep.asked.tasks.map(() => '---').join('|')}|
${sweep.asked.cpus.map((cpus) => `| ${thousands(cpus)} | ${sweep.asked.tasks.map((tasks) => stopCell(sweep, cpus, tasks)).join(' | ')} |`).join('\n')}

+: the kernel's own threads are more tasks than that.

## What the figures rest on

The machines are of the [idle workload](../../server/src/simulate/workloads/idle.ts): Linux ${sweep.kernelVersion}, ${sweep.hz} Hz, seed ${sweep.seed}; one function is patched. The costs, each with where it comes from:

${costs().map((line) => `- ${line}`).join('\n')}

Nobody has published how long stop_machine() takes by the number of CPUs. The two published figures that the stop's costs were chosen between are of unnamed machines; the
shape of the curves (a part for each CPU, a part for each task) is that of the code, their height is a guess.

Not in it: the time until a CPU that runs with interrupts off hears of the stop; caches that are cold afterwards; more than one NUMA node; a crowd whose visits cluster.
`;
}

const stopOf = (sweep: SweepJson, cpus: number, tasks: number) => sweep.stops.find((stop) => stop.cpus === cpus && stop.tasks === tasks);
const stopMs = (sweep: SweepJson, cpus: number, model: string): number => stopOf(sweep, cpus, sweep.asked.tasks[0] ?? 0)?.models.find((each) => each.model === model)?.stop_ms ?? NaN;
const machineTasks = (sweep: SweepJson, cpus: number): number => stopOf(sweep, cpus, sweep.asked.tasks[0] ?? 0)?.machine_tasks ?? NaN;

/** Stops on one CPU, by tasks. */
function one({ stops }: SweepJson, model: string): readonly { tasks: number; ms: number }[] {
  return stops.filter(({ cpus }) => cpus === 1).map((stop) => ({ tasks: stop.machine_tasks, ms: stop.models.find((each) => each.model === model)?.stop_ms ?? NaN }));
}

/** Along the line through the first and the last, to two digits. */
function tasksFor(points: readonly { tasks: number; ms: number }[], ms: number): string {
  const [first, last] = [points[0], points.at(-1)];
  if (first === undefined || last === undefined) return '?';
  const tasks = first.tasks + ((ms - first.ms) * (last.tasks - first.tasks)) / (last.ms - first.ms);
  return thousands(Number(tasks.toPrecision(2)));
}

function ladder(sweep: SweepJson, model: string): string {
  const steps = one(sweep, model).map(({ tasks, ms }) => `${roundDuration(ms)} with ${thousands(tasks)} tasks`);
  return `${steps.slice(0, -1).join(', ')} and ${steps.at(-1) ?? ''}`;
}

function livepatchTimes({ crowds }: SweepJson): string {
  const times = crowds.flatMap(({ models }) => models.filter(({ model }) => model === 'livepatch').map((each) => each.complete_ms ?? NaN));
  const [least, most] = [roundDuration(Math.min(...times)), roundDuration(Math.max(...times))];
  return least === most ? least : `${least} to ${most}`;
}

function stopCell(sweep: SweepJson, cpus: number, tasks: number): string {
  const stop = stopOf(sweep, cpus, tasks);
  return stop === undefined ? '' : `${roundDuration(stop.models.find(({ model }) => model === 'kpatch')?.stop_ms ?? NaN)}${stop.machine_tasks > tasks ? ' +' : ''}`;
}

function crowdCell({ runs, applied, complete_ms: completeMs, end_ms: endMs }: SweepJson['crowds'][number]['models'][number]): string {
  return completeMs === null ? `${applied} of ${runs} applied; given up after ${roundDuration(endMs)}` : `${applied} of ${runs} applied, after ${roundDuration(completeMs)}`;
}

function costs(): string[] {
  const names = MODELS.filter(({ name }) => name === 'kpatch' || name === 'ksplice' || name === 'livepatch').flatMap((model) => model.costs);
  return figuresOf(DEFAULT_COSTS, [...new Set(names)]).map(figureText);
}
