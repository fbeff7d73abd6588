import type { Disposable, Event, LogOutputChannel } from 'vscode';
import { commands, EventEmitter, Uri, window, workspace } from 'vscode';
import type { PlanChangedParams, PlanView } from '../../server/src/lsp/protocol';
import { methods } from '../../server/src/lsp/protocol';
import { functionsOf } from './planWords';
import type { Server } from './server';
import { messageOf } from './messageOf';
import { viewState } from './viewState';

/**
 * The plan of each workspace folder as the server last told it. Features read from here; nobody else asks for plans.
 * Keeps the context key `livepatchStudio.state`, on which commands, menus and welcome texts depend.
 */
export class Plans implements Disposable {
  readonly #plans = new Map<string, PlanView>();
  readonly #changed = new EventEmitter<void>();
  readonly #analyzed = new EventEmitter<void>();
  readonly #subscription: Disposable;
  /** Some plan, or the state, is another than before. */
  readonly onDidChange: Event<void> = this.#changed.event;
  /** The server read the edit anew, with or without a change of the plan. */
  readonly onDidAnalyze: Event<void> = this.#analyzed.event;

  constructor(
    private readonly server: Server,
    private readonly log: LogOutputChannel,
  ) {
    server.onNotification(methods.planChanged, (params) => {
      // The server may encode a colon or a space of the URI in another way than we do.
      void this.#refresh(Uri.parse((params as PlanChangedParams).folder).toString());
      this.#analyzed.fire();
    });
    this.#subscription = server.onDidChangeState(() => void this.refresh());
  }

  /** In the order of the workspace's folders. */
  get all(): readonly PlanView[] {
    return (workspace.workspaceFolders ?? []).flatMap(({ uri }) => this.#plans.get(uri.toString()) ?? []);
  }

  /** What the views show: one of PlanView's states, or what stands in the way of having a plan. */
  get state(): string {
    return viewState(this.server.state, this.all);
  }

  /** The plan of the folder named, else of the active editor's folder, else the first that has functions in it, else the first. */
  pick(folder?: string): PlanView | undefined {
    const active = window.activeTextEditor?.document.uri;
    const wanted = folder ?? (active && workspace.getWorkspaceFolder(active)?.uri.toString());
    return (
      this.all.find((plan) => plan.folder === wanted) ?? this.all.find((plan) => functionsOf(plan).length > 0) ?? this.all[0]
    );
  }

  /** Asks for every folder's plan again. */
  async refresh(): Promise<void> {
    if (this.server.state === 'running') {
      const folders = (workspace.workspaceFolders ?? []).map(({ uri }) => uri.toString());
      for (const known of this.#plans.keys()) if (!folders.includes(known)) this.#plans.delete(known);
      await Promise.all(folders.map((folder) => this.#refresh(folder)));
    } else {
      this.#plans.clear();
    }
    this.#announce();
  }

  dispose(): void {
    this.#subscription.dispose();
    this.#changed.dispose();
    this.#analyzed.dispose();
  }

  async #refresh(folder: string): Promise<void> {
    try {
      const plan = await this.server.request<PlanView>(methods.plan, { folder });
      const before = this.#plans.get(folder);
      const now = { ...plan, folder };
      if (JSON.stringify(before) === JSON.stringify(now)) return;
      this.#plans.set(folder, now);
      this.#announce();
    } catch (error) {
      this.log.warn(`No plan for ${folder}: ${messageOf(error)}`);
    }
  }

  #announce(): void {
    void commands.executeCommand('setContext', 'livepatchStudio.state', this.state);
    this.#changed.fire();
  }
}
