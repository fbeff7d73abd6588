/**
 * Our own requests between client and server, beyond the Language Server Protocol. docs/protocol.md describes them;
 * a test keeps the two in step. Only types and method names: the client imports this file, too.
 */
import type { Profile, Severity, Verdict } from '../rules/finding';
import type { TimeWindow, TraceView } from '../simulate/types';
import type { PositionRange } from '../syntax/positions';

export const methods = {
  plan: 'livepatchStudio/plan',
  planChanged: 'livepatchStudio/planChanged',
  simulate: 'livepatchStudio/simulate',
  setBaseline: 'livepatchStudio/setBaseline',
  baselineText: 'livepatchStudio/baselineText',
  moduleSource: 'livepatchStudio/moduleSource',
  clangd: 'livepatchStudio/clangd',
} as const;

/** `livepatchStudio/plan`: the plan of the workspace folder, for the Live Patch view. */
export interface PlanParams {
  /** The workspace folder's URI; the first folder when absent. */
  readonly folder?: string;
}

export interface PlanView {
  readonly folder: string;
  readonly baseline: BaselineView;
  readonly profile: Profile;
  readonly kernelVersion: string | undefined;
  readonly state: 'ready' | 'analyzing' | 'no-tree' | 'untrusted' | 'no-baseline' | 'failed';
  /** With state `failed`, `no-tree`, `untrusted` or `no-baseline`: the sentence to show. */
  readonly message?: string;
  readonly verdict: Verdict;
  readonly reasons: readonly string[];
  readonly objects: readonly ObjectView[];
  /** Findings that belong to no function of the plan. */
  readonly findings: readonly FindingView[];
}

export interface ObjectView {
  readonly name: string;
  readonly isModule: boolean;
  readonly note?: string;
  readonly functions: readonly FunctionView[];
}

export interface FunctionView {
  readonly name: string;
  readonly uri: string;
  readonly range: PositionRange;
  readonly change: 'changed' | 'added' | 'removed' | 'signature' | 'reached';
  readonly via: readonly string[];
  /** Of a reached function: why it is replaced, a clause without a full stop. */
  readonly why?: string;
  readonly verdict: Verdict;
  readonly findings: readonly FindingView[];
}

export interface FindingView {
  readonly rule: string;
  readonly severity: Severity;
  readonly message: string;
  readonly uri: string;
  readonly range: PositionRange;
  /** Further places that belong to it: the way through inlining, or who uses what changed. */
  readonly related?: readonly { readonly message: string; readonly uri: string; readonly range: PositionRange }[];
}

/** Notification, server to client: the plan of a folder is new; ask again. */
export interface PlanChangedParams {
  readonly folder: string;
}

/** What the edit is compared with. */
export type BaselineChoice = { readonly kind: 'git'; readonly ref: string } | { readonly kind: 'folder'; readonly path: string };

export interface BaselineView {
  readonly choice: BaselineChoice;
  /** For people: `HEAD (1a2b3c4d)`, `v6.1.192`, a folder's path. */
  readonly label: string;
}

/** `livepatchStudio/setBaseline`: answers the baseline now in force, or fails with one sentence and keeps the old one. */
export interface SetBaselineParams {
  readonly folder?: string;
  readonly choice: BaselineChoice;
}

/** `livepatchStudio/baselineText`: a file's text in the baseline, or one function of it. */
export interface BaselineTextParams {
  readonly uri: string;
  /** With it, only that function's text, and the range of the same function in the edit. */
  readonly function?: string;
}

export interface BaselineTextResult {
  /** null when the file (or function) is not in the baseline. */
  readonly text: string | null;
  /** Where the function stands in the edit; absent when it does not, or when the whole file was asked for. */
  readonly range?: PositionRange;
}

/** `livepatchStudio/simulate`: cancellable, with work-done progress. */
export interface SimulateParams {
  readonly folder?: string;
  /** Only these functions of the plan; all when absent. */
  readonly functions?: readonly string[];
  readonly seed?: number;
  readonly cpus?: number;
  readonly hz?: number;
  readonly kernelVersion?: string;
  /** The system that applies the patch; upstream's livepatch when absent. */
  readonly model?: string;
  /** What the machine does; a bit of everything when absent. Another one has as many CPUs as it usually has, unless `cpus` says. */
  readonly workload?: string;
  /** The part of time to be drawn: all of it when absent. The rest of the parameters being the same, so is the trace it is part of. */
  readonly window?: TimeWindow;
}

/** `trace`: as much of it as can be drawn. */
export type SimulateResult = { readonly trace: TraceView; readonly verdict: Verdict; readonly offers: SimulationOffers } | { readonly empty: string };

/** What can be asked for instead. */
export interface SimulationOffers {
  readonly models: readonly string[];
  readonly workloads: readonly { readonly name: string; readonly title: string }[];
}

/** `livepatchStudio/moduleSource`: the source of a module that would carry the patch. */
export interface ModuleSourceParams {
  readonly folder?: string;
}

export interface ModuleSourceResult {
  readonly source: string;
}

/** Notification, client to server: clangd has come or gone; where it runs, call and type hierarchies are its own. */
export interface ClangdParams {
  readonly running: boolean;
}
