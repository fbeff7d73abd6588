/** A sweep for a person at a terminal: two tables. */
import { BETWEEN_MS, VISIT_MS } from '../simulate/sweep';
import { columns } from './columns';
import { count, roundDuration, thousands } from './simulation-words';
import type { SweepJson } from './sweep';

export function sweepText(sweep: SweepJson): string {
  const { models: all, asked, stops, crowds } = sweep;
  const stopping = all.filter((name) => stops.some(({ models }) => models.some(({ model, stop_ms }) => model === name && stop_ms > 0)));
  return [
    `Linux ${sweep.kernelVersion}, ${sweep.hz} Hz, the idle workload, seed ${sweep.seed}`,
    ...stopping.flatMap((model) => ['', `One stop of the machine by ${model}, by CPUs and tasks (+: the kernel's own threads are more than that):`, '', ...stopTable(sweep, model)]),
    '',
    `A patched function in which every user task is ${VISIT_MS} ms of ${thousands(VISIT_MS + BETWEEN_MS)} ms, on ${count(asked.crowd_cpus, 'CPU')}, ${count(asked.repeat, 'seed')}:`,
    'applied how often, and after how long (median); or given up after how long.',
    '',
    ...columns([['tasks', ...all], ...crowds.map((crowd) => [thousands(crowd.tasks), ...crowd.models.map(cell)])]),
    '',
  ].join('\n');
}

function stopTable({ asked, stops }: SweepJson, model: string): string[] {
  const rows = asked.cpus.map((cpus) => [thousands(cpus), ...asked.tasks.map((tasks) => stopCell(stops.find((stop) => stop.cpus === cpus && stop.tasks === tasks), model))]);
  return columns([['CPUs', ...asked.tasks.map((tasks) => `${thousands(tasks)} tasks`)], ...rows]);
}

function stopCell(stop: SweepJson['stops'][number] | undefined, name: string): string {
  const ms = stop?.models.find(({ model }) => model === name)?.stop_ms;
  return stop === undefined || ms === undefined ? '-' : `${roundDuration(ms)}${stop.machine_tasks > stop.tasks ? ' +' : ''}`;
}

function cell({ runs, applied, complete_ms: completeMs, end_ms: endMs, tries }: SweepJson['crowds'][number]['models'][number]): string {
  const end = completeMs === null ? `given up after ${roundDuration(endMs)}` : `after ${roundDuration(completeMs)}`;
  return `${applied} of ${runs}, ${end}, ${tries === 1 ? '1 try' : `${tries} tries`}`;
}
