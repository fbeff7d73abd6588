/** Wires the sessions to a connection: one handler per request, each a few lines; the work is done elsewhere. */
import { pathToFileURL } from 'node:url';
import {
  CodeLensRefreshRequest,
  DidChangeConfigurationNotification,
  LSPErrorCodes,
  ResponseError,
  TextDocuments,
  TextDocumentSyncKind,
  type CancellationToken,
  type Connection,
  type Diagnostic,
  type InitializeParams,
  type InitializeResult,
  type WorkDoneProgressReporter,
} from 'vscode-languageserver/node';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { moduleSource } from '../author/moduleSource';
import { manualUri } from '../host/manual';
import { nodeHost, untrustedHost } from '../host/node';
import type { IndexKeeper } from '../host/indexKeeper';
import type { Host } from '../host/ports';
import { unlessCancelled } from './cancelled';
import { codeActionKinds, codeActionsOf, placeOfAction, resolvedAction } from './codeActions';
import { diagnosticsOf, lensesOf, rangeIn, unreadableDiagnostic, type Naming } from './convert';
import { filePathOf, Folders, type Place } from './folders';
import { Hierarchies } from './hierarchies';
import { hoverOf } from './hover';
import { planView } from './planView';
import * as protocol from './protocol';
import { FolderSession } from './session';
import { defaultSettings, readSettings, type Settings } from './settings';
import { keepIndex } from './treeIndex';
import { Simulations } from './simulation';

/** Time between a change and what is sent unasked (the view, pushed diagnostics); pulled answers never wait. */
const NOTIFY_DELAY_MS = 120;

