/**
 * What may be asked when (LSP 3.17, "Server lifecycle"): nothing before `initialize`, which comes once, and nothing but
 * `exit` after `shutdown`. The library answers whenever it is asked.
 */
import { ErrorCodes, ResponseError, type Connection, type Message, type MessageStrategy, type RequestMessage } from 'vscode-languageserver/node';

const REFUSED = 'livepatchStudio/refused';

export class Lifecycle implements MessageStrategy {
  #phase: 'new' | 'running' | 'down' = 'new';

  /** Registers the answer to refused requests. */
  attach(connection: Connection): void {
    connection.onRequest(REFUSED, () => (this.#phase === 'new' ? new ResponseError(ErrorCodes.ServerNotInitialized, 'The server is not initialized yet.') : new ResponseError(ErrorCodes.InvalidRequest, this.#phase === 'down' ? 'The server was shut down.' : 'The server is initialized already.')));
  }

  handleMessage(message: Message, next: (message: Message) => void | Promise<void>): void | Promise<void> {
    const { method, id } = message as Partial<RequestMessage>;
    if (method === undefined || method === 'exit') return next(message);
    const allowed = this.#phase === 'running' ? method !== 'initialize' : this.#phase === 'new' && method === 'initialize';
    if (!allowed) return id === undefined ? undefined : next({ ...message, method: REFUSED } as Message);
    if (method === 'initialize') this.#phase = 'running';
    if (method === 'shutdown') this.#phase = 'down';
    return next(message);
  }
}
