import { Disposable, window, workspace } from 'vscode';
import type { ModuleSourceParams, ModuleSourceResult } from '../../../server/src/lsp/protocol';
import { methods } from '../../../server/src/lsp/protocol';
import type { Feature } from '../studio';
import { command } from '../studio';

/** Shows the module that would carry the patch, in an untitled document: nothing is written until the user saves it. */
export const moduleSource: Feature = (studio) =>
  Disposable.from(
    command(studio, 'livepatchStudio.previewModuleSource', async () => {
      const plan = studio.plans.pick();
      if (plan === undefined) throw new Error('There is no live patch plan yet.');
      const params: ModuleSourceParams = { folder: plan.folder };
      const { source } = await studio.server.request<ModuleSourceResult>(methods.moduleSource, params);
      const document = await workspace.openTextDocument({ language: 'c', content: source });
      await window.showTextDocument(document, { preview: true });
    }),
  );
