/** The systems of a scenario, simulated one after the other, a step at a time: between two steps the event loop turns, so that a cancellation on its way arrives and typing is answered. */
import type { CancellationToken, WorkDoneProgressReporter } from 'vscode-languageserver';
import { letOthersRun } from '../kernel/letOthersRun';
import type { Verdict } from '../rules/finding';
import { CANCELLED, simulateInSteps, systemView, type ModelName, type ScenarioFile, type SimulationInput, type SimulationResult, type SystemView, type Task, type Trace } from '../simulate/index';
import { cancelled } from './cancelled';
import type { ReadScenario } from './scenario';

export interface Run {
  /** At least one, in the scenario's order. */
  readonly traces: readonly [Trace, ...Trace[]];
  /** Of each trace, for the comparison. */
  readonly systems: readonly SystemView[];
  readonly refused: readonly { readonly model: ModelName; readonly why: string }[];
  /** The machine's. */
  readonly tasks: readonly Task[];
  readonly verdict: Verdict;
  /** Whether an edit was simulated, and not functions that somebody named. */
  readonly isEdit: boolean;
  /** Completed. */
  readonly scenario: ScenarioFile;
}

export interface Telling {
  readonly token: CancellationToken;
  readonly progress?: WorkDoneProgressReporter | undefined;
}

/** Rejects with one sentence when no system can be simulated on the machine, and as cancelled when the token says so. */
export async function runAll({ token, progress }: Telling, { rehearsal, verdict, isEdit }: ReadScenario): Promise<Run> {
  progress?.begin('Simulating the transition', 0, undefined, true);
  try {
    await letOthersRun();
    const { input, systems, scenario, notes } = await rehearsal();
    const traces: Trace[] = [];
    const refused: { readonly model: ModelName; readonly why: string }[] = [];
    let told = 0;
    for (const [at, model] of systems.entries()) {
      const result = await stepwise({ model, ...input }, token, (share) => {
        const percent = Math.floor((100 * (at + share)) / systems.length);
        if (percent > told) progress?.report(percent);
        told = Math.max(told, percent);
      });
      if (result.ok) traces.push({ ...result.trace, notes: [...notes, ...result.trace.notes] });
      else if (result.cancelled) throw cancelled();
      else refused.push({ model, why: result.message });
    }
    const [first, ...others] = traces;
    if (first === undefined) throw new Error(refused[0]?.why);
    return { traces: [first, ...others], systems: traces.map(systemView), refused, tasks: input.machine.tasks, verdict, isEdit, scenario };
  } finally {
    progress?.done();
  }
}

/** @param told called with how far it is, 0 to 1 */
async function stepwise(input: SimulationInput, token: CancellationToken, told: (share: number) => void): Promise<SimulationResult> {
  const steps = simulateInSteps(input);
  for (;;) {
    await letOthersRun();
    if (token.isCancellationRequested) return CANCELLED;
    const step = steps.next();
    if (step.done === true) return step.value;
    told(step.value);
  }
}
