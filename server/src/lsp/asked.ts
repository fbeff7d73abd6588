/** What a question about the tree is answered with: a session's tree, for one request. */
import { pathToFileURL } from 'node:url';
import type { TreeUses } from '../kernel/index/treeUses';
import type { FolderSession } from './session';
import { TreeTexts } from './treeTexts';

export interface Asked {
  readonly uses: TreeUses;
  readonly texts: TreeTexts;
  /** Of the document or the item the request is about, relative to the tree. */
  readonly path: string;
  readonly signal: AbortSignal;
  readonly uriOf: (path: string) => string;
  /** Something is missing from the answer; the end of a sentence says what. */
  readonly incomplete: (reason: string) => void;
}

export function asked(session: FolderSession, uses: TreeUses, path: string, signal: AbortSignal, incomplete: (reason: string) => void): Asked {
  return { uses, texts: new TreeTexts(session), path, signal, uriOf: (one) => pathToFileURL(session.fileOf(one)).href, incomplete };
}

/** What `found` tells, with its doubts passed on. */
export async function complete<T>({ incomplete }: Asked, answer: Promise<{ readonly found: readonly T[]; readonly incomplete?: string }>): Promise<readonly T[]> {
  const { found, incomplete: reason } = await answer;
  if (reason !== undefined) incomplete(reason);
  return found;
}

/** Of the definitions of that name the one nearest to a line: the text may have changed since the client was told the line. */
export function nearest<D extends { readonly name: string; readonly line: number }>(definitions: readonly D[], name: string, line: number): D | undefined {
  let best: D | undefined;
  for (const one of definitions) {
    if (one.name === name && (best === undefined || Math.abs(one.line - line) < Math.abs(best.line - line))) best = one;
  }
  return best;
}

/** What an item carries through the client, or undefined for what is none of ours. */
export function dataOf(item: { readonly data?: unknown }): { readonly line: number; readonly kind: string } | undefined {
  const { data } = item;
  if (typeof data !== 'object' || data === null || !('line' in data) || !('kind' in data)) return undefined;
  return Number.isSafeInteger(data.line) && typeof data.kind === 'string' ? { line: data.line as number, kind: data.kind } : undefined;
}
