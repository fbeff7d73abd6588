import type { ExtensionContext } from 'vscode';
import { commands, window, workspace } from 'vscode';
import { chooseBaseline } from './features/baseline';
import { clangd } from './features/clangd';
import { decorations } from './features/decorations';
import { difference } from './features/difference';
import { lenses } from './features/lenses';
import { moduleSource } from './features/moduleSource';
import { planView } from './features/planView';
import { report } from './features/report';
import { serverCommands } from './features/serverCommands';
import { status } from './features/status';
import { LensCommands } from './lensCommands';
import { Plans } from './plans';
import { preview } from './preview/preview';
import { Server } from './server';
import type { Studio } from './studio';

/** Starts the language server and the features around it. The client knows VS Code; all knowledge of the kernel is the server's. */
export async function activate(context: ExtensionContext): Promise<void> {
  const log = window.createOutputChannel('Livepatch Studio', { log: true });
  const lensCommands = new LensCommands();
  const server = new Server(context.extensionUri, context.globalStorageUri, log, lensCommands);
  const plans = new Plans(server, log);
  const studio: Studio = { log, server, plans, lensCommands };
  // The views show only once this is set: no icon in the activity bar of a project that is no kernel.
  await commands.executeCommand('setContext', 'livepatchStudio.state', 'starting');
  context.subscriptions.push(
    log,
    lensCommands,
    server,
    plans,
    ...[planView, decorations, status, report, difference, lenses, moduleSource, serverCommands, clangd].map((feature) => feature(studio)),
    chooseBaseline(studio, context.workspaceState),
    preview(studio, context),
    // The server learns of trust and of the folders when it is initialized, so it begins again.
    workspace.onDidGrantWorkspaceTrust(() => server.restart()),
    workspace.onDidChangeWorkspaceFolders(() => server.restart()),
  );
  await server.start();
}
