import { Disposable, extensions, workspace } from 'vscode';
import type { ClangdParams } from '../../../server/src/lsp/protocol';
import { methods } from '../../../server/src/lsp/protocol';
import { clangdRuns } from '../clangdRuns';
import type { Feature } from '../studio';

/** Tells the server when clangd comes or goes: VS Code shows the hierarchies of one provider only, and clangd's are exact where it runs. */
export const clangd: Feature = (studio) => {
  let told = clangdRuns();
  const tell = () => {
    const running = clangdRuns();
    if (running === told) return;
    told = running;
    studio.server.notify(methods.clangd, { running } satisfies ClangdParams);
  };
  return Disposable.from(
    extensions.onDidChange(tell),
    workspace.onDidChangeConfiguration((change) => { if (change.affectsConfiguration('clangd.enable')) tell(); }),
  );
};
