import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { PreviewModel, SETTLE_MS } from '../../client/src/preview/model';
import type { Simulator } from '../../client/src/preview/ports';
import { BUSY_MS } from '../../client/src/preview/run';
import type { PreviewRequest, PreviewState } from '../../client/webview/messages';
import type { SimulateResult, SimulationDetail, SimulationView } from '../../server/src/lsp/protocol';
import type { TraceView } from '../../server/src/simulate/types';

/** Who looks: the side bar, unless it is said. */
type Viewer = 'sidebar' | 'tab';

/** A server whose runs end when the test says so, and an edit that the test changes. */
class Bench implements Simulator {
  readonly runs: { readonly request: PreviewRequest; readonly signal: AbortSignal; readonly told: (percent: number) => void; readonly end: (result: SimulateResult | Error) => Promise<void> }[] = [];
  readonly parts: { readonly id: string; readonly detail: SimulationDetail; readonly come: (name: string | null | Error) => Promise<void> }[] = [];
  readonly states: PreviewState[] = [];
  readonly told: (Viewer | undefined)[] = [];
  edit: string | undefined = 'one';
  isSeen = true;
  readonly model: PreviewModel<Viewer> = new PreviewModel<Viewer>(this, {
    changed: (viewer) => {
      this.states.push(this.model.state('sidebar'));
      this.told.push(viewer);
    },
    look: () => this.isSeen,
  });

  simulate(request: PreviewRequest, told: (percent: number) => void, signal: AbortSignal): Promise<SimulateResult> {
    return new Promise((resolve, reject) => {
      const end = async (result: SimulateResult | Error): Promise<void> => {
        if (result instanceof Error) reject(result);
        else resolve(result);
        await vi.advanceTimersByTimeAsync(0);
      };
      this.runs.push({ request, signal, told, end });
    });
  }

  part(_request: PreviewRequest, id: string, detail: SimulationDetail): Promise<TraceView | null> {
    return new Promise((resolve, reject) => {
      const come = async (name: string | null | Error): Promise<void> => {
        if (name instanceof Error) reject(name);
        else resolve(name === null ? null : trace(name));
        await vi.advanceTimersByTimeAsync(0);
      };
      this.parts.push({ id, detail, come });
    });
  }

  basis(): string | undefined {
    return this.edit;
  }

  invitation(): PreviewState {
    return { kind: 'empty', message: 'Come in.', canSimulate: true };
  }

  get last() {
    const run = this.runs.at(-1);
    if (run === undefined) throw new Error('nothing was simulated');
    return run;
  }

  get lastPart() {
    const part = this.parts.at(-1);
    if (part === undefined) throw new Error('no part was asked for');
    return part;
  }

  async shows(name: string, request: PreviewRequest = {}): Promise<void> {
    void this.model.simulate(request);
    await this.last.end(view(name));
  }

  async editBecomes(edit: string | undefined): Promise<void> {
    this.edit = edit;
    this.model.editChanged();
    await vi.advanceTimersByTimeAsync(SETTLE_MS);
  }

  /** What is to be seen, in short. */
  get seen(): string {
    return this.seenBy('sidebar');
  }

  seenBy(viewer: Viewer): string {
    const state = this.model.state(viewer);
    if (state.kind !== 'simulation') return `${state.kind}: ${state.message}`;
    const { busy, stale } = state;
    return [nameOf(state.view), busy && `busy ${busy.percent ?? '?'}`, stale && `stale: ${stale}`].filter(Boolean).join(', ');
  }
}

/** The model passes views on without a look inside. */
const trace = (name: string): TraceView => ({ name, model: 'livepatch' }) as unknown as TraceView;
const view = (name: string): SimulationView => ({ id: name, trace: trace(name) }) as unknown as SimulationView;
const nameOf = (it: SimulationView): string => (it.trace as unknown as { name: string }).name;

