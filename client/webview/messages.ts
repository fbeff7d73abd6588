import type { SimulationDetail, SimulationView } from '../../server/src/lsp/protocol';
import type { ScenarioFile } from '../../server/src/simulate/types';

/** What to simulate; kept by the preview over hiding and reloading, in place of the traces, which are made again from it. */
export interface PreviewRequest {
  readonly folder?: string;
  readonly functions?: readonly string[];
  /** What was chosen, without what was filled in. */
  readonly scenario?: ScenarioFile;
  /** The file it was opened from, or is saved to. */
  readonly scenarioUri?: string;
}

/** What the preview shows. The extension always sends the whole of it: a hidden preview has forgotten what came before. */
export type PreviewState =
  | { readonly kind: 'empty'; readonly message: string; readonly canSimulate: boolean }
  /** The first run; later ones leave the picture where it is (`busy`). */
  | { readonly kind: 'running'; readonly message: string; readonly percent?: number }
  | { readonly kind: 'error'; readonly message: string }
  | ShownSimulation;

export interface ShownSimulation {
  readonly kind: 'simulation';
  readonly view: SimulationView;
  readonly request: PreviewRequest;
  /** A run under way that will take the place of this one. */
  readonly busy?: { readonly message: string; readonly percent?: number };
  /** Why this is not of the edit or the scenario as they are now, a sentence. */
  readonly stale?: string;
  /** A function whose blockers are to be marked. */
  readonly highlight?: string;
}

/** Extension to preview, beside the state: turn this picture into a PNG and send it back. */
export interface Rasterize {
  readonly kind: 'rasterize';
  readonly svg: string;
  /** Puts it on the clipboard, too: extensions can copy text only. */
  readonly copy?: true;
}

export type ExportFormat = 'svg' | 'png' | 'markdown';

/** Preview to extension. */
export type FromPreview =
  | { readonly type: 'ready'; readonly request?: PreviewRequest }
  /** Again, by a changed scenario where there is one. */
  | { readonly type: 'simulate'; readonly scenario?: ScenarioFile }
  | { readonly type: 'cancel' }
  /** Another part of the same simulation. */
  | { readonly type: 'detail'; readonly detail: SimulationDetail }
  /** A function's source. */
  | { readonly type: 'open'; readonly name: string }
  | { readonly type: 'highlight'; readonly name?: string }
  | { readonly type: 'openWide' }
  | { readonly type: 'openScenario' }
  | { readonly type: 'saveScenario' }
  /** Chooses a file; with `text`, one that was dropped. */
  | { readonly type: 'importSnapshot'; readonly name?: string; readonly text?: string }
  | { readonly type: 'export'; readonly format: ExportFormat; readonly how: 'save' | 'copy' }
  /** The answer to `rasterize`: a PNG file in base64, empty when it could not be made or copied. */
  | { readonly type: 'png'; readonly base64: string };

/** A message from the preview, or undefined when it is none of ours. The server checks the scenario: it may come from anywhere. */
export function fromPreview(value: unknown): FromPreview | undefined {
  if (!isRecord(value)) return undefined;
  const { name, text } = value;
  switch (value['type']) {
    case 'cancel':
    case 'openWide':
    case 'openScenario':
    case 'saveScenario':
      return { type: value['type'] };
    case 'simulate':
      return { type: 'simulate', ...(isRecord(value['scenario']) && { scenario: value['scenario'] }) };
    case 'detail':
      return { type: 'detail', detail: detailOf(value['detail']) };
    case 'open':
      return typeof name === 'string' ? { type: 'open', name } : undefined;
    case 'highlight':
      return { type: 'highlight', ...(typeof name === 'string' && { name }) };
    case 'importSnapshot':
      return { type: 'importSnapshot', ...(typeof name === 'string' && { name }), ...(typeof text === 'string' && { text }) };
    case 'export': {
      const { format, how } = value;
      return (format === 'svg' || format === 'png' || format === 'markdown') && (how === 'save' || how === 'copy') ? { type: 'export', format, how } : undefined;
    }
    case 'png':
      return typeof value['base64'] === 'string' ? { type: 'png', base64: value['base64'] } : undefined;
    case 'ready': {
      const request = previewRequest(value['request']);
      return request === undefined ? { type: 'ready' } : { type: 'ready', request };
    }
    default:
      return undefined;
  }
}

function detailOf(value: unknown): SimulationDetail {
  if (!isRecord(value)) return {};
  const { system, window, filter } = value;
  const isWindow = isRecord(window) && Number.isFinite(window['fromNs']) && Number.isFinite(window['toNs']);
  return {
    ...(typeof system === 'string' && { system: system as NonNullable<SimulationDetail['system']> }),
    ...(isWindow && { window: { fromNs: Number(window['fromNs']), toNs: Number(window['toNs']) } }),
    ...(typeof filter === 'string' && { filter }),
  };
}

export function previewRequest(value: unknown): PreviewRequest | undefined {
  if (!isRecord(value)) return undefined;
  const { folder, functions, scenario, scenarioUri } = value;
  const names = Array.isArray(functions) ? functions.filter((name) => typeof name === 'string') : undefined;
  return {
    ...(typeof folder === 'string' && { folder }),
    ...(names !== undefined && names.length > 0 && { functions: names }),
    ...(isRecord(scenario) && { scenario }),
    ...(typeof scenarioUri === 'string' && { scenarioUri }),
  };
}

/** The extension's state, checked as far as drawing needs it: an older preview may outlive an update of the extension. */
export function previewState(value: unknown): PreviewState | Rasterize | undefined {
  if (!isRecord(value)) return undefined;
  switch (value['kind']) {
    case 'empty':
    case 'running':
    case 'error':
      return typeof value['message'] === 'string' ? (value as unknown as PreviewState) : undefined;
    case 'rasterize':
      return typeof value['svg'] === 'string' ? { kind: 'rasterize', svg: value['svg'], ...(value['copy'] === true && { copy: true }) } : undefined;
    case 'simulation': {
      const { view } = value;
      const isView = isRecord(view) && typeof view['id'] === 'string' && isTrace(view['trace']) && Array.isArray(view['systems']) && Array.isArray(view['refused']) && isRecord(view['offers']) && isRecord(view['scenario']);
      return isView && isRecord(value['request']) ? (value as unknown as ShownSimulation) : undefined;
    }
    default:
      return undefined;
  }
}

function isTrace(value: unknown): boolean {
  return (
    isRecord(value) &&
    Number.isFinite(value['endNs']) &&
    isRecord(value['groups']) &&
    isRecord(value['specimens']) &&
    ['passes', 'signals', 'actions', 'log', 'violations', 'assumptions', 'notes'].every((key) => Array.isArray(value[key]))
  );
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
