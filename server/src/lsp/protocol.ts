/**
 * Our own requests between client and server, beyond the Language Server Protocol. docs/protocol.md describes them;
 * a test keeps the two in step. Only types and method names: the client imports this file, too.
 */
import type { Evidence, Profile, Severity, Verdict } from '../rules/finding';
import type { ModelName, ScenarioFile, SystemView, TimeWindow, TraceView } from '../simulate/types';
import type { PositionRange } from '../syntax/positions';

export const methods = {
  plan: 'livepatchStudio/plan',
  planChanged: 'livepatchStudio/planChanged',
  simulate: 'livepatchStudio/simulate',
  simulationPart: 'livepatchStudio/simulationPart',
  exportSimulation: 'livepatchStudio/exportSimulation',
  report: 'livepatchStudio/report',
  locate: 'livepatchStudio/locate',
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
  /** What the verdict rests on: `unpatchable` on the best error, others on the weakest of what was said. */
  readonly evidence: Evidence;
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
  /** Its line in a table of struct klp_func; absent where the patch does not redirect it. */
  readonly klpFunc?: string;
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

/** `livepatchStudio/simulate`: cancellable, with work-done progress. The same edit, scenario and settings give the same answer; the last one's traces are kept, so that other parts of them can be told. */
export interface SimulateParams {
  readonly folder?: string;
  /** Only these functions of the plan; all when absent. */
  readonly functions?: readonly string[];
  /** Whatever it does not say is the plan's and the settings'. Checked by docs/schemas/klpsim.schema.json. */
  readonly scenario?: ScenarioFile;
  /** The file that the scenario's relative paths count from; the workspace folder when absent. */
  readonly scenarioUri?: string;
}

/** `livepatchStudio/simulationPart`: another part of a simulation, from its kept traces: answered at once, also while another simulation is under way, whatever has become of the edit. */
export interface SimulationPartParams {
  readonly folder?: string;
  /** Of the `SimulationView`. */
  readonly id: string;
  readonly detail: SimulationDetail;
}

/** null when the traces are no longer kept: they are the last simulation's, until the server ends. */
export type SimulationPartResult = TraceView | null;

export interface SimulationDetail {
  /** The system that is looked at closely: one of the scenario's, the first when absent. */
  readonly system?: ModelName;
  /** The part of time; all of it when absent. */
  readonly window?: TimeWindow;
  readonly filter?: string;
}

/** `empty`: why there is nothing to simulate, a sentence. */
export type SimulateResult = SimulationView | { readonly empty: string };

export interface SimulationView {
  /** Names the kept traces in requests for parts of them. */
  readonly id: string;
  /** As much of the first system's run as can be drawn. */
  readonly trace: TraceView;
  /** All that were run, in the scenario's order. */
  readonly systems: readonly SystemView[];
  /** Those that cannot be simulated on this machine, and why. */
  readonly refused: readonly { readonly model: ModelName; readonly why: string }[];
  readonly verdict: Verdict;
  /** What was simulated, with everything that was left out filled in, but for what the edit says: it can be saved as it is. */
  readonly scenario: ScenarioFile;
  readonly offers: SimulationOffers;
}

/** What can be asked for instead. */
export interface SimulationOffers {
  readonly models: readonly ModelName[];
  readonly workloads: readonly { readonly name: string; readonly title: string; readonly cpus: number; readonly tasks: number }[];
  /** CONFIG_HZ. */
  readonly hz: readonly number[];
  readonly mostCpus: number;
}

/** `livepatchStudio/exportSimulation`: the same simulation as a document. `svg`: the picture of one system, or of all when there are several. `markdown`: a report for a change request. */
export interface ExportParams extends SimulateParams {
  readonly format: 'svg' | 'markdown';
  /** Only this system. */
  readonly system?: ModelName;
}

export interface ExportResult {
  readonly text: string;
}

/** `livepatchStudio/report`: the plan and its findings as Markdown, without a simulation. */
export interface ReportParams {
  readonly folder?: string;
}

export interface ReportResult {
  readonly markdown: string;
}

/** `livepatchStudio/locate`: where a function of the tree is defined, in the edit or out of it; null when that is not known. */
export interface LocateParams {
  readonly folder?: string;
  readonly function: string;
}

export type LocateResult = { readonly uri: string; readonly range: PositionRange } | null;

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
