import type { SimulationDetail, SimulationView } from '../../../server/src/lsp/protocol';
import type { TraceView } from '../../../server/src/simulate/types';
import type { PreviewRequest, ShownSimulation } from '../../webview/messages';
import type { Simulator } from './ports';

interface Look {
  readonly detail: SimulationDetail;
  /** What was got of it: undefined until it has come. */
  readonly part?: { readonly id: string; readonly trace: TraceView };
}

/** Which part of the simulation each viewer looks at: a system, a part of time and a filter of its own. */
export class Looks<Viewer> {
  readonly #looks = new Map<Viewer, Look>();

  constructor(private readonly simulator: Pick<Simulator, 'part'>) {}

  /** The simulation as a viewer looks at it; as it came for one that has not turned to a part of it. */
  of(viewer: Viewer, view: SimulationView): SimulationView {
    const part = this.#looks.get(viewer)?.part;
    return part?.id === view.id ? { ...view, trace: part.trace } : view;
  }

  /** The system that a viewer has turned to. */
  systemOf(viewer: Viewer): SimulationDetail['system'] {
    return this.#looks.get(viewer)?.detail.system;
  }

  /** Turns a viewer to another part, and says whether that has come: of two the latest counts, and `late` is told of nobody. Rejects with one sentence. */
  async turn(viewer: Viewer, { view: { id }, request }: Pick<ShownSimulation, 'view' | 'request'>, detail: SimulationDetail): Promise<'come' | 'gone' | 'late'> {
    const look: Look = { ...this.#looks.get(viewer), detail };
    this.#looks.set(viewer, look);
    const trace = await this.simulator.part(request, id, detail).catch((error: unknown) => {
      if (this.#looks.get(viewer) === look) throw error;
      return null;
    });
    if (this.#looks.get(viewer) !== look) return 'late';
    if (trace === null) return 'gone';
    this.#looks.set(viewer, { detail, part: { id, trace } });
    return 'come';
  }

  /** The same systems and filters in another simulation, so that it can be shown as its viewers look at it. The part of time was one of the run before. Never rejects. */
  async prepare({ id, trace: { model } }: SimulationView, request: PreviewRequest): Promise<() => void> {
    const prepared = await Promise.all([...this.#looks].map(async ([viewer, look]) => {
      const { system = model, filter = '' } = look.detail;
      const detail = { system, ...(filter !== '' && { filter }) };
      const trace = system === model && filter === '' ? null : await this.simulator.part(request, id, detail).catch(() => null);
      return { viewer, look, next: { detail: look.detail.system === undefined && filter === '' ? {} : detail, ...(trace !== null && { part: { id, trace } }) } };
    }));
    return () => { for (const { viewer, look, next } of prepared) if (this.#looks.get(viewer) === look) this.#looks.set(viewer, next); };
  }

  forget(viewer: Viewer): void {
    this.#looks.delete(viewer);
  }
}
