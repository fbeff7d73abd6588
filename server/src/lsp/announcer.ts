/** Tells the client, unasked, that a session's answers changed. */
import { CodeLensRefreshRequest, type Connection, type TextDocuments } from 'vscode-languageserver/node';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import type { ClientTraits } from './clientTraits';
import type { Folders } from './folders';
import { diagnosticsAt } from './languageFeatures';
import * as protocol from './protocol';
import type { FolderSession } from './session';

/** Time between a change and what is sent unasked (the view, pushed diagnostics); pulled answers never wait. */
const NOTIFY_DELAY_MS = 120;

export class Announcer {
  readonly #pending = new Map<FolderSession, NodeJS.Timeout>();
  #isDown = false;

  constructor(
    private readonly connection: Connection,
    private readonly folders: Folders,
    private readonly documents: TextDocuments<TextDocument>,
    private readonly client: () => ClientTraits,
  ) {}

  /** Changes in quick succession are told once. */
  changed(session: FolderSession): void {
    clearTimeout(this.#pending.get(session));
    if (this.#isDown || this.folders.session(session.uri) !== session) return;
    this.#pending.set(session, setTimeout(() => {
      this.#pending.delete(session);
      this.#tell(session);
    }, NOTIFY_DELAY_MS));
  }

  /** Nothing is told from now on. */
  dispose(): void {
    this.#isDown = true;
    for (const timer of this.#pending.values()) clearTimeout(timer);
  }

  #tell(session: FolderSession): void {
    const { connection } = this;
    const { pulls, refreshesDiagnostics, refreshesLenses } = this.client();
    session.current(); // begins to look up what it leaves open, before anybody asks
    void connection.sendNotification(protocol.methods.planChanged, { folder: session.uri } satisfies protocol.PlanChangedParams);
    if (refreshesLenses) void connection.sendRequest(CodeLensRefreshRequest.type).catch(ignore);
    if (refreshesDiagnostics) void connection.languages.diagnostics.refresh().catch(ignore);
    if (!pulls) void session.ready().then(() => { this.#push(session); }, ignore);
  }

  #push(session: FolderSession): void {
    for (const { uri, version } of this.documents.all()) {
      const at = this.folders.place(uri);
      if (at?.session === session && !this.#isDown) void this.connection.sendDiagnostics({ uri, version, diagnostics: diagnosticsAt(at) });
    }
  }
}

const ignore = (): void => undefined;
