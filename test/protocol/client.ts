/**
 * A client that takes the server at its word: every message is checked as it comes, and whatever the protocol, the capabilities
 * told or our own description do not allow is a problem that fails the test at `end`.
 */
import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished } from 'vitest';
import { TextDocument, type TextDocumentContentChangeEvent } from 'vscode-languageserver-textdocument';
import {
  CancellationTokenSource,
  createMessageConnection,
  StreamMessageReader,
  StreamMessageWriter,
  type CancellationToken,
  type ClientCapabilities,
  type CodeLens,
  type Diagnostic,
  type Hover,
  type InitializeResult,
  type MessageConnection,
  type RegistrationParams,
  type UnregistrationParams,
} from 'vscode-languageserver-protocol/node';
import type { BaselineChoice, BaselineTextResult, BaselineView, ExportParams, ExportResult, FunctionView, LocateResult, PlanView, SimulateParams, SimulateResult, SimulationPartParams, SimulationPartResult } from '../../server/src/lsp/protocol';
import { builtServer } from './bundle';
import { placeProblems, shapeProblems } from './shapes';
import type { Workspace } from './workspace';

export interface Options {
  /** Default true. */
  readonly trusted?: boolean;
  /** Without: diagnostics are pushed, nothing is refreshed, and settings are told, not asked for. */
  readonly pulls?: boolean;
  readonly settings?: object;
  readonly env?: NodeJS.ProcessEnv;
  /** What is told of clangd. */
  readonly clangd?: boolean;
  /** How the client takes call and type hierarchies; without, it does not know them. */
  readonly hierarchies?: 'dynamic' | 'static';
  /** Where the index goes; a folder of this client's own when absent. */
  readonly storage?: string;
}

const pulling: ClientCapabilities = {
  textDocument: { diagnostic: {} },
  workspace: { diagnostics: { refreshSupport: true }, codeLens: { refreshSupport: true }, configuration: true, workspaceFolders: true },
  window: { workDoneProgress: true },
};

const QUIET_MS = 60_000;

/** The bundled server as a process, with nothing said to it yet. */
export function spawnServer(env: NodeJS.ProcessEnv = process.env): ChildProcessByStdio<Writable, Readable, Readable> {
  return spawn(process.execPath, [builtServer(), '--stdio'], { stdio: ['pipe', 'pipe', 'pipe'], env });
}

export class StrictClient {
  readonly problems: string[] = [];
  /** Everything the server said by itself, in order. */
  readonly received: { readonly method: string; readonly params: unknown }[] = [];
  /** What the server has registered at the moment: methods by id. */
  readonly registered = new Map<string, string>();
  readonly #documents = new Map<string, TextDocument>();
  /** Closed, and not cleared by the server yet. */
  readonly #closing = new Set<string>();
  readonly #published = new Map<string, Diagnostic[]>();
  readonly #exited: Promise<unknown[]>;
  readonly #connection: MessageConnection;
  initialized!: InitializeResult;
  settings: object;
  #waiting: (() => void)[] = [];
  #down = false;

  private constructor(
    readonly folders: readonly Workspace[],
    readonly process: ChildProcessByStdio<Writable, Readable, Readable>,
    readonly options: Options,
  ) {
    this.settings = options.settings ?? {};
    this.#exited = once(process, 'exit');
    process.stderr.on('data', (data: Buffer) => this.problems.push(`stderr: ${data.toString()}`));
    // Whatever else comes on standard output is an error of the reader's.
    this.#connection = createMessageConnection(new StreamMessageReader(process.stdout), new StreamMessageWriter(process.stdin));
    this.#connection.onError(([error]) => this.problems.push(`stdout: ${error.message}`));
    this.#connection.onNotification((method, params) => { this.#receive(method, params); });
    this.#connection.onRequest((method, params) => this.#answer(method, params));
    // Progress has a mechanism of its own, which would swallow tokens nobody listens to.
    this.#connection.onUnhandledProgress((params) => { this.#receive('$/progress', params); });
    this.#connection.listen();
  }

