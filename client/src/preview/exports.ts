import type { Disposable as VsDisposable } from 'vscode';
import { commands, Disposable, env, ProgressLocation, Uri, window, workspace } from 'vscode';
import type { ExportParams, ExportResult } from '../../../server/src/lsp/protocol';
import { methods } from '../../../server/src/lsp/protocol';
import type { ExportFormat } from '../../webview/messages';
import type { Studio } from '../studio';
import { command } from '../studio';
import { exportName } from './exportName';
import type { PreviewModel } from './model';
import type { Surface, Surfaces } from './surfaces';

const formats = {
  svg: { label: 'SVG', description: 'the picture', extension: 'svg', filter: 'SVG Pictures' },
  png: { label: 'PNG', description: 'the picture', extension: 'png', filter: 'PNG Pictures' },
  markdown: { label: 'Markdown', description: 'a report for a change request', extension: 'md', filter: 'Markdown' },
} as const satisfies Record<ExportFormat, object>;

/** The simulation as a document: saved where the user says, or copied. */
export class Exports {
  constructor(
    private readonly studio: Studio,
    private readonly model: PreviewModel<Surface>,
    private readonly surfaces: Surfaces,
  ) {}

  register(): VsDisposable {
    return Disposable.from(
      command(this.studio, 'livepatchStudio.exportPreview', () => this.#choose()),
      command(this.studio, 'livepatchStudio.copyReport', () => this.run('markdown', 'copy')),
    );
  }

  /** @param from where it was asked for, when that was in a view */
  async run(format: ExportFormat, how: 'save' | 'copy', from?: Surface): Promise<void> {
    if (format !== 'markdown' && this.model.shown === undefined) throw new Error('Simulate the patch first: there is no picture yet.');
    if (how === 'copy') await this.#copy(format, from);
    else await this.#save(format, from);
  }

  async #copy(format: ExportFormat, by: Surface | undefined): Promise<void> {
    if (format === 'png') await this.surfaces.rasterize(await this.#text('svg', by), { by, copy: true });
    else await env.clipboard.writeText(await this.#text(format, by));
    void window.setStatusBarMessage(`${formats[format].label} copied`, 3000);
  }

  /** The name is asked for before the work is done. */
  async #save(format: ExportFormat, by: Surface | undefined): Promise<void> {
    const target = await this.#askWhere(format);
    if (target === undefined) return;
    const text = await this.#text(format === 'png' ? 'svg' : format, by);
    await workspace.fs.writeFile(target, format === 'png' ? Buffer.from(await this.surfaces.rasterize(text, { by, copy: false }), 'base64') : Buffer.from(text));
    void this.#offerToOpen(target);
  }

  async #choose(): Promise<void> {
    const rows = (Object.keys(formats) as ExportFormat[]).flatMap((format) => [
      { label: `$(save) Save as ${formats[format].label}…`, description: formats[format].description, format, how: 'save' as const },
      { label: `$(copy) Copy as ${formats[format].label}`, description: formats[format].description, format, how: 'copy' as const },
    ]);
    const row = await window.showQuickPick(rows, { title: 'Export Preview' });
    if (row !== undefined) await this.run(row.format, row.how);
  }

  /** The picture is of the system that is looked at there. */
  #text(format: ExportParams['format'], by = this.surfaces.seen): Promise<string> {
    const { request } = this.model;
    const system = by && this.model.systemOf(by);
    const folder = this.studio.plans.pick(request.folder)?.folder;
    const params: ExportParams = { ...request, ...(folder !== undefined && { folder }), format, ...(system !== undefined && format === 'svg' && { system }) };
    return Promise.resolve(
      window.withProgress({ location: ProgressLocation.Window, title: 'Writing the simulation out' }, async () => (await this.studio.server.request<ExportResult>(methods.exportSimulation, params)).text),
    );
  }

  async #askWhere(format: ExportFormat): Promise<Uri | undefined> {
    const { extension, filter } = formats[format];
    const name = exportName(this.model.shown?.trace.patch.functions ?? [], extension);
    const folder = this.studio.plans.pick(this.model.request.folder)?.folder;
    return window.showSaveDialog({ title: 'Export Preview', filters: { [filter]: [extension] }, ...(folder !== undefined && { defaultUri: Uri.joinPath(Uri.parse(folder), name) }) });
  }

  async #offerToOpen(file: Uri): Promise<void> {
    const open = 'Open';
    if ((await window.showInformationMessage(`Saved ${workspace.asRelativePath(file)}.`, open)) === open) await commands.executeCommand('vscode.open', file);
  }
}
