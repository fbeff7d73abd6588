/** Answers about one document, from the analysis of the moment: diagnostics, lenses, code actions, hovers. */
import type { Connection, Diagnostic, TextDocuments } from 'vscode-languageserver/node';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import type { Analysis } from '../analysis';
import { codeActionsOf, placeOfAction, resolvedAction } from './codeActions';
import { diagnosticsOf, lensesOf, unreadableDiagnostic } from './convert';
import { namingOf, type Folders, type Place } from './folders';
import { hoverOf } from './hover';

export function registerLanguageFeatures(connection: Connection, folders: Folders, documents: TextDocuments<TextDocument>): void {
  connection.languages.diagnostics.on(async ({ textDocument }) => {
    const at = folders.place(textDocument.uri);
    await at?.session.ready();
    return { kind: 'full', items: at === undefined ? [] : diagnosticsAt(at) };
  });

  connection.onCodeLens(async ({ textDocument }) => {
    const at = folders.place(textDocument.uri);
    if (at?.session.settings.codeLens !== true) return [];
    const analysis = await analysisAt(at);
    return analysis === undefined ? [] : lensesOf(analysis, at.path, at.session.uri, namingOf(at.session));
  });

  connection.onCodeAction(async (params) => {
    const at = folders.place(params.textDocument.uri);
    const analysis = await analysisAt(at);
    return at === undefined || analysis === undefined ? [] : codeActionsOf(analysis, at.path, params, namingOf(at.session));
  });

  connection.onCodeActionResolve(async (action) => {
    const at = placeOfAction(action, (uri) => folders.place(uri));
    const analysis = await at?.session.complete();
    return at === undefined || analysis === undefined ? action : resolvedAction(action, analysis, at.path, (uri) => documents.get(uri)?.version ?? null, namingOf(at.session));
  });

  connection.onHover(async ({ textDocument, position }) => {
    const at = folders.place(textDocument.uri);
    await at?.session.ready();
    const offset = documents.get(textDocument.uri)?.offsetAt(position);
    const analysis = at?.session.current();
    return at === undefined || offset === undefined || analysis === undefined ? null : (hoverOf(analysis, at.path, offset) ?? null);
  });
}

/** Of the moment: it does not wait. */
export function diagnosticsAt({ session, path }: Place): Diagnostic[] {
  const analysis = session.current();
  if (analysis === undefined) return [];
  const unreadable = session.unreadable(path);
  return unreadable === undefined ? diagnosticsOf(analysis, path, namingOf(session)) : [unreadableDiagnostic(unreadable)];
}

async function analysisAt(at: Place | undefined): Promise<Analysis | undefined> {
  await at?.session.ready();
  return at?.session.current();
}
