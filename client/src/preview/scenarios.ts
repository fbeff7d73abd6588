import type { Disposable as VsDisposable, Uri as VsUri } from 'vscode';
import { CodeLens, Disposable, languages, Range, Uri, window, workspace } from 'vscode';
import { basename } from 'node:path';
import type { PreviewRequest } from '../../webview/messages';
import type { Studio } from '../studio';
import { command } from '../studio';
import { exportName } from './exportName';
import type { PreviewModel } from './model';
import { absoluteSnapshot, besideScenario, EXTENSION, onSnapshot, readScenario, scenarioPath, scenarioText, writtenSnapshot } from './scenarioFile';
import { chooseSnapshot, type DroppedSnapshots } from './snapshots';

/** Scenario files: opened, saved, simulated from the editor; and the snapshot that a scenario may be about. */
export class Scenarios {
  constructor(
    private readonly studio: Studio,
    private readonly model: Pick<PreviewModel<unknown>, 'request' | 'shown' | 'savedAs'>,
    private readonly dropped: DroppedSnapshots,
    /** Shows the preview, too. */
    private readonly simulate: (request: PreviewRequest) => Promise<void>,
  ) {}

  register(): VsDisposable {
    const { studio } = this;
    return Disposable.from(
      languages.registerCodeLensProvider({ pattern: `**/*${EXTENSION}` }, { provideCodeLenses: ({ uri }) => [studio.lensCommands.lasting(lensAbove(uri))] }),
      command(studio, 'livepatchStudio.openScenario', () => this.open()),
      command(studio, 'livepatchStudio.saveScenario', () => this.save()),
      command(studio, 'livepatchStudio.simulateScenario', (uri) => this.#simulateFile(uri instanceof Uri ? uri : window.activeTextEditor?.document.uri)),
      command(studio, 'livepatchStudio.importSnapshot', () => this.importSnapshot()),
    );
  }

  async open(): Promise<void> {
    const folder = this.#folder();
    const picked = await window.showOpenDialog({ title: 'Open Scenario', openLabel: 'Simulate', filters: { 'Simulation Scenarios': ['json'] }, ...(folder !== undefined && { defaultUri: Uri.parse(folder) }) });
    if (picked?.[0] !== undefined) await this.#simulateFile(picked[0]);
  }

  /** Everything the simulation took that is not the edit's: the same file gives the same simulation elsewhere. */
  async save(): Promise<void> {
    const { request, shown } = this.model;
    if (shown === undefined) throw new Error('Simulate the patch first: there is no scenario yet.');
    const target = await this.#askWhere(request);
    if (target === undefined) return;
    const snapshot = await this.#takeSnapshotAlong(shown.scenario.snapshot, request, target);
    const functions = request.functions === undefined ? {} : { functions: shown.trace.patch.functions.map(({ name, object }) => (object === 'vmlinux' ? name : `${object}:${name}`)) };
    await workspace.fs.writeFile(target, Buffer.from(scenarioText({ ...shown.scenario, ...functions, ...snapshot })));
    this.model.savedAs({ ...request, scenario: { ...request.scenario, ...snapshot }, scenarioUri: target.toString() });
    await window.showTextDocument(target, { preview: true });
  }

  /** From a file that was dropped, which may be a scenario as well, or one that the user chooses. */
  async importSnapshot(name = '', text?: string): Promise<void> {
    if (text !== undefined && name.endsWith(EXTENSION)) {
      await this.simulate({ scenario: readScenario(name, text) });
      return;
    }
    const file = text === undefined ? await chooseSnapshot(this.#folder()) : await this.dropped.keep(name, text);
    if (file === undefined) return;
    const { request } = this.model;
    await this.simulate({ ...request, scenario: onSnapshot(request.scenario ?? {}, file.fsPath) });
  }

  /** By the text in the editor, saved or not. */
  async #simulateFile(uri: VsUri | undefined): Promise<void> {
    if (uri === undefined) throw new Error('Open a scenario file first.');
    const document = await workspace.openTextDocument(uri);
    const scenario = readScenario(basename(uri.path), document.getText());
    const folder = workspace.getWorkspaceFolder(uri)?.uri.toString() ?? this.#folder();
    await this.simulate({ ...(folder !== undefined && { folder }), scenario, ...(uri.scheme === 'file' && { scenarioUri: uri.toString() }) });
  }

  async #askWhere({ scenarioUri }: PreviewRequest): Promise<VsUri | undefined> {
    const folder = this.#folder();
    const name = exportName(this.model.shown?.trace.patch.functions ?? [], EXTENSION.slice(1));
    const defaultUri = scenarioUri !== undefined ? Uri.parse(scenarioUri) : folder && Uri.joinPath(Uri.parse(folder), name);
    const picked = await window.showSaveDialog({ title: 'Save Scenario As', filters: { 'Simulation Scenarios': ['json'] }, ...(defaultUri && { defaultUri }) });
    if (picked === undefined) return undefined;
    const named = picked.with({ path: scenarioPath(picked.path) });
    // The dialog asked whether to replace a file of the name as it was typed.
    if (named.path !== picked.path && (await exists(named))) throw new Error(`${basename(named.path)} is there already; choose it to replace it.`);
    return named;
  }

  /** One in our own storage is saved beside the scenario; one of the user's is named from there. */
  async #takeSnapshotAlong(snapshot: string | undefined, { scenarioUri }: PreviewRequest, target: VsUri): Promise<{ readonly snapshot?: string }> {
    if (snapshot === undefined) return {};
    const absolute = absoluteSnapshot(snapshot, scenarioUri && Uri.parse(scenarioUri).fsPath, Uri.parse(this.#folder() ?? '').fsPath);
    if (!this.dropped.holds(absolute)) return { snapshot: writtenSnapshot(absolute, target.fsPath) };
    const beside = besideScenario(target.fsPath);
    await workspace.fs.copy(Uri.file(absolute), Uri.file(beside), { overwrite: true });
    return { snapshot: writtenSnapshot(beside, target.fsPath) };
  }

  #folder(): string | undefined {
    return this.studio.plans.pick(this.model.request.folder)?.folder;
  }
}

function lensAbove(file: VsUri): CodeLens {
  return new CodeLens(new Range(0, 0, 0, 0), { title: '$(play)\u00a0Simulate', tooltip: 'Simulate the live patch of the edit by this scenario', command: 'livepatchStudio.simulateScenario', arguments: [file] });
}

async function exists(file: VsUri): Promise<boolean> {
  return workspace.fs.stat(file).then(() => true, () => false);
}
