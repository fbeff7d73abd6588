import { window } from 'vscode';
import type { LocateParams, LocateResult } from '../../../server/src/lsp/protocol';
import { methods } from '../../../server/src/lsp/protocol';
import { openPlace } from '../features/open';
import { functionsOf } from '../planWords';
import type { Studio } from '../studio';

/** Opens a function that a stack or the patch names: as the plan has it, else where the tree defines it. */
export async function openSource({ plans, server }: Studio, folder: string | undefined, name: string): Promise<void> {
  const plan = plans.pick(folder);
  const planned = plan && functionsOf(plan).find((fn) => fn.name === name && fn.change !== 'removed');
  if (planned !== undefined) {
    await openPlace(planned.uri, planned.range);
    return;
  }
  const params: LocateParams = { function: name, ...(plan !== undefined && { folder: plan.folder }) };
  const place = await server.request<LocateResult>(methods.locate, params);
  if (place === null) void window.showInformationMessage(`Where ${name} is defined is not known.`);
  else await openPlace(place.uri, place.range);
}
