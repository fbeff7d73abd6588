/** Wires the sessions to a connection: one handler per request, each a few lines; the work is done elsewhere. */
import { fileURLToPath, pathToFileURL } from 'node:url';
import {
  DidChangeConfigurationNotification,
  ResponseError,
  TextDocuments,
  TextDocumentSyncKind,
  type CancellationToken,
  type Connection,
  type InitializeParams,
  type InitializeResult,
  type WorkDoneProgressReporter,
} from 'vscode-languageserver/node';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { moduleSource } from '../author/moduleSource';
import { nodeHost, untrustedHost } from '../host/node';
import { diagnosticsOf, hoverOf, lensesOf, looseFindings, objectViews, rangeIn, type Naming } from './convert';
import { manualUri } from './manual';
import * as protocol from './protocol';
import { FolderSession } from './session';
import { defaultSettings, readSettings, type Settings } from './settings';
import { runSimulation } from './simulation';

/** Time between a change and what is sent unasked (the view, pushed diagnostics); pulled answers never wait. */
const NOTIFY_DELAY_MS = 120;

/** The protocol's RequestFailed: the request was fine, it could not be done; the message is for the user. */
const REQUEST_FAILED = -32803;

export function startServer(connection: Connection): void {
  const documents = new TextDocuments(TextDocument);
  const sessions = new Map<string, FolderSession>();
  let settings: Settings = defaultSettings;
  let clientPulls = false;
  let canRefresh = { diagnostics: false, lenses: false, configuration: false };
  const pending = new Map<FolderSession, NodeJS.Timeout>();

  const naming = (session: FolderSession): Naming => ({ uriOf: (path) => pathToFileURL(session.fileOf(path)).href, manualOf: manualUri });

  connection.onInitialize((params: InitializeParams): InitializeResult => {
    const options = (params.initializationOptions ?? {}) as { trusted?: unknown; settings?: unknown };
    settings = readSettings(options.settings);
    const { textDocument, workspace } = params.capabilities;
    clientPulls = textDocument?.diagnostic !== undefined;
    canRefresh = { diagnostics: workspace?.diagnostics?.refreshSupport === true, lenses: workspace?.codeLens?.refreshSupport === true, configuration: workspace?.configuration === true };
    const host = options.trusted === true ? nodeHost : untrustedHost;
    for (const { uri } of params.workspaceFolders ?? []) {
      const folder = filePathOf(uri);
      if (folder === undefined) continue;
      const session: FolderSession = new FolderSession(folder, host, settings, () => {
        announce(session);
      });
      sessions.set(uri, session);
    }
    return {
      serverInfo: { name: 'livepatch-studio' },
      capabilities: {
        textDocumentSync: { openClose: true, change: TextDocumentSyncKind.Incremental, save: true },
        codeLensProvider: {},
        hoverProvider: true,
        ...(clientPulls ? { diagnosticProvider: { identifier: 'livepatch-studio', interFileDependencies: true, workspaceDiagnostics: false } } : {}),
        workspace: { workspaceFolders: { supported: true } },
      },
    };
  });

  connection.onInitialized(() => {
    if (canRefresh.configuration) void connection.client.register(DidChangeConfigurationNotification.type, { section: 'livepatchStudio' }).catch(ignore);
    for (const session of sessions.values()) void session.start();
  });

  connection.onDidChangeConfiguration(async () => {
    if (!canRefresh.configuration) return;
    settings = readSettings(await connection.workspace.getConfiguration('livepatchStudio'));
    for (const session of sessions.values()) session.configure(settings);
  });

  connection.onDidChangeWatchedFiles(({ changes }) => {
    for (const session of sessions.values()) {
      const paths = changes.flatMap(({ uri }) => session.pathOf(filePathOf(uri) ?? '') ?? []).filter((path) => !session.isOpen(path));
      if (paths.length > 0) void session.fileChanged(paths);
    }
  });

  documents.onDidChangeContent(({ document }) => {
    const at = place(document.uri);
    if (at === undefined) return;
    at.session.setOpen(at.path, document.getText());
    void at.session.ready(at.path).then(() => {
      announce(at.session);
    }, ignore);
  });
  documents.onDidClose(({ document }) => {
    const at = place(document.uri);
    at?.session.setOpen(at.path, undefined);
    if (!clientPulls) void connection.sendDiagnostics({ uri: document.uri, diagnostics: [] });
  });

  connection.languages.diagnostics.on(async ({ textDocument }) => {
    const at = place(textDocument.uri);
    await at?.session.ready(at.path);
    const analysis = at?.session.current();
    return { kind: 'full', items: at === undefined || analysis === undefined ? [] : diagnosticsOf(analysis, at.path, naming(at.session)) };
  });

  connection.onCodeLens(async ({ textDocument }) => {
    const at = place(textDocument.uri);
    if (at === undefined || !settings.codeLens) return [];
    await at.session.ready(at.path);
    const analysis = at.session.current();
    return analysis === undefined ? [] : lensesOf(analysis, at.path, folderUri(at.session), naming(at.session));
  });

  connection.onHover(({ textDocument, position }) => {
    const at = place(textDocument.uri);
    const offset = documents.get(textDocument.uri)?.offsetAt(position);
    const analysis = at?.session.current();
    return at === undefined || offset === undefined || analysis === undefined ? null : (hoverOf(analysis, at.path, offset) ?? null);
  });

  connection.onRequest(protocol.methods.plan, ({ folder }: protocol.PlanParams) => planView(sessionOf(folder)));

  connection.onRequest(protocol.methods.setBaseline, async ({ folder, choice }: protocol.SetBaselineParams): Promise<protocol.BaselineView> => {
    const { label } = await orFail(sessionOf(folder).setBaseline(choice));
    return { choice, label };
  });

  connection.onRequest(protocol.methods.baselineText, async ({ uri, function: name }: protocol.BaselineTextParams): Promise<protocol.BaselineTextResult> => {
    const at = place(uri);
    const text = at === undefined ? undefined : await orFail(at.session.baselineText(at.path));
    if (at === undefined || text === undefined || name === undefined) return { text: text ?? null };
    const analysis = at.session.current();
    const change = analysis?.changes.find((file) => file.path === at.path)?.functions.find((one) => (one.after ?? one.before).name === name);
    const where = change?.after === undefined || analysis === undefined ? {} : { range: rangeIn(analysis, at.path, change.after.range) };
    return { text: change?.before === undefined ? null : text.slice(change.before.range.start, change.before.range.end), ...where };
  });

  connection.onRequest(protocol.methods.simulate, async (params: protocol.SimulateParams & { workDoneToken?: string | number }, token: CancellationToken): Promise<protocol.SimulateResult> => {
    const session = sessionOf(params.folder);
    const analysis = session.current();
    if (analysis === undefined) return { empty: messageOf(session) };
    const progress: WorkDoneProgressReporter | undefined = params.workDoneToken === undefined ? undefined : connection.window.attachWorkDoneProgress(params.workDoneToken);
    return orFail(runSimulation(analysis, params, settings.simulate, token, progress));
  });

  connection.onRequest(protocol.methods.moduleSource, ({ folder }: protocol.ModuleSourceParams): protocol.ModuleSourceResult => {
    const session = sessionOf(folder);
    const analysis = session.current();
    if (analysis === undefined) throw failure(messageOf(session));
    return { source: moduleSource(analysis.plan, { name: 'livepatch_edit', textOf: (path) => session.text(path) }) };
  });

  connection.onShutdown(() => {
    for (const session of sessions.values()) session.dispose();
    for (const timer of pending.values()) clearTimeout(timer);
  });

  documents.listen(connection);
  connection.listen();

  /** Tells the client that a session's answers changed; changes in quick succession are told once. */
  function announce(session: FolderSession): void {
    clearTimeout(pending.get(session));
    pending.set(session, setTimeout(() => {
      pending.delete(session);
      session.current(); // begins to look up what it leaves open, before anybody asks
      void connection.sendNotification(protocol.methods.planChanged, { folder: folderUri(session) } satisfies protocol.PlanChangedParams);
      if (canRefresh.lenses) void connection.languages.connection.sendRequest('workspace/codeLens/refresh').catch(ignore);
      if (canRefresh.diagnostics) connection.languages.diagnostics.refresh();
      if (!clientPulls) push(session);
    }, NOTIFY_DELAY_MS));
  }

  function push(session: FolderSession): void {
    const analysis = session.current();
    for (const { uri } of documents.all()) {
      const at = place(uri);
      if (at?.session === session) void connection.sendDiagnostics({ uri, diagnostics: analysis === undefined ? [] : diagnosticsOf(analysis, at.path, naming(session)) });
    }
  }

  function planView(session: FolderSession): protocol.PlanView {
    const analysis = session.current();
    const { state, baseline } = session;
    const shared = {
      folder: folderUri(session),
      baseline: { choice: baseline?.choice ?? { kind: 'git' as const, ref: settings.baseline }, label: baseline?.label ?? settings.baseline },
      profile: settings.profile,
    };
    if (analysis === undefined || state.kind !== 'ready') {
      return { ...shared, kernelVersion: undefined, state: state.kind === 'ready' ? 'analyzing' : state.kind, ...('message' in state ? { message: state.message } : {}), verdict: 'undecided', reasons: [], objects: [], findings: [] };
    }
    return {
      ...shared,
      kernelVersion: analysis.kernelVersion,
      state: 'ready',
      verdict: analysis.verdict,
      reasons: analysis.reasons,
      objects: objectViews(analysis, naming(session)),
      findings: looseFindings(analysis, naming(session)),
    };
  }

  function sessionOf(folder: string | undefined): FolderSession {
    const session = folder === undefined ? [...sessions.values()][0] : sessions.get(folder);
    if (session === undefined) throw failure(folder === undefined ? 'No folder is open.' : `${folder} is not an open workspace folder.`);
    return session;
  }

  function folderUri(session: FolderSession): string {
    for (const [uri, one] of sessions) if (one === session) return uri;
    return pathToFileURL(session.folder).href;
  }

  /** The session and the tree's path of a document; undefined for what is in no kernel tree. */
  function place(uri: string): { session: FolderSession; path: string } | undefined {
    const file = filePathOf(uri);
    if (file === undefined) return undefined;
    for (const session of sessions.values()) {
      const path = session.pathOf(file);
      if (path !== undefined) return { session, path };
    }
    return undefined;
  }
}

const ignore = (): void => undefined;

function messageOf(session: FolderSession): string {
  return 'message' in session.state ? session.state.message : 'The kernel tree is still being read.';
}

const failure = (message: string): ResponseError => new ResponseError(REQUEST_FAILED, message);

async function orFail<R>(work: Promise<R>): Promise<R> {
  try {
    return await work;
  } catch (error) {
    throw error instanceof ResponseError ? error : failure(error instanceof Error ? error.message : String(error));
  }
}

function filePathOf(uri: string): string | undefined {
  try {
    return uri.startsWith('file:') ? fileURLToPath(uri) : undefined;
  } catch {
    return undefined;
  }
}
