/**
 * Call and type hierarchies, offered only where clangd does not run: VS Code takes the first provider of a language, and clangd's are exact.
 * A client that lets capabilities come and go may tell later that clangd has come or gone.
 */
import {
  CallHierarchyPrepareRequest,
  TypeHierarchyPrepareRequest,
  type CancellationToken,
  type ClientCapabilities,
  type Connection,
  type Disposable,
  type ServerCapabilities,
} from 'vscode-languageserver/node';
import { asked, type Asked } from './asked';
import { unlessCancelled } from './cancelled';
import { incomingCalls, outgoingCalls, prepareCalls } from './callHierarchy';
import type { Folders } from './folders';
import { methods, type ClangdParams } from './protocol';
import { embeddedIn, embeddersOf, prepareRecords } from './typeHierarchy';

export class Hierarchies {
  /** Requests whose registration comes and goes. */
  #dynamic: (typeof CallHierarchyPrepareRequest.type | typeof TypeHierarchyPrepareRequest.type)[] = [];
  #registered: Promise<readonly Disposable[]> | undefined;
  #clangd = false;
  readonly #told = new Set<string>();

  constructor(
    private readonly connection: Connection,
    private readonly folders: Folders,
  ) {
    const { callHierarchy, typeHierarchy } = connection.languages;
    callHierarchy.onPrepare(({ textDocument, position }, token) => this.#ask(textDocument.uri, token, (tree) => prepareCalls(tree, position)));
    callHierarchy.onIncomingCalls(({ item }, token) => this.#ask(item.uri, token, (tree) => incomingCalls(tree, item)));
    callHierarchy.onOutgoingCalls(({ item }, token) => this.#ask(item.uri, token, (tree) => outgoingCalls(tree, item)));
    typeHierarchy.onPrepare(({ textDocument, position }, token) => this.#ask(textDocument.uri, token, (tree) => prepareRecords(tree, position)));
    typeHierarchy.onSubtypes(({ item }, token) => this.#ask(item.uri, token, (tree) => embeddersOf(tree, item)));
    typeHierarchy.onSupertypes(({ item }, token) => this.#ask(item.uri, token, (tree) => embeddedIn(tree, item)));
    connection.onNotification(methods.clangd, ({ running }: ClangdParams) => {
      this.#clangd = running;
      this.register();
    });
  }

  /** What to tell at initialization: nothing of what is registered later, or of what the client does not know. */
  capabilities({ textDocument }: ClientCapabilities, clangd: boolean): Pick<ServerCapabilities, 'callHierarchyProvider' | 'typeHierarchyProvider'> {
    this.#clangd = clangd;
    const { callHierarchy, typeHierarchy } = textDocument ?? {};
    this.#dynamic = [
      ...(callHierarchy?.dynamicRegistration === true ? [CallHierarchyPrepareRequest.type] : []),
      ...(typeHierarchy?.dynamicRegistration === true ? [TypeHierarchyPrepareRequest.type] : []),
    ];
    const isStatic = (capability: { readonly dynamicRegistration?: boolean } | undefined): boolean => capability !== undefined && capability.dynamicRegistration !== true && !clangd;
    return { ...(isStatic(callHierarchy) ? { callHierarchyProvider: true } : {}), ...(isStatic(typeHierarchy) ? { typeHierarchyProvider: true } : {}) };
  }

  /** Registers what is wanted and not there, or takes back what is there and not wanted. */
  register(): void {
    if (this.#clangd) {
      void this.#registered?.then((all) => { for (const one of all) one.dispose(); });
      this.#registered = undefined;
    } else {
      this.#registered ??= Promise.all(this.#dynamic.map((type) => this.connection.client.register(type, { documentSelector: null }))).catch((error: unknown) => {
        this.connection.console.warn(`The hierarchies could not be registered: ${String(error)}`);
        return [];
      });
    }
  }

  /** null for what is in no kernel tree. */
  async #ask<R>(uri: string, token: CancellationToken, work: (tree: Asked) => Promise<R>): Promise<R | null> {
    const at = this.folders.place(uri);
    if (at === undefined) return null;
    await unlessCancelled(token, at.session.ready());
    const { uses } = at.session;
    if (uses === undefined) return null;
    const abort = new AbortController();
    const listening = token.onCancellationRequested(() => { abort.abort(); });
    try {
      return await unlessCancelled(token, work(asked(at.session, uses, at.path, abort.signal, (reason) => { this.#tell(reason); })));
    } finally {
      listening.dispose();
    }
  }

  /** The protocol has no place for doubts about an answer. Each is told once. */
  #tell(reason: string): void {
    if (this.#told.has(reason)) return;
    this.#told.add(reason);
    this.connection.console.warn(`A hierarchy may be incomplete: ${reason}.`);
  }
}
