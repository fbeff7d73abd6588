/** The language server's process. Transport by the command line, as vscode-languageclient passes it: --node-ipc or --stdio. */
import { createConnection, ProposedFeatures } from 'vscode-languageserver/node';
import { Lifecycle } from './lifecycle';
import { startServer } from './server';

const lifecycle = new Lifecycle();
const connection = createConnection(ProposedFeatures.all, { messageStrategy: lifecycle });
lifecycle.attach(connection);
startServer(connection);
