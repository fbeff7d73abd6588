import type { Disposable as VsDisposable, ExtensionContext } from 'vscode';
import { commands, Disposable, EventEmitter, window, workspace } from 'vscode';
import type { FromPreview, PreviewRequest } from '../../webview/messages';
import { previewRequest } from '../../webview/messages';
import type { PlanNode } from '../planTree';
import { messageOf } from '../messageOf';
import type { Studio } from '../studio';
import { command } from '../studio';
import { blockerLenses } from './blockerLenses';
import { Exports } from './exports';
import { HiddenRun } from './hiddenRun';
import { PreviewModel } from './model';
import { PreviewPanel } from './panel';
import { Scenarios } from './scenarios';
import { serverSimulator } from './simulator';
import { DroppedSnapshots } from './snapshots';
import { openSource } from './source';
import { Surfaces, type Surface } from './surfaces';

/** The preview of the transition: in the Live Patch view and in an editor tab, one simulation for both. */
export function preview(studio: Studio, context: ExtensionContext): VsDisposable {
  return new Preview(studio, context).register();
}

class Preview {
  readonly #model: PreviewModel<Surface>;
  readonly #surfaces: Surfaces;
  readonly #panel: PreviewPanel;
  readonly #exports: Exports;
  readonly #scenarios: Scenarios;
  readonly #hiddenRun = new HiddenRun(() => { this.#model.cancel(); });
  readonly #pictureChanged = new EventEmitter<void>();
  #picture: PreviewModel<Surface>['shown'];

  constructor(
    private readonly studio: Studio,
    { extensionUri, storageUri, globalStorageUri }: ExtensionContext,
  ) {
    this.#surfaces = new Surfaces(extensionUri, (message, from) => void this.#receive(message, from), (surface) => { this.#model.forget(surface); });
    this.#model = new PreviewModel(serverSimulator(studio), { changed: (surface) => { this.#show(surface); }, look: () => this.#surfaces.areSeen });
    this.#panel = new PreviewPanel(this.#surfaces, () => { this.#visibilityChanged(); });
    this.#exports = new Exports(studio, this.#model, this.#surfaces);
    this.#scenarios = new Scenarios(studio, this.#model, new DroppedSnapshots(storageUri ?? globalStorageUri), (request) => this.#simulate(request));
  }

  register(): VsDisposable {
    const { studio } = this;
    return Disposable.from(
      new Disposable(() => {
        this.#model.dispose();
        this.#hiddenRun.update(undefined, false);
      }),
      this.#pictureChanged,
      this.#panel.register(),
      blockerLenses(studio, this.#model, this.#pictureChanged.event),
      this.#exports.register(),
      this.#scenarios.register(),
      window.registerWebviewViewProvider('livepatchStudio.preview', {
        resolveWebviewView: (view) => {
          const attached = this.#surfaces.attach(view);
          view.onDidChangeVisibility(() => { this.#visibilityChanged(); });
          view.onDidDispose(() => { attached.dispose(); });
        },
      }),
      studio.plans.onDidChange(() => { this.#model.editChanged(); }),
      workspace.onDidChangeConfiguration((change) => { if (change.affectsConfiguration('livepatchStudio.simulate')) this.#model.editChanged(); }),
      command(studio, 'livepatchStudio.simulate', (folder, functions) => {
        // From a view's title or menu VS Code passes its own objects: only our lenses pass a folder and names.
        const request = previewRequest({ folder, functions }) ?? {};
        return this.#simulate(request);
      }),
      command(studio, 'livepatchStudio.simulateFunction', (node) => {
        const { folder, label } = node as PlanNode;
        return this.#simulate({ folder, functions: [label] });
      }),
      command(studio, 'livepatchStudio.openPreview', () => { this.#panel.open(); }),
      command(studio, 'livepatchStudio.showBlockers', async (name) => {
        await this.#reveal();
        this.#model.highlight(name as string);
      }),
    );
  }

  async #simulate(request: PreviewRequest): Promise<void> {
    await this.#reveal();
    await this.#model.simulate(this.#aimed(request));
  }

  /** At one folder, whichever editor comes to be active later; and a view that remembers a folder knows after a reload that there was something. */
  #aimed(request: PreviewRequest): PreviewRequest {
    const folder = request.folder ?? this.studio.plans.pick()?.folder;
    return { ...request, ...(folder !== undefined && { folder }) };
  }

  /** Where the preview is seen in its tab it stays there. */
  async #reveal(): Promise<void> {
    if (!this.#panel.isSeen) await commands.executeCommand('livepatchStudio.preview.focus');
  }

  /** Whoever looks again sees the edit as it is now. */
  #visibilityChanged(): void {
    if (this.#surfaces.areSeen) this.#model.editChanged();
    this.#tellHidden();
  }

  #tellHidden(): void {
    this.#hiddenRun.update(this.#model.busy, this.#surfaces.areSeen);
  }

  #show(only: Surface | undefined): void {
    this.#tellHidden();
    this.#surfaces.show((surface) => this.#model.state(surface), only);
    const picture = this.#model.shown;
    if (picture === this.#picture) return;
    this.#picture = picture;
    this.#pictureChanged.fire();
  }

  async #receive(message: FromPreview, from: Surface): Promise<void> {
    try {
      await this.#answer(message, from);
    } catch (error) {
      this.studio.log.error(error instanceof Error ? error : String(error));
      void window.showErrorMessage(messageOf(error));
    }
  }

  async #answer(message: FromPreview, from: Surface): Promise<void> {
    const model = this.#model;
    switch (message.type) {
      case 'ready':
        // After a reload the preview knows what it showed, and the simulation is made again: the same request gives the same.
        if (message.request !== undefined) void model.restore(message.request);
        await from.webview.postMessage(model.state(from));
        break;
      case 'simulate':
        await model.simulate(this.#aimed({ ...model.request, ...(message.scenario !== undefined && { scenario: message.scenario }) }));
        break;
      case 'cancel':
        model.cancel();
        break;
      case 'detail':
        await model.look(from, message.detail);
        break;
      case 'open':
        await openSource(this.studio, model.request.folder, message.name);
        break;
      case 'highlight':
        model.highlight(message.name);
        break;
      case 'openWide':
        this.#panel.open();
        break;
      case 'export':
        await this.#exports.run(message.format, message.how, from);
        break;
      case 'openScenario':
        await this.#scenarios.open();
        break;
      case 'saveScenario':
        await this.#scenarios.save();
        break;
      case 'importSnapshot':
        await this.#scenarios.importSnapshot(message.name, message.text);
        break;
      case 'png':
        // An answer, which the surfaces wait for.
        break;
    }
  }
}
