/** Figures and numbers in a simulation's report. */
import type { Trace } from '../simulate';

export function seconds(ms: number | null): string {
  return ms === null ? '-' : `${(ms / 1000).toFixed(3)} s`;
}

/** As exactly as a guess deserves: `0.3 ms`, `100 ms`, `1.3 s`, `90 s`. */
export function roughly(ms: number): string {
  const [figure, unit] = ms < 1000 ? [ms, 'ms'] : [ms / 1000, 's'];
  return `${figure < 10 ? Number(figure.toFixed(1)) : Math.round(figure)} ${unit}`;
}

export function count(n: number, noun: string, plural = `${noun}s`): string {
  return `${n} ${n === 1 ? noun : plural}`;
}

/** Milliseconds below a second: that is what tells systems apart that stop the machine. */
export function duration(ms: number): string {
  return ms < 1000 ? `${ms.toFixed(1)} ms` : seconds(ms);
}

/** The machine in half a line; what is not as usual is said. */
export function machineText({ kernelVersion, cpus, hz, tasks, workload, unwinder, reliableStacks }: Trace['machine']): string {
  const parts = [`Linux ${kernelVersion}`, count(cpus, 'CPU'), `${hz} Hz`, `${count(tasks, 'task')}${workload === undefined ? '' : ` (workload ${workload})`}`];
  if (unwinder === 'none') parts.push('no unwinder');
  if (unwinder === 'frame-pointer') parts.push('frame pointers');
  if (!reliableStacks) parts.push('stacks not reliable');
  return parts.join(', ');
}

/** Imagined tasks, a line each. */
export function hypotheticalLines({ hypothetical = [] }: Pick<Trace, 'hypothetical'>): readonly string[] {
  return hypothetical.map((why) => `hypothetical: ${why}`);
}

/** What the operator did, a line each. */
export function actionLines({ actions }: Pick<Trace, 'actions'>): readonly string[] {
  return actions.map(({ atNs, kind, result }) => `  operator at ${seconds(atNs / 1e6)}: ${kind}: ${result}`);
}

const SHOWN = 8;

/** The first few, and how many more. */
export function listed(names: readonly string[]): string {
  const shown = names.slice(0, SHOWN).join(', ');
  return names.length > SHOWN ? `${shown} and ${names.length - SHOWN} more` : shown;
}

/** `8,192`. */
export function thousands(whole: number): string {
  return String(whole).replace(/\B(?=(\d{3})+$)/g, ',');
}

/** In the largest unit that keeps it at 1 or above, as short as it goes: `0.1 ms`, `205 ms`, `1.3 s`. */
export function roundDuration(ms: number): string {
  const [value, unit] = ms < 1000 ? [ms, 'ms'] : [ms / 1000, 's'];
  return `${Number(value.toPrecision(value < 100 ? 2 : 3))} ${unit}`;
}

/** To a tenth of a second, where that is more than nothing: `16.1 s`, `0.2 ms`. */
export function tenths(ms: number): string {
  return ms < 1000 ? roundDuration(ms) : `${Number((ms / 1000).toFixed(1))} s`;
}

/**
 * How a run ended, in words that need no knowledge of the trace.
 *
 * @param told how milliseconds are told
 */
export function ending({ outcome, completeMs, endNs }: Pick<Trace, 'outcome' | 'completeMs' | 'endNs'>, told: (ms: number) => string = tenths): string {
  const after = told(completeMs ?? endNs / 1e6);
  switch (outcome) {
    case 'complete':
      return `complete after ${after}`;
    case 'unsafe':
      return `complete after ${after}, but unsafe`;
    case 'stuck':
      return `open when given up after ${told(endNs / 1e6)}`;
    case 'failed':
      return `not applied, over after ${told(endNs / 1e6)}`;
  }
}

/** Never 100% while one is missing, never 0% while there is one. */
export function percent(share: number): string {
  const digits = share > 0.999 || share < 0.001 ? 3 : 1;
  return `${(share * 100).toFixed(share === 1 ? 0 : digits)}%`;
}
