import { extensions, workspace } from 'vscode';

/** Whether the clangd extension is enabled, and its language server with it. */
export function clangdRuns(): boolean {
  const installed = extensions.getExtension('llvm-vs-code-extensions.vscode-clangd') !== undefined;
  return installed && workspace.getConfiguration('clangd').get('enable') !== false;
}
