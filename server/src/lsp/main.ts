/** The language server's process. Transport by the command line, as vscode-languageclient passes it: --node-ipc or --stdio. */
import { createConnection, ProposedFeatures } from 'vscode-languageserver/node';
import { startServer } from './server';

startServer(createConnection(ProposedFeatures.all));
