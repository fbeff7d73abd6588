/** A request that the client takes back. */
import { LSPErrorCodes, ResponseError, type CancellationToken } from 'vscode-languageserver';

/** What `work` gives, or a rejection at once when the client takes its request back. */
export async function unlessCancelled<T>(token: CancellationToken, work: Promise<T>): Promise<T> {
  if (token.isCancellationRequested) throw cancelled();
  return Promise.race([work, new Promise<never>((_, reject) => token.onCancellationRequested(() => { reject(cancelled()); }))]);
}

export const cancelled = (): ResponseError => new ResponseError(LSPErrorCodes.RequestCancelled, 'Cancelled.');
