/** Keeps the index of a session's tree in a thread of its own, with its progress where the editor shows it. */
import { join } from 'node:path';
import type { Connection, WorkDoneProgressServerReporter } from 'vscode-languageserver/node';
import { IndexKeeper } from '../host/indexKeeper';
import { indexPathOf } from '../host/indexFile';
import { updateInBackground } from '../host/updateInBackground';
import type { OpenTexts } from './workingEdit';

export interface IndexPlace {
  /** Absolute path of the tree. */
  readonly root: string;
  /** Absolute path of the folder that holds indexes; the user's cache folder when absent. */
  readonly storage: string | undefined;
  /** In MB. */
  readonly memory: number;
}

/** Fewer files are scanned before anybody has read what the status bar says. */
const WORTH_TELLING = 500;

/** @param ended called whenever the index was brought up to date */
export function keepIndex(connection: Connection, { root, storage, memory }: IndexPlace, editor: OpenTexts, ended: () => void): IndexKeeper {
  return new IndexKeeper(root, indexPathOf(root, storage), {
    editor,
    async update(path, signal) {
      const shown = new Shown(connection);
      try {
        // One job: the other processors are the user's.
        return await updateInBackground(root, path, { memory, jobs: 1, worker: join(__dirname, 'indexWorker.js'), signal, progress: (done, total) => { if (total > WORTH_TELLING) shown.report(done, total); } });
      } finally {
        shown.done();
      }
    },
    ended(failure) {
      if (failure === undefined) ended();
      else connection.console.warn(`The kernel tree could not be indexed: ${failure}`);
    },
  });
}

/** A progress that the client is asked for when there is something to show. */
class Shown {
  #reporter: Promise<WorkDoneProgressServerReporter> | undefined;

  constructor(private readonly connection: Connection) {}

  report(done: number, total: number): void {
    const percent = Math.floor((done / total) * 100);
    this.#reporter ??= this.connection.window.createWorkDoneProgress().then((reporter) => {
      reporter.begin('Indexing the kernel tree', 0);
      return reporter;
    });
    void this.#reporter.then((reporter) => { reporter.report(percent, `${percent} %`); }, () => undefined);
  }

  done(): void {
    void this.#reporter?.then((reporter) => { reporter.done(); }, () => undefined);
  }
}
