import type { TextDocumentContentProvider } from 'vscode';
import { commands, Disposable, EventEmitter, Uri, window, workspace } from 'vscode';
import type { BaselineTextParams, BaselineTextResult, FunctionView, PlanView } from '../../../server/src/lsp/protocol';
import { methods } from '../../../server/src/lsp/protocol';
import type { PlanNode } from '../planTree';
import { functionsOf } from '../plans';
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
    studio.plans.onDidChange(() => {
      for (const document of workspace.textDocuments) if (document.uri.scheme === scheme) changed.fire(document.uri);
    }),
    command(studio, 'livepatchStudio.showDifference', (node) => show(studio, node as PlanNode | undefined)),
  );
};

async function show(studio: Studio, node: PlanNode | undefined): Promise<void> {
  const plan = studio.plans.pick(node?.folder);
  if (plan === undefined) throw new Error('There is no live patch plan yet.');
  const fn = node?.function ?? atCursor(plan) ?? (await ask(plan));
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

async function textOf(studio: Studio, uri: Uri): Promise<string> {
  const query = new URLSearchParams(uri.query);
  const side = query.get('side') as Side;
  const name = query.get('function') ?? '';
  if (side === 'nothing') return '';
  const file = uri.with({ scheme: 'file', query: '' });
  const params: BaselineTextParams = { uri: file.toString(), function: name };
  const { text } = await studio.server.request<BaselineTextResult>(methods.baselineText, params);
  if (side === 'function') return text ?? '';
  const document = await workspace.openTextDocument(file);
  const range = studio.plans.all.flatMap(functionsOf).find((fn) => fn.name === name && sameFile(fn, file))?.range;
  // Out of the plan means equal to the baseline again: then both sides are the file itself.
  return range === undefined ? document.getText() : withFunction(document.getText(), range, text);
}

function atCursor(plan: PlanView): FunctionView | undefined {
  const editor = window.activeTextEditor;
  if (editor === undefined) return undefined;
  return comparable(plan).find(
    (fn) => fn.change !== 'removed' && sameFile(fn, editor.document.uri) && rangeOf(fn.range).contains(editor.selection.active),
  );
}

async function ask(plan: PlanView): Promise<FunctionView | undefined> {
  const rows = comparable(plan).map((fn) => ({ label: fn.name, description: workspace.asRelativePath(Uri.parse(fn.uri)), fn }));
  if (rows.length === 0) throw new Error('No function differs from the baseline.');
  const row = await window.showQuickPick(rows, { title: 'Show Difference from Baseline', placeHolder: 'A changed function' });
  return row?.fn;
}

function comparable(plan: PlanView): readonly FunctionView[] {
  return functionsOf(plan).filter((fn) => fn.change !== 'reached');
}

function sameFile(fn: FunctionView, file: Uri): boolean {
  return Uri.parse(fn.uri).toString() === file.toString();
}