  static async start(folders: readonly Workspace[], options: Options = {}): Promise<StrictClient> {
    const client = new StrictClient(folders, spawnServer(options.env), options);
    const { clangd, storage = freshStorage(), hierarchies } = options;
    const known = hierarchies === undefined ? {} : { callHierarchy: { dynamicRegistration: hierarchies === 'dynamic' }, typeHierarchy: { dynamicRegistration: hierarchies === 'dynamic' } };
    client.initialized = await client.#connection.sendRequest<InitializeResult>('initialize', {
      processId: process.pid,
      rootUri: folders[0]?.uri ?? null,
      workspaceFolders: folders.map(({ uri, path }) => ({ uri, name: path })),
      capabilities: options.pulls === false ? { textDocument: known } : { ...pulling, textDocument: { ...pulling.textDocument, ...known } },
      initializationOptions: { trusted: options.trusted ?? true, settings: client.settings, storage, ...(clangd === undefined ? {} : { clangd }) },
    });
    client.notify('initialized', {});
    return client;
  }

  /** Shuts the server down, and holds that all went by the rules and nothing was written. `lingerMs`: how long it may still say what it must not. */
  async end(lingerMs = 0): Promise<void> {
    await this.request('shutdown');
    this.#down = true;
    await expect(this.#connection.sendRequest('livepatchStudio/plan', {})).rejects.toMatchObject({ code: -32600 });
    if (lingerMs > 0) await new Promise((resolve) => setTimeout(resolve, lingerMs));
    this.notify('exit');
    expect(await this.#exited).toEqual([0, null]);
    expect(this.problems).toEqual([]);
    for (const folder of this.folders) expect(folder.writtenTo()).toEqual([]);
  }

  notify(method: string, params?: object): void {
    void this.#connection.sendNotification(method, params);
  }

  /** Rejects as the server does; whatever it answers is checked. */
  async request<R>(method: string, params?: object, token: CancellationToken = new CancellationTokenSource().token): Promise<R> {
    const { textDocument, item, uri = (textDocument ?? item)?.uri } = (params ?? {}) as { textDocument?: { uri: string }; item?: { uri: string }; uri?: string };
    const version = this.#versions();
    const result = await this.#connection.sendRequest<R>(method, params, token);
    this.problems.push(...shapeProblems(method, result));
    // Places are compared with the text of now: the one they are about, unless it changed meanwhile.
    if (method !== 'livepatchStudio/simulate' && version === this.#versions()) this.problems.push(...placeProblems(method, result, uri, (one) => this.#textOf(one)));
    return result;
  }

  open(uri: string, text: string): void {
    this.#documents.set(uri, TextDocument.create(uri, 'c', 1, text));
    this.notify('textDocument/didOpen', { textDocument: { uri, languageId: 'c', version: 1, text } });
  }

  change(uri: string, ...contentChanges: TextDocumentContentChangeEvent[]): void {
    const document = this.#document(uri);
    const version = document.version + 1;
    TextDocument.update(document, contentChanges, version);
    this.notify('textDocument/didChange', { textDocument: { uri, version }, contentChanges });
  }

  /** Replaces the first place of a document that reads `from`, as typing would. */
  replace(uri: string, from: string, to: string): void {
    const document = this.#document(uri);
    const start = document.getText().indexOf(from);
    if (start < 0) throw new Error(`not in ${uri}: ${from}`);
    this.change(uri, { range: { start: document.positionAt(start), end: document.positionAt(start + from.length) }, text: to });
  }

  close(uri: string): void {
    this.#documents.delete(uri);
    if (this.options.pulls === false) this.#closing.add(uri);
    this.notify('textDocument/didClose', { textDocument: { uri } });
  }

  isOpen(uri: string): boolean {
    return this.#documents.has(uri);
  }

  text(uri: string): string {
    return this.#document(uri).getText();
  }

  /** Pulled, or the last ones pushed. */
  async diagnostics(uri: string, token?: CancellationToken): Promise<Diagnostic[]> {
    if (this.options.pulls === false) return this.#published.get(uri) ?? [];
    const { items } = await this.request<{ items: Diagnostic[] }>('textDocument/diagnostic', { textDocument: { uri } }, token);
    return items;
  }

  lenses(uri: string): Promise<CodeLens[]> {
    return this.request('textDocument/codeLens', { textDocument: { uri } });
  }

  hover(uri: string, word: string): Promise<Hover | null> {
    const document = this.#document(uri);
    return this.request('textDocument/hover', { textDocument: { uri }, position: document.positionAt(document.getText().indexOf(word)) });
  }

  plan(folder?: string): Promise<PlanView> {
    return this.request('livepatchStudio/plan', folder === undefined ? {} : { folder });
  }

  /** The plan once nothing is left to look up. */
  settled(folder?: string): Promise<PlanView> {
    return this.until(async () => {
      const plan = await this.plan(folder);
      return plan.state !== 'analyzing' && !plan.reasons.includes('the rest of the tree is still being read') ? plan : undefined;
    });
  }

  setBaseline(choice: BaselineChoice): Promise<BaselineView> {
    return this.request('livepatchStudio/setBaseline', { choice });
  }

  baselineText(uri: string, name?: string): Promise<BaselineTextResult> {
    return this.request('livepatchStudio/baselineText', name === undefined ? { uri } : { uri, function: name });
  }

  simulate(params: SimulateParams & { workDoneToken?: string } = {}, token?: CancellationToken): Promise<SimulateResult> {
    return this.request('livepatchStudio/simulate', params, token);
  }

  part(params: SimulationPartParams): Promise<SimulationPartResult> {
    return this.request('livepatchStudio/simulationPart', params);
  }

  exported(params: ExportParams & { workDoneToken?: string }, token?: CancellationToken): Promise<ExportResult> {
    return this.request('livepatchStudio/exportSimulation', params, token);
  }

  locate(name: string): Promise<LocateResult> {
    return this.request('livepatchStudio/locate', { function: name });
  }

  /** Asks again after each thing the server says, until there is an answer. */
  async until<T>(ask: () => T | undefined | Promise<T | undefined>): Promise<T> {
    for (;;) {
      const seen = this.received.length;
      const answer = await ask();
      if (answer !== undefined) return answer;
      if (seen === this.received.length) await this.#nextMessage();
    }
  }

  /** How often the server said it by itself. */
  count(method: string): number {
    return this.received.filter((message) => message.method === method).length;
  }

  /** Rejects when the server has long gone quiet: better than a test that times out without a word. */
  #nextMessage(): Promise<void> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => { reject(new Error(`the server went quiet after ${this.received.length} messages; problems: ${this.problems.join('; ')}`)); }, QUIET_MS);
      this.#waiting.push(() => { clearTimeout(timer); resolve(); });
    });
  }

  #receive(method: string, params: unknown): void {
    this.received.push({ method, params });
    if (this.#down) this.problems.push(`after shutdown: ${method}`);
    // Logged errors are problems, too: nobody knows window/logMessage here.
    this.problems.push(...shapeProblems(method, params).map((problem) => `${problem} ${JSON.stringify(params)}`));
    if (method === 'textDocument/publishDiagnostics') this.#publish(params as { uri: string; version?: number; diagnostics: Diagnostic[] });
    for (const wake of this.#waiting.splice(0)) wake();
  }

  #publish({ uri, version, diagnostics }: { readonly uri: string; readonly version?: number; readonly diagnostics: Diagnostic[] }): void {
    if (this.options.pulls !== false) this.problems.push('diagnostics pushed to a client that pulls');
    const document = this.#documents.get(uri);
    // What was on its way when the document was closed; the server clears it once it has read that.
    if (diagnostics.length === 0) this.#closing.delete(uri);
    if (document === undefined && diagnostics.length > 0 && !this.#closing.has(uri)) this.problems.push(`diagnostics pushed for ${uri}, which is not open`);
    if (document !== undefined && version === document.version) this.problems.push(...placeProblems('pushed', diagnostics, uri, (one) => this.#textOf(one)));
    this.#published.set(uri, diagnostics);
  }

  #answer(method: string, params: unknown): unknown {
    this.#receive(method, params);
    if (this.options.pulls === false) this.problems.push(`${method} asked of a client that told no such capability`);
    if (method === 'client/registerCapability') for (const one of (params as RegistrationParams).registrations) this.registered.set(one.id, one.method);
    if (method === 'client/unregisterCapability') {
      for (const { id } of (params as UnregistrationParams).unregisterations) if (!this.registered.delete(id)) this.problems.push(`taken back without having been registered: ${id}`);
    }
    return method === 'workspace/configuration' ? (params as { items: unknown[] }).items.map(() => this.settings) : null;
  }

  #document(uri: string): TextDocument {
    const document = this.#documents.get(uri);
    if (document === undefined) throw new Error(`${uri} is not open`);
    return document;
  }

  #versions(): string {
    return [...this.#documents].map(([uri, { version }]) => `${uri} ${version}`).join();
  }

  #textOf(uri: string): string | undefined {
    try {
      return this.#documents.get(uri)?.getText() ?? readFileSync(fileURLToPath(uri), 'utf8');
    } catch {
      return undefined;
    }
  }
}

function freshStorage(): string {
  const folder = mkdtempSync(join(tmpdir(), 'livepatch-storage-'));
  onTestFinished(() => { rmSync(folder, { recursive: true, force: true }); });
  return folder;
}

/** `name` or `name ← via ← via` of each function of a plan, by object, sorted. */
export function namesIn(plan: PlanView): Record<string, string[]> {
  const shown = ({ name, via }: FunctionView): string => [name, ...[...via].reverse()].join(' ← ');
  return Object.fromEntries(plan.objects.map((object) => [object.name, object.functions.map(shown).sort()]));
}

/** `line code` of diagnostics, by line. */
export function codesIn(diagnostics: readonly Diagnostic[]): string[] {
  return diagnostics.map(({ range, code }) => `${range.start.line} ${String(code)}`).sort();
}
