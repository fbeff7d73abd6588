import type { Disposable, LogOutputChannel } from 'vscode';
import { commands, window } from 'vscode';
import type { LensCommands } from './lensCommands';
import type { Plans } from './plans';
import type { Server } from './server';
import { messageOf } from './messageOf';

/** What every feature is given. A feature registers what it needs and returns it all as one disposable. */
export interface Studio {
  readonly log: LogOutputChannel;
  readonly server: Server;
  readonly plans: Plans;
  readonly lensCommands: LensCommands;
}

export type Feature = (studio: Studio) => Disposable;

/** Registers a command whose failure becomes one message where the user looks, with the details in the log. */
export function command(studio: Studio, id: string, run: (...args: unknown[]) => unknown): Disposable {
  return commands.registerCommand(id, async (...args: unknown[]) => {
    try {
      await run(...args);
    } catch (error) {
      studio.log.error(error instanceof Error ? error : String(error));
      void window.showErrorMessage(messageOf(error));
    }
  });
}
