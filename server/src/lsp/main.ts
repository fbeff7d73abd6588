/** The language server's process. Transport by the command line, as vscode-languageclient passes it: --node-ipc or --stdio. */
import { setFlagsFromString } from 'node:v8';
import { createConnection, ProposedFeatures } from 'vscode-languageserver/node';
import { Lifecycle } from './lifecycle';
import { startServer } from './server';

// On a machine with much memory V8 lets the heap grow to twice what it needs before it collects: 460 MB after an hour's editing that fits in 220.
// A lower factor of growth costs a few more collections; a hard limit would end the server over a large edit.
setFlagsFromString('--heap-growing-percent=60');

const lifecycle = new Lifecycle();
const connection = createConnection(ProposedFeatures.all, { messageStrategy: lifecycle });
lifecycle.attach(connection);
startServer(connection);
