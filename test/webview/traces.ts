import type { ShownSimulation } from '../../client/webview/messages';
import type { SimulationView } from '../../server/src/lsp/protocol';
import { systemView, viewOf, type Lane, type LaneState, type Pass, type Trace, type TraceView } from '../../server/src/simulate';

/** Small traces made by hand, so that the golden pictures do not move when the simulator does. Times in seconds. */

const ns = (seconds: number): number => Math.round(seconds * 1e9);

export interface LaneDraft {
  readonly comm: string;
  readonly pid: number;
  readonly kind?: Lane['kind'];
  /** When it switches; never when absent. */
  readonly switches?: number;
  readonly cause?: Lane['switches'][number]['cause'];
  /** Its life; the whole trace when absent. */
  readonly born?: number;
}

export function lane(draft: LaneDraft, end: number): Lane {
  const born = draft.born ?? 0;
  const cuts: readonly [number, number, LaneState][] =
    draft.switches === undefined
      ? [[born, end, 'pending']]
      : [
          [born, draft.switches, 'pending'],
          [draft.switches, end, 'patched'],
        ];
  return {
    comm: draft.comm,
    kind: draft.kind ?? 'user',
    pids: [draft.pid],
    segments: cuts.map(([from, to, state]) => ({ fromNs: ns(from), toNs: ns(to), state })),
    switches: draft.switches === undefined ? [] : [{ atNs: ns(draft.switches), cause: draft.cause ?? 'stack check' }],
  };
}

const machine: Trace['machine'] = {
  cpus: 4,
  hz: 250,
  kernelVersion: '6.1.192',
  preemption: 'dynamic',
  unwinder: 'orc',
  reliableStacks: true,
  tasks: 7,
  uptimeMs: 1000,
};

const base: Trace = {
  seed: 1,
  model: 'livepatch',
  patch: { name: 'livepatch_edit', functions: [{ name: 'do_sys_poll', object: 'vmlinux' }] },
  machine,
  outcome: 'complete',
  appliedMs: 15_000,
  completeMs: 16_000,
  pauseMs: 0,
  attempts: 1,
  endNs: ns(16),
  passes: [],
  signals: [],
  actions: [],
  lanes: [],
  log: [
    { atNs: 0, text: "livepatch: enabling patch 'livepatch_edit'", level: 'notice' },
    { atNs: ns(0.02), text: 'livepatch: klp_try_switch_task: z_poll:70 is sleeping on function do_sys_poll', level: 'debug' },
  ],
  violations: [],
  unpromised: [],
  pauses: [],
  assumptions: ['A guess.'],
  figures: [],
  notes: ['A note.'],
};

const poll = { pid: 70, comm: 'z_poll', reason: 'sleeping', function: 'do_sys_poll' } as const;

function pass(index: number, blockers: Pass['blockers']): Pass {
  return { index, atNs: ns(index === 0 ? 0.02 : index), cpu: 0, switched: index === 0 ? 6 : 0, blockers };
}

/** A sleeper that only the signals at 14.9 s free, beside tasks that switch at once. */
export const signaled: Trace = {
  ...base,
  passes: [
    pass(0, [poll, { pid: 0, comm: 'swapper/1', reason: 'running' }]),
    ...Array.from({ length: 15 }, (_, at) => pass(at + 1, [poll])),
    pass(16, []),
  ],
  signals: [{ atNs: ns(15) }],
  lanes: [
    lane({ comm: 'z_poll', pid: 70, switches: 15, cause: 'exit to user' }, 16),
    ...['kworker/0:1', 'kworker/1:0H', 'kworker/u8:2'].map((comm, at) => lane({ comm, pid: 20 + at, kind: 'kthread', switches: 0.02 }, 16)),
    lane({ comm: 'swapper/0', pid: 0, kind: 'idle', switches: 0.02, cause: 'idle' }, 16),
    lane({ comm: 'swapper/1', pid: 0, kind: 'idle', switches: 0.021, cause: 'idle' }, 16),
    lane({ comm: 'systemd', pid: 1, switches: 0.02 }, 16),
  ],
};

