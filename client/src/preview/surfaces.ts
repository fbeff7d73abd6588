import type { Disposable as VsDisposable, Webview } from 'vscode';
import { Disposable, Uri } from 'vscode';
import { randomBytes } from 'node:crypto';
import type { FromPreview, PreviewState, Rasterize } from '../../webview/messages';
import { fromPreview } from '../../webview/messages';
import { previewPage } from './page';

/** A place where the preview is drawn: the view in the side bar, or an editor tab. */
export interface Surface {
  readonly webview: Webview;
  readonly visible: boolean;
}

/** A picture takes well under a second; a view that was closed never answers. */
const RASTERIZE_MS = 30_000;

/** All places where the preview is drawn. They show the same simulation, each a part of its own. */
export class Surfaces {
  readonly #all = new Set<Surface>();
  #pngTaken: ((base64: string) => void) | undefined;

  constructor(
    private readonly extensionUri: Uri,
    private readonly receive: (message: FromPreview, from: Surface) => void,
    private readonly detached: (surface: Surface) => void,
  ) {}

  get areSeen(): boolean {
    return this.seen !== undefined;
  }

  /** One that is seen. */
  get seen(): Surface | undefined {
    return [...this.#all].find(({ visible }) => visible);
  }

  /** Fills a webview with the preview until the result is disposed of. */
  attach(surface: Surface): VsDisposable {
    const { webview } = surface;
    const files = Uri.joinPath(this.extensionUri, 'dist', 'webview');
    webview.options = { enableScripts: true, localResourceRoots: [files] };
    const listening = webview.onDidReceiveMessage((value) => {
      const message = fromPreview(value);
      if (message?.type === 'png') this.#pngTaken?.(message.base64);
      else if (message !== undefined) this.receive(message, surface);
    });
    this.#all.add(surface);
    webview.html = previewPage({ cspSource: webview.cspSource, nonce: randomBytes(16).toString('base64'), at: (name) => webview.asWebviewUri(Uri.joinPath(files, name)).toString() });
    return Disposable.from(listening, new Disposable(() => {
      this.#all.delete(surface);
      this.detached(surface);
    }));
  }

  /** To everybody who is seen, or one of them; who is hidden asks when it is shown again. */
  show(stateOf: (surface: Surface) => PreviewState, only?: Surface): void {
    for (const surface of only === undefined ? this.#all : [only]) if (surface.visible) void surface.webview.postMessage(stateOf(surface));
  }

  /** A picture as a PNG file in base64: only a browser can draw. @param by who draws it, and puts it on the clipboard with `copy`; one that is seen when absent */
  async rasterize(svg: string, { by, copy }: { readonly by: Surface | undefined; readonly copy: boolean }): Promise<string> {
    const surface = by ?? this.seen;
    if (surface === undefined) throw new Error('Open the preview first: it draws the picture.');
    const failed = copy ? 'The picture could not be copied: save it, or copy it as SVG.' : 'The picture could not be drawn.';
    return new Promise((resolve, reject) => {
      const late = setTimeout(() => { reject(new Error(failed)); }, RASTERIZE_MS);
      this.#pngTaken = (base64) => {
        clearTimeout(late);
        if (base64 === '') reject(new Error(failed));
        else resolve(base64);
      };
      void surface.webview.postMessage({ kind: 'rasterize', svg, ...(copy && { copy }) } satisfies Rasterize);
    });
  }
}