export function startServer(connection: Connection): void {
  const documents = new TextDocuments(TextDocument);
  const folders = new Folders();
  const hierarchies = new Hierarchies(connection, folders);
  const simulations = new Simulations();
  let host: Host = untrustedHost;
  let settings: Settings = defaultSettings;
  let client = { pulls: false, configuration: false, folders: false, refreshesDiagnostics: false, refreshesLenses: false };
  /** Absolute path of the folder for what is kept between sessions. */
  let storage: string | undefined;
  let down = false;
  const pending = new Map<FolderSession, NodeJS.Timeout>();

  connection.onInitialize(async (params: InitializeParams): Promise<InitializeResult> => {
    const options = (params.initializationOptions ?? {}) as { trusted?: unknown; settings?: unknown; storage?: unknown; clangd?: unknown };
    settings = readSettings(options.settings);
    storage = typeof options.storage === 'string' ? options.storage : undefined;
    host = options.trusted === true ? nodeHost : untrustedHost;
    const { textDocument, workspace } = params.capabilities;
    client = {
      pulls: textDocument?.diagnostic !== undefined,
      configuration: workspace?.configuration === true,
      folders: workspace?.workspaceFolders === true,
      refreshesDiagnostics: workspace?.diagnostics?.refreshSupport === true,
      refreshesLenses: workspace?.codeLens?.refreshSupport === true,
    };
    // Before the answer: a document that is opened next has to find its tree.
    for (const { uri } of params.workspaceFolders ?? rootOf(params)) await addFolder(uri);
    return {
      serverInfo: { name: 'livepatch-studio' },
      capabilities: {
        textDocumentSync: { openClose: true, change: TextDocumentSyncKind.Incremental },
        codeLensProvider: {},
        codeActionProvider: { codeActionKinds, resolveProvider: true },
        hoverProvider: true,
        ...hierarchies.capabilities(params.capabilities, options.clangd === true),
        ...(client.pulls ? { diagnosticProvider: { identifier: 'livepatch-studio', interFileDependencies: true, workspaceDiagnostics: false } } : {}),
        workspace: { workspaceFolders: { supported: true, changeNotifications: true } },
      },
    };
  });

  connection.onInitialized(() => {
    if (client.configuration) void connection.client.register(DidChangeConfigurationNotification.type, { section: 'livepatchStudio' }).catch(ignore);
    hierarchies.register();
    for (const session of folders.all) void startFolder(session);
    if (client.folders) connection.workspace.onDidChangeWorkspaceFolders(({ added, removed }) => {
      for (const { uri } of removed) folders.remove(uri);
      for (const { uri } of added) void addFolder(uri).then(adopt, ignore);
    });
  });

  connection.onDidChangeConfiguration(async ({ settings: pushed }) => {
    if (!client.configuration) settings = readSettings((pushed as { livepatchStudio?: unknown } | null)?.livepatchStudio);
    for (const session of folders.all) session.configure(await settingsOf(session));
  });

  connection.onDidChangeWatchedFiles(({ changes }) => {
    const changed = changes.flatMap(({ uri }) => folders.places(uri)).filter(({ session, path }) => !session.isOpen(path));
    for (const session of folders.all) {
      const paths = changed.filter((at) => at.session === session).map((at) => at.path);
      if (paths.length > 0) void session.filesChanged(paths);
    }
  });

  documents.onDidChangeContent(({ document }) => {
    for (const { session, path } of folders.places(document.uri)) void session.setOpen(path, document.getText());
  });
  documents.onDidClose(({ document }) => {
    for (const { session, path } of folders.places(document.uri)) void session.setOpen(path, undefined);
    if (!client.pulls) void connection.sendDiagnostics({ uri: document.uri, diagnostics: [] });
  });

  connection.languages.diagnostics.on(async ({ textDocument }) => {
    const at = folders.place(textDocument.uri);
    await at?.session.ready();
    return { kind: 'full', items: at === undefined ? [] : diagnostics(at) };
  });

  connection.onCodeLens(async ({ textDocument }) => {
    const at = folders.place(textDocument.uri);
    if (at?.session.settings.codeLens !== true) return [];
    await at.session.ready();
    const analysis = at.session.current();
    return analysis === undefined ? [] : lensesOf(analysis, at.path, at.session.uri, naming(at.session));
  });

  connection.onCodeAction(async (params) => {
    const at = folders.place(params.textDocument.uri);
    await at?.session.ready();
    const analysis = at?.session.current();
    return at === undefined || analysis === undefined ? [] : codeActionsOf(analysis, at.path, params, naming(at.session));
  });

  connection.onCodeActionResolve(async (action) => {
    const at = placeOfAction(action, (uri) => folders.place(uri));
    const analysis = await at?.session.complete();
    return at === undefined || analysis === undefined ? action : resolvedAction(action, analysis, at.path, (uri) => documents.get(uri)?.version ?? null, naming(at.session));
  });

  connection.onHover(async ({ textDocument, position }) => {
    const at = folders.place(textDocument.uri);
    await at?.session.ready();
    const offset = documents.get(textDocument.uri)?.offsetAt(position);
    const analysis = at?.session.current();
    return at === undefined || offset === undefined || analysis === undefined ? null : (hoverOf(analysis, at.path, offset) ?? null);
  });

  connection.onRequest(protocol.methods.plan, ({ folder }: protocol.PlanParams) => {
    const session = sessionOf(folder);
    return planView(session, naming(session));
  });

  connection.onRequest(protocol.methods.setBaseline, async ({ folder, choice }: protocol.SetBaselineParams): Promise<protocol.BaselineView> => {
    const { label } = await orFail(sessionOf(folder).setBaseline(choice));
    return { choice, label };
  });

  connection.onRequest(protocol.methods.baselineText, async ({ uri, function: name }: protocol.BaselineTextParams): Promise<protocol.BaselineTextResult> => {
    const at = folders.place(uri);
    const text = await at?.session.baselineText(at.path);
    if (at === undefined || text === undefined || name === undefined) return { text: text ?? null };
    await at.session.ready();
    const analysis = at.session.current();
    const change = analysis?.changes.find((file) => file.path === at.path)?.functions.find((one) => (one.after ?? one.before).name === name);
    const where = change?.after === undefined || analysis === undefined ? {} : { range: rangeIn(analysis, at.path, change.after.range) };
    return { text: change?.before === undefined ? null : text.slice(change.before.range.start, change.before.range.end), ...where };
  });

  connection.onRequest(protocol.methods.simulate, async (params: protocol.SimulateParams & { workDoneToken?: string | number }, token: CancellationToken): Promise<protocol.SimulateResult> => {
    const session = sessionOf(params.folder);
    const analysis = await unlessCancelled(token, session.complete());
    const progress: WorkDoneProgressReporter | undefined = params.workDoneToken === undefined ? undefined : connection.window.attachWorkDoneProgress(params.workDoneToken);
    return orFail(simulations.simulate({ session, analysis, token, progress }, params));
  });

  connection.onRequest(protocol.methods.moduleSource, async ({ folder }: protocol.ModuleSourceParams, token: CancellationToken): Promise<protocol.ModuleSourceResult> => {
    const session = sessionOf(folder);
    const analysis = await unlessCancelled(token, session.complete());
    if (analysis === undefined) throw failure(messageOf(session));
    return { source: moduleSource(analysis.plan, { name: 'livepatch_edit', textOf: (path) => session.text(path) }) };
  });

  connection.onShutdown(() => {
    down = true;
    for (const session of folders.all) session.dispose();
    for (const timer of pending.values()) clearTimeout(timer);
  });

  documents.listen(connection);
  connection.listen();

  /** undefined for what is no folder of this machine. */
  async function addFolder(uri: string): Promise<FolderSession | undefined> {
    const folder = filePathOf(uri);
    if (folder === undefined) return undefined;
    const session: FolderSession = new FolderSession(uri, folder, host, settings, {
      changed: announce,
      indexOf(root, editor, ended): IndexKeeper | undefined {
        const { index } = session.settings;
        return host === nodeHost && index.enabled ? keepIndex(connection, { root, storage, memory: index.memory }, editor, ended) : undefined;
      },
      fault(error) {
        connection.console.error(error instanceof Error ? (error.stack ?? error.message) : String(error));
      },
    });
    await session.findTree();
    folders.add(session);
    return session;
  }

  /** Starts a folder that came late, with the documents that are open already. */
  async function adopt(session: FolderSession | undefined): Promise<void> {
    if (session === undefined) return;
    for (const document of documents.all()) {
      for (const at of folders.places(document.uri)) if (at.session === session) void session.setOpen(at.path, document.getText());
    }
    await startFolder(session);
  }

  async function startFolder(session: FolderSession): Promise<void> {
    await session.start(await settingsOf(session));
  }

  /** A folder may have settings of its own; a client that cannot be asked told one for all. */
  async function settingsOf(session: FolderSession): Promise<Settings> {
    if (!client.configuration) return settings;
    return connection.workspace.getConfiguration({ scopeUri: session.uri, section: 'livepatchStudio' }).then(readSettings, () => settings);
  }

  /** Tells the client that a session's answers changed; changes in quick succession are told once. */
  function announce(session: FolderSession): void {
    clearTimeout(pending.get(session));
    if (down || folders.session(session.uri) !== session) return;
    pending.set(session, setTimeout(() => {
      pending.delete(session);
      session.current(); // begins to look up what it leaves open, before anybody asks
      void connection.sendNotification(protocol.methods.planChanged, { folder: session.uri } satisfies protocol.PlanChangedParams);
      if (client.refreshesLenses) void connection.sendRequest(CodeLensRefreshRequest.type).catch(ignore);
      if (client.refreshesDiagnostics) void connection.languages.diagnostics.refresh().catch(ignore);
      if (!client.pulls) void session.ready().then(() => { push(session); }, ignore);
    }, NOTIFY_DELAY_MS));
  }

  function push(session: FolderSession): void {
    for (const { uri, version } of documents.all()) {
      const at = folders.place(uri);
      if (at?.session === session && !down) void connection.sendDiagnostics({ uri, version, diagnostics: diagnostics(at) });
    }
  }

  function diagnostics({ session, path }: Place): Diagnostic[] {
    const analysis = session.current();
    if (analysis === undefined) return [];
    const unreadable = session.unreadable(path);
    return unreadable === undefined ? diagnosticsOf(analysis, path, naming(session)) : [unreadableDiagnostic(unreadable)];
  }

  function sessionOf(folder: string | undefined): FolderSession {
    const session = folders.session(folder);
    if (session === undefined) throw failure(folder === undefined ? 'No folder is open.' : `${folder} is not an open workspace folder.`);
    return session;
  }
}

const ignore = (): void => undefined;

const naming = (session: FolderSession): Naming => ({ uriOf: (path) => pathToFileURL(session.fileOf(path)).href, manualOf: manualUri });

/** Clients from before there were several folders name one. */
function rootOf({ rootUri }: { readonly rootUri?: string | null }): { readonly uri: string }[] {
  return rootUri === undefined || rootUri === null ? [] : [{ uri: rootUri }];
}

function messageOf(session: FolderSession): string {
  return 'message' in session.state ? session.state.message : 'The kernel tree is still being read.';
}

/** The request was fine, it could not be done; the message is for the user. */
const failure = (message: string): ResponseError => new ResponseError(LSPErrorCodes.RequestFailed, message);

async function orFail<R>(work: Promise<R>): Promise<R> {
  try {
    return await work;
  } catch (error) {
    throw error instanceof ResponseError ? error : failure(error instanceof Error ? error.message : String(error));
  }
}
