import type { CancellationToken, Disposable, Event, LogOutputChannel } from 'vscode';
import { EventEmitter, Uri, workspace } from 'vscode';
import { LanguageClient, State, TransportKind, WorkDoneProgress } from 'vscode-languageclient/node';
import { randomUUID } from 'node:crypto';
import { clangdRuns } from './clangdRuns';
import type { LensCommands } from './lensCommands';
import { messageOf } from './messageOf';

export type ServerState = 'starting' | 'running' | 'stopped' | 'failed';

/** What changes the plan without being open in an editor: sources, build files, the configuration, what HEAD points at, and what git saw last. */
const watchedFiles = ['**/*.{c,h}', '**/{Makefile,Kbuild}', '**/.config', '**/livepatch-studio.json', '**/.git/{HEAD,logs/HEAD,index}'];

/**
 * The language server as the features see it: a state, requests and notifications. It outlives a restart, so a feature
 * registers its handlers once. After a crash the library restarts the server by itself, five times in three minutes at most;
 * `restart` always works, whatever became of the server before.
 */
export class Server implements Disposable {
  #client: LanguageClient | undefined;
  #state: ServerState = 'stopped';
  readonly #stateChanged = new EventEmitter<ServerState>();
  readonly #watchers = watchedFiles.map((glob) => workspace.createFileSystemWatcher(glob));
  readonly #handlers = new Map<string, (params: unknown) => void>();
  readonly onDidChangeState: Event<ServerState> = this.#stateChanged.event;

  constructor(
    private readonly extensionUri: Uri,
    /** For what the server keeps between sessions; need not exist. */
    private readonly storageUri: Uri,
    private readonly log: LogOutputChannel,
    private readonly lensCommands: LensCommands,
  ) {}

  get state(): ServerState {
    return this.#state;
  }

  /** Starts the server, or leaves the reason in the log and the state `failed`. */
  async start(): Promise<void> {
    const client = this.#createClient();
    this.#client = client;
    for (const [method, handler] of this.#handlers) client.onNotification(method, handler);
    client.onDidChangeState(({ newState }) => {
      if (this.#client === client) this.#enter(stateNames[newState]);
    });
    try {
      await client.start();
    } catch (error) {
      this.log.error(`The language server did not start: ${messageOf(error)}`);
      if (this.#client === client) this.#enter('failed');
    }
  }

  /** A fresh client each time: one whose start failed cannot be stopped or started again. */
  async restart(): Promise<void> {
    await this.#stop();
    await this.start();
  }

  /** Called on every notification of this method, also after a restart. */
  onNotification(method: string, handler: (params: unknown) => void): void {
    this.#handlers.set(method, handler);
    this.#client?.onNotification(method, handler);
  }

  /** Lost while the server is not running: what it tells has to be told at initialization, too. */
  notify(method: string, params: object): void {
    if (this.#state === 'running') void this.#client?.sendNotification(method, params);
  }

  /**
   * Rejects with the server's one sentence, or when it is not running.
   * @param told called with how far the work has come, in percent, where the server tells it
   */
  async request<Result>(method: string, params: object, token?: CancellationToken, told?: (percent: number) => void): Promise<Result> {
    const client = this.#client;
    if (client === undefined || this.#state !== 'running') throw new Error('The Livepatch Studio server is not running.');
    const workDoneToken = randomUUID();
    const listening = told && client.onProgress(WorkDoneProgress.type, workDoneToken, (value) => {
      if (value.kind !== 'end' && value.percentage !== undefined) told(value.percentage);
    });
    const sent = told === undefined ? params : { ...params, workDoneToken };
    try {
      // An absent token must not be passed: it would count as a second parameter.
      return token === undefined ? await client.sendRequest<Result>(method, sent) : await client.sendRequest<Result>(method, sent, token);
    } finally {
      listening?.dispose();
    }
  }

  dispose(): void {
    void this.#stop();
    this.#stateChanged.dispose();
    for (const watcher of this.#watchers) watcher.dispose();
  }

  async #stop(): Promise<void> {
    const client = this.#client;
    this.#client = undefined;
    this.#enter('stopped');
    try {
      await client?.dispose();
    } catch (error) {
      // It was starting, or hung: its process dies with its connection, and the next client is a new one.
      this.log.warn(`The language server did not stop cleanly: ${messageOf(error)}`);
    }
  }

  #enter(state: ServerState): void {
    if (this.#state === state) return;
    this.#state = state;
    this.#stateChanged.fire(state);
  }

  #createClient(): LanguageClient {
    const module = Uri.joinPath(this.extensionUri, 'dist', 'server.js').fsPath;
    const run = { module, transport: TransportKind.ipc };
    return new LanguageClient(
      'livepatchStudio',
      'Livepatch Studio',
      { run, debug: { ...run, options: { execArgv: ['--nolazy', '--inspect=6019'] } } },
      {
        // VS Code takes .h files for C++ unless told otherwise, and a kernel's record layouts live there.
        documentSelector: [
          { scheme: 'file', language: 'c' },
          { scheme: 'file', language: 'cpp', pattern: '**/*.h' },
        ],
        outputChannel: this.log,
        initializationOptions: () => ({
          trusted: workspace.isTrusted,
          clangd: clangdRuns(),
          storage: this.storageUri.fsPath,
          // Its values only: a configuration object carries functions and proxies too.
          settings: JSON.parse(JSON.stringify(workspace.getConfiguration('livepatchStudio'))) as unknown,
        }),
        middleware: { provideCodeLenses: async (document, token, next) => (await next(document, token))?.map((lens) => this.lensCommands.lasting(lens)) },
        synchronize: { fileEvents: [...this.#watchers] },
      },
    );
  }
}

const stateNames = {
  [State.Stopped]: 'stopped',
  [State.Starting]: 'starting',
  [State.Running]: 'running',
  [State.StartFailed]: 'failed',
} as const satisfies Record<State, ServerState>;
