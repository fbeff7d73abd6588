import type { Disposable as VsDisposable, WebviewPanel } from 'vscode';
import { Disposable, ViewColumn, window } from 'vscode';
import type { Surfaces } from './surfaces';

const TYPE = 'livepatchStudio.previewPanel';

/** The preview in an editor tab, for room. There is one; it comes back when the window is loaded again, and asks for its picture by itself. */
export class PreviewPanel {
  #panel: WebviewPanel | undefined;

  constructor(
    private readonly surfaces: Surfaces,
    private readonly visibilityChanged: () => void,
  ) {}

  get isSeen(): boolean {
    return this.#panel?.visible === true;
  }

  open(): void {
    if (this.#panel === undefined) this.#adopt(window.createWebviewPanel(TYPE, 'Live Patch Preview', ViewColumn.Active));
    else this.#panel.reveal();
  }

  register(): VsDisposable {
    return Disposable.from(
      window.registerWebviewPanelSerializer(TYPE, {
        deserializeWebviewPanel: (panel) => {
          this.#adopt(panel);
          return Promise.resolve();
        },
      }),
      new Disposable(() => { this.#panel?.dispose(); }),
    );
  }

  #adopt(panel: WebviewPanel): void {
    this.#panel?.dispose();
    this.#panel = panel;
    const attached = this.surfaces.attach(panel);
    panel.onDidChangeViewState(() => { this.visibilityChanged(); });
    panel.onDidDispose(() => {
      attached.dispose();
      if (this.#panel === panel) this.#panel = undefined;
      this.visibilityChanged();
    });
  }
}
