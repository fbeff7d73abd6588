/** `simulate --repeat N`: one seed after the other, in threads. */
import { repeatJson } from '../report/repeat';
import { repeatText } from '../report/repeat-text';
import { simulationJson, type SimulationJson } from '../report/simulation';
import type { SimulationInput, Trace } from '../simulate/index';
import { distributions, type RunOutline } from '../simulate/batch';
import { simulateBatch } from './batch';
import { UsageError, type Terminal } from './terminal';

export interface Repetition {
  /** The first seed's run by each model. */
  readonly traces: readonly Trace[];
  readonly input: Omit<SimulationInput, 'model'>;
  readonly repeat: number;
  readonly jobs: number;
  readonly terminal: Terminal;
}

export interface Repeated {
  readonly runs: readonly RunOutline[];
  readonly isWhole: boolean;
  readonly text: () => string;
  readonly json: () => SimulationJson & { readonly repeat: unknown };
}

/** @throws UsageError when it was cancelled before the first repetition was done */
export async function repeated({ traces, input, repeat, jobs, terminal }: Repetition): Promise<Repeated> {
  const models = traces.map(({ model }) => model);
  const done = await simulateBatch({ kind: 'repeat', models, input, repeat }, 'seeds', jobs, terminal);
  const [first] = traces;
  if (first === undefined || done.length === 0) throw new UsageError('cancelled before the first run was done');
  const isWhole = done.length === repeat;
  if (!isWhole) terminal.err(`livepatch-studio: cancelled: the result is that of the first ${done.length} of ${repeat} seeds\n`);
  const found = distributions(done);
  return {
    runs: done.flat(),
    isWhole,
    text: () => repeatText(found, first.machine, repeat),
    json: () => ({ ...simulationJson(traces), repeat: repeatJson(found, repeat) }),
  };
}