/** Nobody in the way but a running task: over at the second pass. */
export const quick: Trace = {
  ...base,
  appliedMs: 1000,
  completeMs: 1010,
  endNs: ns(1.01),
  passes: [pass(0, [{ pid: 0, comm: 'swapper/1', reason: 'running' }]), pass(1, [])],
  lanes: [
    lane({ comm: 'swapper/1', pid: 0, kind: 'idle', switches: 0.5, cause: 'idle' }, 1.01),
    lane({ comm: 'systemd', pid: 1, switches: 0.02 }, 1.01),
  ],
};

/** A kernel thread that never leaves the function; the operator gives up, or steps in. */
export const stuck: Trace = {
  ...base,
  outcome: 'stuck',
  appliedMs: null,
  completeMs: null,
  endNs: ns(20),
  passes: Array.from({ length: 20 }, (_, at) => pass(at, [{ pid: 9, comm: 'kwatch', reason: 'sleeping', function: 'kwatch_loop' }])),
  signals: [{ atNs: ns(15) }],
  patch: { name: 'livepatch_edit', functions: [{ name: 'kwatch_loop', object: 'watch' }] },
  lanes: [lane({ comm: 'kwatch', pid: 9, kind: 'kthread' }, 20), lane({ comm: 'systemd', pid: 1, switches: 0.02 }, 20)],
};

export const reversed: Trace = {
  ...stuck,
  outcome: 'failed',
  actions: [{ atNs: ns(19.5), kind: 'reverse', result: 'ok' }],
};

export const forced: Trace = {
  ...stuck,
  outcome: 'unsafe',
  appliedMs: 19_500,
  completeMs: 20_000,
  actions: [{ atNs: ns(19.5), kind: 'force', result: 'ok' }],
  violations: [{ invariant: 'I3', task: 'kwatch:9', atNs: ns(19.5), text: 'forced while kwatch_loop is on its stack' }],
  lanes: [lane({ comm: 'kwatch', pid: 9, kind: 'kthread', switches: 19.5, cause: 'forced' }, 20), lane({ comm: 'systemd', pid: 1, switches: 0.02 }, 20)],
};

/** One stop of the machine, in which everybody switches. */
export const stopped: Trace = {
  ...base,
  model: 'kpatch',
  appliedMs: 100,
  completeMs: 100,
  pauseMs: 20,
  endNs: ns(0.1),
  passes: [{ index: 0, atNs: ns(0.08), cpu: 0, switched: 2, blockers: [] }],
  pauses: [{ fromNs: ns(0.08), toNs: ns(0.1) }],
  log: [{ atNs: ns(0.1), text: "kpatch: loaded patch module 'livepatch_edit'", level: 'notice' }],
  lanes: [lane({ comm: 'z_poll', pid: 70, switches: 0.1, cause: 'machine stopped' }, 0.1), lane({ comm: 'systemd', pid: 1, switches: 0.1, cause: 'machine stopped' }, 0.1)],
};

export const all: Readonly<Record<string, Trace>> = { signaled, quick, stuck, reversed, forced, stopped };

/** As the preview gets it. */
export const drawn = (trace: Trace): TraceView => viewOf(trace, { columns: 1000, lanes: 200 });

/** What the preview is sent for a run of one system, or of several. */
export function simulationOf([first, ...others]: readonly [Trace, ...Trace[]], change: Partial<ShownSimulation> = {}, view: Partial<SimulationView> = {}): ShownSimulation {
  return {
    kind: 'simulation',
    request: {},
    view: {
      id: 'one',
      trace: drawn(first),
      systems: [first, ...others].map(systemView),
      refused: [],
      verdict: 'patchable',
      scenario: { systems: [first, ...others].map(({ model }) => model), workload: 'mixed', cpus: 4, hz: 250, kernelVersion: '6.1.192', seed: 1 },
      offers: { models: ['livepatch', 'kpatch'], workloads: [{ name: 'mixed', title: 'a bit of everything', cpus: 4, tasks: 200 }, { name: 'idle', title: 'a server that waits', cpus: 4, tasks: 150 }], hz: [100, 250, 300, 1000], mostCpus: 8192 },
      ...view,
    },
    ...change,
  };
}
