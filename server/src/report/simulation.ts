/** Traces as the JSON that scripts read (`simulate --format json`); docs/schemas/simulate.schema.json describes it. */
import type { Blocker, Trace, Violation } from '../simulate';

export interface JsonBlocker {
  readonly pid: number;
  readonly comm: string;
  readonly reason: 'running' | 'sleeping' | 'unreliable' | 'unknown';
  readonly function?: string;
  /** Nobody saw the task. */
  readonly hypothetical?: true;
}

export interface JsonRun {
  readonly model: string;
  readonly version?: string;
  readonly outcome: 'complete' | 'stuck' | 'failed' | 'unsafe';
  readonly applied_ms: number | null;
  readonly complete_ms: number | null;
  readonly pause_ms: number;
  readonly attempts: number;
  readonly passes: number;
  readonly signals: number;
  /** At the first pass or attempt, and at the last one before it completed or was given up. */
  readonly blocked: { readonly first: readonly JsonBlocker[]; readonly last: readonly JsonBlocker[] };
  readonly violations: readonly { readonly invariant: string; readonly task: string; readonly at_ms: number; readonly text: string }[];
  /** What the operator did, and what the shell said to it. */
  readonly actions?: readonly { readonly at_ms: number; readonly action: string; readonly result: string }[];
  readonly log: readonly string[];
}

export interface SimulationJson {
  readonly schema: 1;
  readonly seed: number;
  readonly machine: {
    readonly cpus: number;
    readonly hz: number;
    readonly kernelVersion: string;
    readonly preemption: string;
    readonly unwinder: string;
    readonly reliableStacks: boolean;
    readonly tasks: number;
    readonly workload?: string;
  };
  /** Imagined tasks and why. */
  readonly hypothetical?: readonly string[];
  readonly runs: readonly JsonRun[];
}

/**
 * @param traces one per model (and repetition), all of one machine; the first one's seed and machine head the document
 * @throws RangeError without a trace: there is no machine to describe
 */
export function simulationJson(traces: readonly Trace[]): SimulationJson {
  const first = traces[0];
  if (first === undefined) throw new RangeError('no trace to report');
  const { cpus, hz, kernelVersion, preemption, unwinder, reliableStacks, tasks, workload } = first.machine;
  return {
    schema: 1,
    seed: first.seed,
    machine: { cpus, hz, kernelVersion, preemption, unwinder, reliableStacks, tasks, ...(workload !== undefined && { workload }) },
    ...(first.hypothetical !== undefined && { hypothetical: first.hypothetical }),
    runs: traces.map(runJson),
  };
}

function runJson(trace: Trace): JsonRun {
  return {
    model: trace.model,
    version: trace.machine.kernelVersion,
    outcome: trace.outcome,
    applied_ms: trace.appliedMs,
    complete_ms: trace.completeMs,
    pause_ms: trace.pauseMs,
    attempts: trace.attempts,
    passes: trace.passes.length,
    signals: trace.signals.length,
    blocked: {
      first: (trace.passes[0]?.blockers ?? []).map(blockerJson),
      last: (trace.passes.at(-1)?.blockers ?? []).map(blockerJson),
    },
    violations: [
      ...trace.violations.map((violation) => violationJson(violation, '')),
      ...trace.unpromised.map((violation) => violationJson(violation, ' (not promised by this system)')),
    ],
    ...(trace.actions.length > 0 && { actions: trace.actions.map(({ atNs, kind, result }) => ({ at_ms: atNs / 1e6, action: kind, result })) }),
    log: trace.log.map(({ text }) => text),
  };
}

function violationJson({ invariant, task, atNs, text }: Violation, remark: string): JsonRun['violations'][number] {
  return { invariant, task, at_ms: atNs / 1e6, text: `${text}${remark}` };
}

function blockerJson(blocker: Blocker): JsonBlocker {
  const { pid, comm, reason, hypothetical } = blocker;
  return { pid, comm, reason, ...(blocker.function !== undefined && { function: blocker.function }), ...(hypothetical && { hypothetical }) };
}
