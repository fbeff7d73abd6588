import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createVSIX } from '@vscode/vsce';

const MANIFEST = {
  name: 'harness-dummy',
  displayName: 'Harness Dummy',
  version: '0.0.1',
  publisher: 'harness',
  license: 'MIT',
  engines: { vscode: '^1.91.0' },
  main: './extension.js',
  activationEvents: ['onStartupFinished'],
  contributes: {
    commands: [{ command: 'dummy.hello', title: 'Say Hello', category: 'Dummy' }],
    viewsContainers: { activitybar: [{ id: 'dummy', title: 'Dummy Container', icon: 'icon.svg' }] },
    views: {
      dummy: [
        { id: 'dummy.tree', name: 'Rows' },
        { id: 'dummy.web', name: 'Page', type: 'webview' },
      ],
    },
  },
};

/** Marks every "bad" as an error, puts a lens over the third line, and shows one tree and one page. */
const MAIN = `
const vscode = require('vscode');
exports.activate = (context) => {
  const output = vscode.window.createOutputChannel('Dummy Output');
  const log = vscode.window.createOutputChannel('Dummy Log', { log: true });
  output.appendLine('active');
  log.info('active');
  const problems = vscode.languages.createDiagnosticCollection('dummy');
  const judge = (document) => {
    if (document.uri.scheme !== 'file' && document.uri.scheme !== 'vscode-remote') return;
    const found = [...document.getText().matchAll(/\\bbad\\b/g)].map((match) => {
      const range = new vscode.Range(document.positionAt(match.index), document.positionAt(match.index + 3));
      return Object.assign(new vscode.Diagnostic(range, 'this is bad', 0), { source: 'dummy', code: 'badness' });
    });
    problems.set(document.uri, found);
  };
  vscode.workspace.textDocuments.forEach(judge);
  const child = { label: 'child' };
  const root = { label: 'root', children: [child] };
  context.subscriptions.push(
    output, log, problems,
    vscode.workspace.onDidOpenTextDocument(judge),
    vscode.workspace.onDidChangeTextDocument((event) => judge(event.document)),
    vscode.commands.registerCommand('dummy.hello', (who = 'palette') => {
      output.appendLine('hello from ' + who);
      vscode.window.showInformationMessage('hello from ' + who);
    }),
    vscode.languages.registerCodeLensProvider({ pattern: '**/*.c' }, {
      provideCodeLenses: () => [
        new vscode.CodeLens(new vscode.Range(2, 0, 2, 0), { title: 'dummy lens', command: 'dummy.hello', arguments: ['lens'] }),
      ],
    }),
    vscode.window.registerTreeDataProvider('dummy.tree', {
      getChildren: (node) => (node ? node.children : [root]),
      getTreeItem: (node) => new vscode.TreeItem(node.label, node.children ? 2 : 0),
    }),
    vscode.window.registerWebviewViewProvider('dummy.web', {
      resolveWebviewView: (view) => {
        view.webview.html = '<!DOCTYPE html><html><body><h1>Dummy page</h1></body></html>';
      },
    }),
  );
};
`;

/** Packs an extension with one of everything that the driver handles; returns the VSIX's path. */
export async function packDummyExtension(folder: string): Promise<string> {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), JSON.stringify(MANIFEST));
  writeFileSync(join(folder, 'extension.js'), MAIN);
  writeFileSync(join(folder, 'icon.svg'), '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24"><circle cx="12" cy="12" r="8"/></svg>');
  writeFileSync(join(folder, 'README.md'), 'Made for one test run.');
  const packagePath = join(folder, 'dummy.vsix');
  await createVSIX({ cwd: folder, packagePath, dependencies: false, skipLicense: true, allowMissingRepository: true });
  return packagePath;
}
