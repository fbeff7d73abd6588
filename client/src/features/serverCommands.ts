import { Disposable } from 'vscode';
import type { Feature } from '../studio';
import { command } from '../studio';

export const serverCommands: Feature = (studio) =>
  Disposable.from(
    command(studio, 'livepatchStudio.restartServer', () => studio.server.restart()),
    command(studio, 'livepatchStudio.showLog', () => { studio.log.show(); }),
    command(studio, 'livepatchStudio.refresh', () => studio.plans.refresh()),
  );
