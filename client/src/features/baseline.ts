import type { Disposable as VsDisposable, Memento, QuickPickItem } from 'vscode';
import { Disposable, QuickPickItemKind, Uri, window, workspace } from 'vscode';
import type { BaselineChoice, BaselineView, PlanView, SetBaselineParams } from '../../../server/src/lsp/protocol';
import { methods } from '../../../server/src/lsp/protocol';
import { messageOf } from '../messageOf';
import type { Studio } from '../studio';
import { command } from '../studio';

/**
 * Chooses what the edit is compared with. The choice is remembered with the workspace, outside the user's tree, and told to
 * the server again whenever it starts; without one the setting `livepatchStudio.baseline` holds.
 */
export function chooseBaseline(studio: Studio, memory: Memento): VsDisposable {
  return Disposable.from(
    command(studio, 'livepatchStudio.chooseBaseline', () => choose(studio, memory)),
    studio.server.onDidChangeState((state) => {
      if (state === 'running') void recall(studio, memory);
    }),
  );
}

interface Row extends QuickPickItem {
  readonly pick?: (folder: string, plan: PlanView | undefined) => Promise<BaselineChoice | undefined>;
}

async function choose(studio: Studio, memory: Memento): Promise<void> {
  const plan = studio.plans.pick();
  const folder = plan?.folder ?? workspace.workspaceFolders?.[0]?.uri.toString();
  if (folder === undefined) throw new Error('Open a kernel tree first.');
  const gitRows: Row[] = [
    { label: '$(git-commit) HEAD', description: 'the last commit', pick: () => Promise.resolve({ kind: 'git', ref: 'HEAD' }) },
    { label: '$(tag) Another Git Ref…', description: 'a tag, branch or commit', pick: askRef(studio, memory) },
    { label: '', kind: QuickPickItemKind.Separator },
  ];
  // No git in a workspace that is not trusted; the server holds to that too.
  const rows = [...(workspace.isTrusted ? gitRows : []), { label: '$(folder) A Folder…', description: 'an unchanged copy of the tree', pick: askFolder }];
  const placeHolder = plan?.state === 'ready' ? `Now: ${plan.baseline.label}` : 'The sources that the running kernel was built from';
  const row = await window.showQuickPick(rows, { title: 'Choose Baseline', placeHolder });
  const choice = await row?.pick?.(folder, plan);
  if (choice !== undefined) await set(studio, memory, folder, choice);
}

/** Keeps asking in the same box until the server takes the ref: what is wrong with one is the server's to say. */
function askRef(studio: Studio, memory: Memento): NonNullable<Row['pick']> {
  return async (folder, plan) => {
    const current = plan?.baseline.choice;
    const box = window.createInputBox();
    box.title = 'Choose Baseline: Git Ref';
    box.placeholder = 'v6.1.192, a branch, or a commit';
    box.value = current?.kind === 'git' ? current.ref : '';
    await new Promise<void>((done) => {
      box.onDidHide(() => { done(); });
      box.onDidChangeValue(() => { box.validationMessage = undefined; });
      box.onDidAccept(async () => {
        box.busy = true;
        try {
          await set(studio, memory, folder, { kind: 'git', ref: box.value.trim() });
          box.hide();
        } catch (error) {
          box.validationMessage = messageOf(error);
        } finally {
          box.busy = false;
        }
      });
      box.show();
    });
    box.dispose();
    return undefined;
  };
}

async function askFolder(folder: string): Promise<BaselineChoice | undefined> {
  const picked = await window.showOpenDialog({
    title: 'Choose Baseline: Folder',
    openLabel: 'Use as Baseline',
    canSelectFiles: false,
    canSelectFolders: true,
    defaultUri: Uri.joinPath(Uri.parse(folder), '..'),
  });
  return picked?.[0] && { kind: 'folder', path: picked[0].fsPath };
}

async function set(studio: Studio, memory: Memento, folder: string, choice: BaselineChoice): Promise<void> {
  const params: SetBaselineParams = { folder, choice };
  const baseline = await studio.server.request<BaselineView>(methods.setBaseline, params);
  studio.log.info(`Baseline of ${folder}: ${baseline.label}`);
  await memory.update(keyOf(folder), isSetting(folder, choice) ? undefined : choice);
}

/** What the setting says needs no memory, and goes on following the setting. */
function isSetting(folder: string, choice: BaselineChoice): boolean {
  return choice.kind === 'git' && choice.ref === workspace.getConfiguration('livepatchStudio', Uri.parse(folder)).get('baseline');
}

async function recall(studio: Studio, memory: Memento): Promise<void> {
  for (const { uri } of workspace.workspaceFolders ?? []) {
    const folder = uri.toString();
    const choice = memory.get<BaselineChoice>(keyOf(folder));
    if (choice === undefined || (choice.kind === 'git' && !workspace.isTrusted)) continue;
    try {
      await set(studio, memory, folder, choice);
    } catch (error) {
      await memory.update(keyOf(folder), undefined);
      void window.showWarningMessage(`The baseline chosen earlier cannot be used any more: ${messageOf(error)}`);
    }
  }
}

function keyOf(folder: string): string {
  return `baseline:${folder}`;
}
