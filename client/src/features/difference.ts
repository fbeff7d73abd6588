import type { TextDocumentContentProvider } from 'vscode';
import { commands, Disposable, EventEmitter, Uri, window, workspace } from 'vscode';
import type { BaselineTextParams, BaselineTextResult, FunctionView, PlanView } from '../../../server/src/lsp/protocol';
import { methods } from '../../../server/src/lsp/protocol';
import type { PositionRange } from '../../../server/src/syntax/positions';
import type { PlanNode } from '../planTree';
import { functionsOf } from '../planWords';
import type { Feature, Studio } from '../studio';
import { command } from '../studio';
import { withFunction } from '../withFunction';
import { rangeOf } from './open';

const scheme = 'livepatch-baseline';

/**
 * The difference of one function from its baseline, in VS Code's diff editor. The left side is the edited file with only
 * that function put back to its baseline, so the right side can be the real file: only this function differs, line numbers
 * agree, and one can go on editing.
 */
export const difference: Feature = (studio) => {
  const changed = new EventEmitter<Uri>();
  const provider: TextDocumentContentProvider = {
    onDidChange: changed.event,
    provideTextDocumentContent: (uri) => textOf(studio, uri),
  };
  return Disposable.from(
    changed,
    workspace.registerTextDocumentContentProvider(scheme, provider),
    studio.plans.onDidAnalyze(() => {
      for (const document of workspace.textDocuments) if (document.uri.scheme === scheme) changed.fire(document.uri);
    }),
    command(studio, 'livepatchStudio.showDifference', (node) => show(studio, node as PlanNode | undefined)),
  );
};

async function show(studio: Studio, node: PlanNode | undefined): Promise<void> {
  const plan = studio.plans.pick(node?.folder);
  if (plan === undefined) throw new Error('There is no live patch plan yet.');
  const fn = node?.function ?? (await ask(plan));
  if (fn === undefined) return;
  const file = Uri.parse(fn.uri);
  const sideOf = (side: Side) => file.with({ scheme, query: new URLSearchParams({ side, function: fn.name }).toString() });
  const title = `${fn.name}: ${plan.baseline.label} ↔ edit`;
  if (fn.change === 'removed') {
    await commands.executeCommand('vscode.diff', sideOf('function'), sideOf('nothing'), title);
  } else {
    const selection = rangeOf({ start: fn.range.start, end: fn.range.start });
    await commands.executeCommand('vscode.diff', sideOf('file'), file, title, { selection });
  }
}

/** `file`: the edit with the function as in the baseline. `function`: that function alone. `nothing`: where it was removed. */
type Side = 'file' | 'function' | 'nothing';

/** With the lines of the function in the edit, where the server tells them. */
interface BaselineText extends BaselineTextResult {
  readonly range?: PositionRange;
}

async function textOf(studio: Studio, uri: Uri): Promise<string> {
  const query = new URLSearchParams(uri.query);
  const side = query.get('side') as Side;
  if (side === 'nothing') return '';
  const file = uri.with({ scheme: 'file', query: '' });
  const baseline = (name?: string) => {
    const params: BaselineTextParams = { uri: file.toString(), ...(name !== undefined && { function: name }) };
    return studio.server.request<BaselineText>(methods.baselineText, params);
  };
  const { text, range } = await baseline(query.get('function') ?? '');
  if (side === 'function') return text ?? '';
  // Without a place for it in the edit the function stands alone no more: then the whole baseline is the honest left side.
  if (range === undefined) return (await baseline()).text ?? '';
  const document = await workspace.openTextDocument(file);
  return withFunction(document.getText(), range, text);
}

/** Which function: the one whose name the cursor's line holds, else the user picks, those of the open file first. */
async function ask(plan: PlanView): Promise<FunctionView | undefined> {
  const functions = functionsOf(plan).filter((fn) => fn.change !== 'reached');
  if (functions.length === 0) throw new Error('No function differs from the baseline.');
  const editor = window.activeTextEditor;
  const here = functions.filter((fn) => Uri.parse(fn.uri).toString() === editor?.document.uri.toString());
  const named = here.find((fn) => fn.range.start.line === editor?.selection.active.line);
  if (named !== undefined) return named;
  const rows = [...here, ...functions.filter((fn) => !here.includes(fn))].map((fn) => ({
    label: fn.name,
    description: workspace.asRelativePath(Uri.parse(fn.uri)),
    fn,
  }));
  const row = await window.showQuickPick(rows, { title: 'Show Difference from Baseline', placeHolder: 'A changed function' });
  return row?.fn;
}
