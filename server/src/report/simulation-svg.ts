/** Runs as one picture (`simulate --format svg`): a run's tasks over time, or how far each of several systems got. */
import type { Trace } from '../simulate';
import { convergenceSvg } from './svg/convergence';
import { timelineSvg } from './svg/timeline';

/**
 * An SVG document of bounded size, however large the machine was; the same bytes for the same traces.
 *
 * @param traces one per system, of one machine and patch
 * @throws RangeError without a trace: there is nothing to draw
 */
export function simulationSvg(traces: readonly Trace[]): string {
  const [first] = traces;
  if (first === undefined) throw new RangeError('no trace to draw');
  return traces.length === 1 ? timelineSvg(first) : convergenceSvg(first, traces);
}
