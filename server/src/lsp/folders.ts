/** The workspace's folders, and which of them a document belongs to. */
import { fileURLToPath, pathToFileURL } from 'node:url';
import { manualUri } from '../host/manual';
import type { Naming } from './convert';
import type { FolderSession } from './session';

export interface Place {
  readonly session: FolderSession;
  /** Relative to the session's tree. */
  readonly path: string;
}

export class Folders {
  readonly #sessions = new Map<string, FolderSession>();

  add(session: FolderSession): void {
    this.#sessions.set(session.uri, session);
  }

  /** Ends the folder's session. */
  remove(uri: string): void {
    this.#sessions.get(uri)?.dispose();
    this.#sessions.delete(uri);
  }

  get all(): readonly FolderSession[] {
    return [...this.#sessions.values()];
  }

  /** The session of a folder's URI, or the first one. */
  session(uri: string | undefined): FolderSession | undefined {
    return uri === undefined ? this.all[0] : this.#sessions.get(uri);
  }

  /** Every place a document has: two folders may lie in one tree. Empty for what is in no kernel tree, or no file. */
  places(uri: string): Place[] {
    const file = filePathOf(uri);
    if (file === undefined) return [];
    return this.all.flatMap((session) => {
      const path = session.pathOf(file);
      return path === undefined ? [] : [{ session, path }];
    });
  }

  /** Where a document's own answers come from. */
  place(uri: string): Place | undefined {
    return this.places(uri)[0];
  }
}

/** How files of a session's tree, and pages of the manual, are named to the client. */
export const namingOf = (session: FolderSession): Naming => ({ uriOf: (path) => pathToFileURL(session.fileOf(path)).href, manualOf: manualUri });

/** undefined for URIs that name no file of this machine. */
export function filePathOf(uri: string): string | undefined {
  try {
    return uri.startsWith('file:') ? fileURLToPath(uri) : undefined;
  } catch {
    return undefined;
  }
}