let bench: Bench;
beforeEach(() => {
  vi.useFakeTimers();
  bench = new Bench();
});
afterEach(() => {
  bench.model.dispose();
  vi.useRealTimers();
});

describe('runs', () => {
  test('the first one says at once that it is under way, later ones leave the picture', async () => {
    void bench.model.simulate({});
    expect(bench.seen).toBe('running: Simulating the transition…');
    await bench.last.end(view('A'));
    expect(bench.seen).toBe('A');
    void bench.model.simulate({});
    expect(bench.seen).toBe('A');
    await vi.advanceTimersByTimeAsync(BUSY_MS);
    expect(bench.seen).toBe('A, busy ?');
    await bench.last.end(view('B'));
    expect(bench.seen).toBe('B');
  });
  test('one that is quick is never said to be busy', async () => {
    await bench.shows('A');
    bench.states.length = 0;
    await bench.shows('B');
    expect(bench.states.filter((state) => state.kind !== 'simulation' || state.busy !== undefined)).toEqual([]);
  });
  test('of two the latest counts, and the earlier one is aborted', async () => {
    void bench.model.simulate({ functions: ['f'] });
    const first = bench.last;
    void bench.model.simulate({ functions: ['g'] });
    expect(first.signal.aborted).toBe(true);
    await bench.last.end(view('G'));
    await first.end(view('F'));
    expect(bench.seen).toBe('G');
    expect(bench.model.request).toEqual({ functions: ['g'] });
  });
  test('progress is told in steps', async () => {
    void bench.model.simulate({});
    bench.states.length = 0;
    for (let percent = 1; percent <= 100; percent++) bench.last.told(percent);
    expect(bench.states.map((state) => (state.kind === 'running' ? state.percent : undefined))).toEqual(Array.from({ length: 20 }, (_, at) => 5 * (at + 1)));
    await bench.last.end(view('A'));
  });
  test('one that is cancelled leaves the picture before, without a word where that is as good as new', async () => {
    await bench.shows('A');
    void bench.model.simulate({ scenario: { cpus: 8 } });
    const run = bench.last;
    bench.model.cancel();
    expect(run.signal.aborted).toBe(true);
    expect(bench.seen).toBe('A');
    expect(bench.model.request).toEqual({});
    await run.end(view('B'));
    expect(bench.seen).toBe('A');
  });
  test('the first one that is cancelled leaves the invitation', () => {
    void bench.model.simulate({});
    bench.model.cancel();
    expect(bench.seen).toBe('empty: Come in.');
  });
  test('a scenario that cannot be run leaves the picture and its request, and says why', async () => {
    await bench.shows('A', { scenario: { cpus: 4 } });
    void bench.model.simulate({ scenario: { cpus: 1e9 } });
    await bench.last.end(new Error('A machine of 1000000000 CPUs cannot be simulated.'));
    expect(bench.seen).toBe('A, stale: A machine of 1000000000 CPUs cannot be simulated.');
    expect(bench.model.request).toEqual({ scenario: { cpus: 4 } });
    await bench.shows('B');
    expect(bench.seen).toBe('B');
  });
  test('a failure without a picture is what is shown', async () => {
    void bench.model.simulate({});
    await bench.last.end(new Error('No.'));
    expect(bench.seen).toBe('error: No.');
  });
});

describe('what is simulated', () => {
  test('goes by the scenario chosen last, but for the functions that a request names', async () => {
    await bench.shows('A', { scenario: { cpus: 8, functions: ['g'] }, scenarioUri: 'file:///k/a.klpsim.json' });
    void bench.model.simulate({ functions: ['f'] });
    expect(bench.last.request).toEqual({ functions: ['f'], scenario: { cpus: 8 }, scenarioUri: 'file:///k/a.klpsim.json' });
    void bench.model.simulate({ scenario: { hz: 100 } });
    expect(bench.last.request).toEqual({ scenario: { hz: 100 } });
  });
});

