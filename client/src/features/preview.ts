import type { Disposable as VsDisposable, Webview, WebviewView } from 'vscode';
import { CancellationTokenSource, commands, Disposable, Uri, window } from 'vscode';
import { randomBytes } from 'node:crypto';
import type { SimulateParams, SimulateResult } from '../../../server/src/lsp/protocol';
import { methods } from '../../../server/src/lsp/protocol';
import type { FromPreview, PreviewRequest, PreviewState } from '../../webview/messages';
import { fromPreview, previewRequest } from '../../webview/messages';
import type { PlanNode } from '../planTree';
import { functionsOf } from '../plans';
import { messageOf } from '../server';
import type { Studio } from '../studio';
import { command } from '../studio';
import { openPlace } from './open';

/** The preview in the Live Patch view: asks for simulations, shows their trace, and opens the functions clicked in it. */
export function preview(studio: Studio, extensionUri: Uri): VsDisposable {
  const host = new PreviewHost(studio, extensionUri);
  return Disposable.from(
    host,
    window.registerWebviewViewProvider('livepatchStudio.preview', host),
    studio.plans.onDidChange(() => { host.planChanged(); }),
    command(studio, 'livepatchStudio.simulate', (folder, functions) => {
      // From a view's title or menu VS Code passes its own objects: only our lenses pass a folder and names.
      const request = previewRequest({ folder, functions }) ?? {};
      return host.simulate(request);
    }),
    command(studio, 'livepatchStudio.simulateFunction', (node) => {
      const { folder, label } = node as PlanNode;
      return host.simulate({ folder, functions: [label] });
    }),
  );
}

class PreviewHost implements VsDisposable {
  #view: WebviewView | undefined;
  #state: PreviewState | undefined;
  #request: PreviewRequest = {};
  #running: CancellationTokenSource | undefined;
  #shownBasis = '';

  constructor(
    private readonly studio: Studio,
    private readonly extensionUri: Uri,
  ) {}

  resolveWebviewView(view: WebviewView): void {
    this.#view = view;
    const files = Uri.joinPath(this.extensionUri, 'dist', 'webview');
    view.webview.options = { enableScripts: true, localResourceRoots: [files] };
    view.webview.onDidReceiveMessage((message) => {
      const known = fromPreview(message);
      if (known !== undefined) void this.#receive(known);
    });
    view.onDidDispose(() => { this.#view = undefined; });
    view.webview.html = pageOf(view.webview, files);
  }

  /** Shows the preview and fills it, by the scenario chosen last; a simulation still running for an earlier request is canceled. */
  async simulate(request: PreviewRequest): Promise<void> {
    const { scenario } = this.#request;
    await commands.executeCommand('livepatchStudio.preview.focus');
    await this.#run({ ...(scenario !== undefined && { scenario }), ...request });
  }

  /** Marks the trace as out of date, or as good again when the edit was taken back. A plan in the making says neither. */
  planChanged(): void {
    const state = this.#state;
    if (state?.kind === 'empty') this.#show(this.#empty());
    if (state?.kind !== 'simulation' || this.studio.plans.pick(this.#request.folder)?.state !== 'ready') return;
    const { stale, ...rest } = state;
    const isStale = this.#basis() !== this.#shownBasis;
    if (isStale !== (stale !== undefined)) this.#show({ ...rest, ...(isStale && { stale: 'The edit has changed since.' }) });
  }

  dispose(): void {
    this.#running?.cancel();
  }

  /** What a simulation takes from the plan: while it stays the same, so does the trace. */
  #basis(): string {
    const plan = this.studio.plans.pick(this.#request.folder);
    const objects = plan?.objects.map((object) => [object.name, object.functions.map((fn) => [fn.name, fn.change])]);
    return JSON.stringify([plan?.kernelVersion, plan?.verdict, objects]);
  }

  async #run(request: PreviewRequest): Promise<void> {
    this.#running?.cancel();
    const running = new CancellationTokenSource();
    this.#running = running;
    this.#request = request;
    this.#shownBasis = this.#basis();
    this.#show({ kind: 'running', message: 'Simulating the transition…' });
    const state = await this.#simulated(request, running);
    running.dispose();
    if (this.#running !== running) return;
    this.#running = undefined;
    this.#show(state);
  }

  async #simulated(request: PreviewRequest, running: CancellationTokenSource): Promise<PreviewState> {
    try {
      const folder = this.studio.plans.pick(request.folder)?.folder;
      const params: SimulateParams = { ...request, ...(folder !== undefined && { folder }) };
      const result = await window.withProgress({ location: { viewId: 'livepatchStudio.preview' } }, () =>
        this.studio.server.request<SimulateResult>(methods.simulate, params, running.token),
      );
      if ('empty' in result) return { kind: 'empty', message: result.empty, canSimulate: false };
      return { kind: 'simulation', view: result, request };
    } catch (error) {
      if (running.token.isCancellationRequested) return this.#empty();
      this.studio.log.error(`Simulation failed: ${messageOf(error)}`);
      return { kind: 'error', message: messageOf(error) };
    }
  }

  #show(state: PreviewState): void {
    this.#state = state;
    void this.#view?.webview.postMessage(state);
  }

  #empty(): PreviewState {
    const plan = this.studio.plans.pick();
    const canSimulate = plan !== undefined && functionsOf(plan).length > 0;
    const message = canSimulate
      ? 'See how a live patch of this edit would be applied: which tasks hold it up, where, and for how long.'
      : 'Edit a function and the preview can show how its live patch would be applied.';
    return { kind: 'empty', message, canSimulate };
  }

  async #receive(message: FromPreview): Promise<void> {
    switch (message.type) {
      case 'ready':
        // After a reload the preview knows what it showed, and the trace is made again: the same request gives the same trace.
        if (this.#state === undefined && message.request !== undefined && this.studio.server.state === 'running') await this.#run(message.request);
        else this.#show(this.#state ?? this.#empty());
        break;
      case 'simulate':
        await this.#run({ ...this.#request, ...(message.scenario !== undefined && { scenario: message.scenario }) });
        break;
      case 'cancel':
        this.#running?.cancel();
        break;
      case 'open':
        await this.#open(message.name);
        break;
      case 'detail':
      case 'highlight':
      case 'openWide':
      case 'openScenario':
      case 'saveScenario':
      case 'importSnapshot':
      case 'export':
      case 'png':
        this.studio.log.warn(`The preview asked for something that is not there yet: ${message.type}`);
    }
  }

  async #open(name: string): Promise<void> {
    const plan = this.studio.plans.pick(this.#request.folder);
    const fn = plan && functionsOf(plan).find((it) => it.name === name);
    if (fn !== undefined) await openPlace(fn.uri, fn.range);
    else void window.showInformationMessage(`${name} is not part of the live patch any more.`);
  }
}

/** Scripts by nonce, styles from our folder, nothing else: no inline code, no network. */
function pageOf(webview: Webview, files: Uri): string {
  const nonce = randomBytes(16).toString('base64');
  const at = (name: string) => webview.asWebviewUri(Uri.joinPath(files, name)).toString();
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src 'nonce-${nonce}'; style-src ${webview.cspSource};">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Preview</title>
<link rel="stylesheet" href="${at('preview.css')}">
</head>
<body><main id="preview"></main><script nonce="${nonce}" src="${at('preview.js')}"></script></body>
</html>`;
}
