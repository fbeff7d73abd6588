/** What the client tells of itself when it begins: the folders it has open, and what it can do, as far as answers depend on it. */
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

/** Clients from before there were several folders name one. */
export function foldersOf({ workspaceFolders, rootUri }: Pick<InitializeParams, 'workspaceFolders'> & { readonly rootUri?: string | null }): readonly { readonly uri: string }[] {
  return workspaceFolders ?? (rootUri === undefined || rootUri === null ? [] : [{ uri: rootUri }]);
}