describe('parts of a simulation', () => {
  const zoom = { window: { fromNs: 0, toNs: 5 } };
  test('are for the viewer that turned to them, and only it is told', async () => {
    await bench.shows('A');
    bench.told.length = 0;
    void bench.model.look('tab', { system: 'kpatch', ...zoom });
    expect(bench.lastPart).toMatchObject({ id: 'A', detail: { system: 'kpatch', window: { fromNs: 0, toNs: 5 } } });
    await bench.lastPart.come('A, near');
    expect([bench.seenBy('tab'), bench.seenBy('sidebar')]).toEqual(['A, near', 'A']);
    expect(bench.told).toEqual(['tab']);
    expect([bench.model.systemOf('tab'), bench.model.systemOf('sidebar')]).toEqual(['kpatch', undefined]);
    expect(bench.runs.length).toBe(1);
    bench.model.forget('tab');
    expect(bench.seenBy('tab')).toBe('A');
  });
  test('come while a run is under way, of the simulation that is shown', async () => {
    await bench.shows('A');
    void bench.model.simulate({});
    await vi.advanceTimersByTimeAsync(BUSY_MS);
    void bench.model.look('sidebar', zoom);
    expect(bench.lastPart.id).toBe('A');
    await bench.lastPart.come('A, near');
    expect(bench.seen).toBe('A, near, busy ?');
    await bench.last.end(view('B'));
    expect(bench.seen).toBe('B');
  });
  test('systems and filters are kept in another simulation, which is shown once all viewers can be shown theirs', async () => {
    await bench.shows('A');
    void bench.model.look('tab', { system: 'kpatch', filter: 'nfsd', ...zoom });
    await bench.lastPart.come('A, near');
    await bench.editBecomes('two');
    await bench.last.end(view('B'));
    expect([bench.seenBy('tab'), bench.seenBy('sidebar')]).toEqual(['A, near', 'A']);
    expect(bench.lastPart).toMatchObject({ id: 'B', detail: { system: 'kpatch', filter: 'nfsd' } });
    expect(bench.lastPart.detail).not.toHaveProperty('window');
    await bench.lastPart.come('B, nfsd');
    expect([bench.seenBy('tab'), bench.seenBy('sidebar')]).toEqual(['B, nfsd', 'B']);
  });
  test('of two the latest is shown', async () => {
    await bench.shows('A');
    void bench.model.look('sidebar', { filter: 'a' });
    const first = bench.lastPart;
    void bench.model.look('sidebar', { filter: 'b' });
    await bench.lastPart.come('b');
    await first.come('a');
    expect(bench.seen).toBe('b');
  });
  test('of a simulation that the server has forgotten are had by simulating again', async () => {
    await bench.shows('A', { functions: ['f'] });
    void bench.model.look('sidebar', zoom);
    await bench.lastPart.come(null);
    expect(bench.last.request).toEqual({ functions: ['f'] });
    await bench.last.end(view('A again'));
    expect(bench.seen).toBe('A again');
  });
  test('that come too late, or not for another run, change nothing', async () => {
    await bench.shows('A');
    void bench.model.look('sidebar', zoom);
    const { come } = bench.lastPart;
    await bench.shows('B');
    await come('A, near');
    expect(bench.seen).toBe('B');
    void bench.model.simulate({});
    void bench.model.look('sidebar', zoom);
    await bench.lastPart.come(null);
    expect(bench.runs.length).toBe(3);
  });
  test('that cannot be had say why, and leave the picture', async () => {
    await bench.shows('A');
    void bench.model.look('sidebar', zoom);
    await bench.lastPart.come(new Error('The server is not running.'));
    expect(bench.seen).toBe('A, stale: The server is not running.');
  });
});

