/** What the client can do, as far as answers depend on it. */
import type { InitializeParams } from 'vscode-languageserver/node';

export interface ClientTraits {
  /** It asks for diagnostics; they are pushed to others. */
  readonly pulls: boolean;
  readonly refreshesDiagnostics: boolean;
  readonly refreshesLenses: boolean;
  /** It can be asked for settings, and for each folder. */
  readonly configuration: boolean;
  /** It tells of folders that come and go. */
  readonly folders: boolean;
}

export function traitsOf({ capabilities: { textDocument, workspace } }: Pick<InitializeParams, 'capabilities'>): ClientTraits {
  return {
    pulls: textDocument?.diagnostic !== undefined,
    refreshesDiagnostics: workspace?.diagnostics?.refreshSupport === true,
    refreshesLenses: workspace?.codeLens?.refreshSupport === true,
    configuration: workspace?.configuration === true,
    folders: workspace?.workspaceFolders === true,
  };
}
