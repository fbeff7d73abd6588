import type { TextDocumentContentProvider } from 'vscode';
import { commands, Disposable, EventEmitter, Uri, workspace } from 'vscode';
import type { ReportParams, ReportResult } from '../../../server/src/lsp/protocol';
import { methods } from '../../../server/src/lsp/protocol';
import type { Feature, Studio } from '../studio';
import { command } from '../studio';

const scheme = 'livepatch-report';

/** The plan and its findings, as a document to read: nothing is written, and it follows the edit. */
export const report: Feature = (studio) => {
  const changed = new EventEmitter<Uri>();
  const provider: TextDocumentContentProvider = { onDidChange: changed.event, provideTextDocumentContent: (uri) => markdownOf(studio, uri.query) };
  return Disposable.from(
    changed,
    workspace.registerTextDocumentContentProvider(scheme, provider),
    studio.plans.onDidChange(() => {
      for (const document of workspace.textDocuments) if (document.uri.scheme === scheme) changed.fire(document.uri);
    }),
    command(studio, 'livepatchStudio.showReport', () => show(studio)),
  );
};

async function show(studio: Studio): Promise<void> {
  const plan = studio.plans.pick();
  if (plan === undefined) throw new Error('There is no live patch plan yet.');
  // Where there is none the user reads why, instead of an empty document.
  await markdownOf(studio, plan.folder);
  await commands.executeCommand('markdown.showPreview', Uri.from({ scheme, path: '/Live Patch Report.md', query: plan.folder }));
}

async function markdownOf({ server }: Studio, folder: string): Promise<string> {
  return (await server.request<ReportResult>(methods.report, { folder } satisfies ReportParams)).markdown;
}
