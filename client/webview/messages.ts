import type { SimulationOffers } from '../../server/src/lsp/protocol';
import type { Verdict } from '../../server/src/rules/finding';
import type { TraceView } from '../../server/src/simulate/types';

/** What to simulate; kept by the preview over hiding and reloading, in place of the trace, which is made again from it. */
export interface PreviewRequest {
  readonly folder?: string;
  readonly functions?: readonly string[];
  /** The system, and the machine's workload, where chosen in the preview. */
  readonly model?: string;
  readonly workload?: string;
}

/** What the preview shows. The extension always sends the whole of it: a hidden preview has forgotten what came before. */
export type PreviewState =
  | { readonly kind: 'empty'; readonly message: string; readonly canSimulate: boolean }
  | { readonly kind: 'running'; readonly message: string }
  | { readonly kind: 'error'; readonly message: string }
  | { readonly kind: 'trace'; readonly trace: TraceView; readonly verdict: Verdict; readonly stale: boolean; readonly request: PreviewRequest; readonly offers: SimulationOffers };

/** Preview to extension. */
export type FromPreview =
  | { readonly type: 'ready'; readonly request?: PreviewRequest }
  /** Again, or with another system or workload. */
  | { readonly type: 'simulate'; readonly choice?: Pick<PreviewRequest, 'model' | 'workload'> }
  | { readonly type: 'cancel' }
  | { readonly type: 'open'; readonly name: string };

/** A message from the preview, or undefined when it is none of ours. */
export function fromPreview(value: unknown): FromPreview | undefined {
  if (!isRecord(value)) return undefined;
  switch (value['type']) {
    case 'simulate': {
      const { model, workload } = previewRequest(value['choice']) ?? {};
      return { type: 'simulate', choice: { ...(model !== undefined && { model }), ...(workload !== undefined && { workload }) } };
    }
    case 'cancel':
      return { type: 'cancel' };
    case 'open':
      return typeof value['name'] === 'string' ? { type: 'open', name: value['name'] } : undefined;
    case 'ready': {
      const request = previewRequest(value['request']);
      return request === undefined ? { type: 'ready' } : { type: 'ready', request };
    }
    default:
      return undefined;
  }
}

export function previewRequest(value: unknown): PreviewRequest | undefined {
  if (!isRecord(value)) return undefined;
  const { folder, functions, model, workload } = value;
  const names = Array.isArray(functions) ? functions.filter((name) => typeof name === 'string') : undefined;
  return { ...(typeof folder === 'string' && { folder }), ...(names !== undefined && names.length > 0 && { functions: names }), ...(typeof model === 'string' && { model }), ...(typeof workload === 'string' && { workload }) };
}

/** The extension's state, checked as far as drawing needs it: an older preview may outlive an update of the extension. */
export function previewState(value: unknown): PreviewState | undefined {
  if (!isRecord(value)) return undefined;
  switch (value['kind']) {
    case 'empty':
    case 'running':
    case 'error':
      return typeof value['message'] === 'string' ? (value as unknown as PreviewState) : undefined;
    case 'trace':
      return isTrace(value['trace']) && isRecord(value['request']) && isRecord(value['offers']) ? (value as unknown as PreviewState) : undefined;
    default:
      return undefined;
  }
}

function isTrace(value: unknown): value is TraceView {
  return (
    isRecord(value) &&
    Number.isFinite(value['endNs']) &&
    isRecord(value['groups']) &&
    ['passes', 'signals', 'actions', 'log', 'violations', 'assumptions', 'notes'].every((key) => Array.isArray(value[key]))
  );
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
