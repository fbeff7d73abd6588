import type { TreeDataProvider, TreeView } from 'vscode';
import { Disposable, env, EventEmitter, MarkdownString, ThemeColor, ThemeIcon, TreeItem, TreeItemCollapsibleState, Uri, window, workspace } from 'vscode';
import type { PlanView } from '../../../server/src/lsp/protocol';
import type { PlanNode } from '../planTree';
import { planTree } from '../planTree';
import { count, findingsOf, sentenceOf } from '../planWords';
import type { Plans } from '../plans';
import type { Feature } from '../studio';
import { command } from '../studio';
import { rowUri } from './decorations';
import { openPlace } from './open';

/** The tree of the Live Patch view: objects, the functions a live patch would replace in each, and what was found there. */
export const planView: Feature = (studio) => {
  const { plans } = studio;
  const changed = new EventEmitter<void>();
  const view = window.createTreeView('livepatchStudio.plan', { treeDataProvider: providerOf(plans, changed), showCollapseAll: true });
  const update = () => {
    changed.fire();
    describe(view, plans);
  };
  update();
  return Disposable.from(
    view,
    changed,
    plans.onDidChange(update),
    command(studio, 'livepatchStudio.goToFunction', (node) => open(node as PlanNode)),
    command(studio, 'livepatchStudio.copyKlpFunc', (node) => copyEntry(node as PlanNode)),
  );
};

function providerOf(plans: Plans, changed: EventEmitter<void>): TreeDataProvider<PlanNode> {
  return {
    onDidChangeTreeData: changed.event,
    getChildren: (node) => [...(node?.children ?? planTree(plans.all, folderName))],
    getTreeItem: itemOf,
  };
}

function itemOf(node: PlanNode): TreeItem {
  const item = new TreeItem(node.label, node.children.length === 0 ? TreeItemCollapsibleState.None : node.kind === 'finding' ? TreeItemCollapsibleState.Collapsed : TreeItemCollapsibleState.Expanded);
  item.id = node.id;
  item.description = node.description;
  item.tooltip = new MarkdownString(node.tooltip);
  item.iconPath = new ThemeIcon(node.icon, new ThemeColor(node.color));
  item.contextValue = node.function?.klpFunc === undefined ? node.kind : `${node.kind} redirected`;
  if (node.function !== undefined) item.resourceUri = rowUri(node.function);
  item.accessibilityInformation = { label: [node.label, node.description, node.function?.verdict].filter(Boolean).join(', ') };
  if (node.target !== undefined) {
    item.command = { command: 'livepatchStudio.openFinding', title: 'Open', arguments: [node.target.uri, node.target.range] };
  }
  return item;
}

/** What stands beside and under the view's title. A message would hide the welcome texts, so an empty tree has none. */
function describe(view: TreeView<PlanNode>, plans: Plans): void {
  const shown = plans.all.filter((plan) => plan.state === 'ready');
  const first = plans.pick();
  view.description = first?.state === 'ready' ? `${first.profile} · ${first.baseline.label}` : '';
  view.message = plans.state === 'ready' ? shown.map(sentenceOf).join('\n') : '';
  const errors = shown.reduce((sum, plan) => sum + errorsIn(plan), 0);
  view.badge = errors === 0 ? undefined : { value: errors, tooltip: `${count(errors, 'error')} in the live patch` };
}

function errorsIn(plan: PlanView): number {
  return findingsOf(plan).filter((finding) => finding.severity === 'error').length;
}

async function open(node: PlanNode): Promise<void> {
  if (node.target !== undefined) await openPlace(node.target.uri, node.target.range);
}

async function copyEntry({ function: fn }: PlanNode): Promise<void> {
  if (fn?.klpFunc === undefined) throw new Error(`The live patch redirects no ${fn?.name ?? 'such function'}.`);
  await env.clipboard.writeText(fn.klpFunc);
  void window.setStatusBarMessage(`The klp_func entry of ${fn.name} copied`, 3000);
}

function folderName(uri: string): string {
  return workspace.getWorkspaceFolder(Uri.parse(uri))?.name ?? uri;
}