describe('an edit', () => {
  test('is simulated anew when its plan has settled', async () => {
    await bench.shows('A', { functions: ['f'] });
    bench.edit = 'two';
    bench.model.editChanged();
    await vi.advanceTimersByTimeAsync(SETTLE_MS - 1);
    await bench.editBecomes('three');
    expect(bench.runs.length).toBe(2);
    expect(bench.last.request).toEqual({ functions: ['f'] });
    expect(bench.seen).toBe('A');
    await bench.last.end(view('B'));
    expect(bench.seen).toBe('B');
  });
  test('in the making says nothing, and one that is the same neither', async () => {
    await bench.shows('A');
    await bench.editBecomes(undefined);
    await bench.editBecomes('one');
    expect(bench.runs.length).toBe(1);
  });
  test('that nobody looks at waits until somebody does', async () => {
    await bench.shows('A');
    bench.isSeen = false;
    await bench.editBecomes('two');
    expect(bench.runs.length).toBe(1);
    bench.isSeen = true;
    await bench.editBecomes('two');
    expect(bench.runs.length).toBe(2);
  });
  test('that nobody asked to simulate only changes the invitation', async () => {
    await bench.editBecomes('two');
    expect(bench.runs).toEqual([]);
    expect(bench.states.map(({ kind }) => kind)).toEqual(['empty']);
  });
  test('cancelled is not tried again before it changes again, and the picture says that it is old', async () => {
    await bench.shows('A');
    await bench.editBecomes('two');
    bench.model.cancel();
    expect(bench.seen).toBe('A, stale: The edit has changed since.');
    await bench.editBecomes('two');
    expect(bench.runs.length).toBe(2);
    await bench.editBecomes('three');
    expect(bench.runs.length).toBe(3);
  });
  test('taken back ends its run, and the picture is good again', async () => {
    await bench.shows('A');
    await bench.editBecomes('two');
    const { signal } = bench.last;
    await bench.editBecomes('one');
    expect(signal.aborted).toBe(true);
    expect(bench.seen).toBe('A');
    expect(bench.runs.length).toBe(2);
    await bench.editBecomes('two');
    expect(bench.runs.length).toBe(3);
  });
  test('that leaves nothing to simulate says so, and comes back by itself', async () => {
    await bench.shows('A', { functions: ['f'] });
    await bench.editBecomes('none');
    await bench.last.end({ empty: 'The edit replaces no function.' });
    expect(bench.seen).toBe('empty: The edit replaces no function.');
    await bench.editBecomes('one');
    await bench.last.end(view('A'));
    expect(bench.seen).toBe('A');
    expect(bench.last.request).toEqual({ functions: ['f'] });
  });
  test('that changes under a scenario just chosen takes the scenario along', async () => {
    await bench.shows('A');
    void bench.model.simulate({ scenario: { hz: 100 } });
    await bench.editBecomes('two');
    expect(bench.last.request).toEqual({ scenario: { hz: 100 } });
  });
});

describe('after a reload', () => {
  test('what a view remembers is simulated as soon as there is an edit', async () => {
    bench.edit = undefined;
    void bench.model.restore({ functions: ['f'] });
    expect(bench.seen).toBe('running: Waiting for the edit…');
    expect(bench.runs).toEqual([]);
    await bench.editBecomes('one');
    expect(bench.last.request).toEqual({ functions: ['f'] });
    await bench.last.end(view('A'));
    expect(bench.seen).toBe('A');
  });
  test('a second view adds nothing to what is there', async () => {
    await bench.shows('A', { functions: ['f'] });
    void bench.model.restore({ functions: ['g'] });
    expect(bench.runs.length).toBe(1);
    expect(bench.seen).toBe('A');
  });
});

test('a function that is highlighted is told until another one is', async () => {
  await bench.shows('A');
  bench.model.highlight('f');
  expect(bench.model.state('tab')).toMatchObject({ highlight: 'f' });
  bench.model.highlight(undefined);
  expect(bench.model.state('tab')).not.toHaveProperty('highlight');
});
