/** Wires the sessions to a connection: one handler per request, each a few lines; the work is done elsewhere. */
import {
  DidChangeConfigurationNotification,
  LSPErrorCodes,
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
import type { IndexKeeper } from '../host/indexKeeper';
import type { Host } from '../host/ports';
import { Announcer } from './announcer';
import { baselineTextOf } from './baselineText';
import { unlessCancelled } from './cancelled';
import { foldersOf, traitsOf } from './clientTraits';
import { codeActionKinds } from './codeActions';
import { exported, reported } from './exports';
import { filePathOf, Folders, namingOf } from './folders';
import { Hierarchies } from './hierarchies';
import { registerLanguageFeatures } from './languageFeatures';
import { locate } from './locate';
import { planView } from './planView';
import * as protocol from './protocol';
import { FolderSession } from './session';
import { defaultSettings, readSettings, type Settings } from './settings';
import { keepIndex } from './treeIndex';
import { Simulations } from './simulation';

export function startServer(connection: Connection): void {
  const documents = new TextDocuments(TextDocument);
  const folders = new Folders();
  const hierarchies = new Hierarchies(connection, folders);
  const simulations = new Simulations();
  let host: Host = untrustedHost;
  let settings: Settings = defaultSettings;
  let client = traitsOf({ capabilities: {} });
  /** Absolute path of the folder for what is kept between sessions. */
  let storage: string | undefined;
  const announcer = new Announcer(connection, folders, documents, () => client);

  connection.onInitialize(async (params: InitializeParams): Promise<InitializeResult> => {
    const options = (params.initializationOptions ?? {}) as { trusted?: unknown; settings?: unknown; storage?: unknown; clangd?: unknown };
    settings = readSettings(options.settings);
    storage = typeof options.storage === 'string' ? options.storage : undefined;
    host = options.trusted === true ? nodeHost : untrustedHost;
    client = traitsOf(params);
    // Before the answer: a document that is opened next has to find its tree.
    for (const { uri } of foldersOf(params)) await addFolder(uri);
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

  registerLanguageFeatures(connection, folders, documents);

  connection.onRequest(protocol.methods.plan, ({ folder }: protocol.PlanParams) => {
    const session = sessionOf(folder);
    return planView(session, namingOf(session));
  });

  connection.onRequest(protocol.methods.setBaseline, async ({ folder, choice }: protocol.SetBaselineParams): Promise<protocol.BaselineView> => {
    const { label } = await orFail(sessionOf(folder).setBaseline(choice));
    return { choice, label };
  });

  connection.onRequest(protocol.methods.baselineText, ({ uri, function: name }: protocol.BaselineTextParams): protocol.BaselineTextResult | Promise<protocol.BaselineTextResult> => {
    const at = folders.place(uri);
    return at === undefined ? { text: null } : baselineTextOf(at, name);
  });

  connection.onRequest(protocol.methods.simulate, async (params: protocol.SimulateParams & { workDoneToken?: string | number }, token: CancellationToken): Promise<protocol.SimulateResult> => {
    const session = sessionOf(params.folder);
    const analysis = await unlessCancelled(token, session.complete());
    return orFail(simulations.simulate({ session, analysis, token, progress: progressOf(params) }, params));
  });

  connection.onRequest(protocol.methods.simulationPart, ({ folder, id, detail }: protocol.SimulationPartParams): protocol.SimulationPartResult => {
    const session = sessionOf(folder);
    try {
      return simulations.part(session, id, detail);
    } catch (error) {
      throw failure(error instanceof Error ? error.message : String(error));
    }
  });

  connection.onRequest(protocol.methods.exportSimulation, async (params: protocol.ExportParams & { workDoneToken?: string | number }, token: CancellationToken): Promise<protocol.ExportResult> => {
    const session = sessionOf(params.folder);
    const analysis = await unlessCancelled(token, session.complete());
    return { text: await orFail(exported(simulations, { session, analysis, token, progress: progressOf(params) }, params)) };
  });

  connection.onRequest(protocol.methods.report, async ({ folder }: protocol.ReportParams, token: CancellationToken): Promise<protocol.ReportResult> => {
    const session = sessionOf(folder);
    const analysis = await unlessCancelled(token, session.complete());
    if (analysis === undefined) throw failure(messageOf(session));
    return { markdown: reported(session, analysis) };
  });

  connection.onRequest(protocol.methods.locate, async ({ folder, function: name }: protocol.LocateParams, token: CancellationToken): Promise<protocol.LocateResult> => {
    const session = sessionOf(folder);
    const abort = new AbortController();
    const listening = token.onCancellationRequested(() => { abort.abort(); });
    try {
      await unlessCancelled(token, session.ready());
      return await unlessCancelled(token, locate(session, session.current(), name, namingOf(session), abort.signal));
    } finally {
      listening.dispose();
    }
  });

  connection.onRequest(protocol.methods.moduleSource, async ({ folder }: protocol.ModuleSourceParams, token: CancellationToken): Promise<protocol.ModuleSourceResult> => {
    const session = sessionOf(folder);
    const analysis = await unlessCancelled(token, session.complete());
    if (analysis === undefined) throw failure(messageOf(session));
    return { source: moduleSource(analysis.plan, { name: 'livepatch_edit', textOf: (path) => session.text(path) }) };
  });

  connection.onShutdown(() => {
    announcer.dispose();
    for (const session of folders.all) session.dispose();
  });

  documents.listen(connection);
  connection.listen();

  /** undefined for what is no folder of this machine. */
  async function addFolder(uri: string): Promise<FolderSession | undefined> {
    const folder = filePathOf(uri);
    if (folder === undefined) return undefined;
    const session: FolderSession = new FolderSession(uri, folder, host, settings, {
      changed: (changed) => { announcer.changed(changed); },
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

  function progressOf({ workDoneToken }: { readonly workDoneToken?: string | number }): WorkDoneProgressReporter | undefined {
    return workDoneToken === undefined ? undefined : connection.window.attachWorkDoneProgress(workDoneToken);
  }

  function sessionOf(folder: string | undefined): FolderSession {
    const session = folders.session(folder);
    if (session === undefined) throw failure(folder === undefined ? 'No folder is open.' : `${folder} is not an open workspace folder.`);
    return session;
  }
}

const ignore = (): void => undefined;

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
