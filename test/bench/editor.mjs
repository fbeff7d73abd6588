// The editor's side of a measurement: the bundled server over standard input and output, and documents typed into.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { pathToFileURL } from 'node:url';
import { createProtocolConnection, StreamMessageReader, StreamMessageWriter } from 'vscode-languageserver/node';
import { TextDocument } from 'vscode-languageserver-textdocument';

/** An editor with one folder open, and a server of its own. */
export class Editor {
  #child;
  #connection;
  #folder;
  #versions = 0;

  /**
   * Starts the server and waits until the tree is read.
   *
   * @param {string} server the bundle
   * @param {string} tree absolute path
   * @param {string} [storage] absolute path of the folder that holds the tree's index
   */
  static async start(server, tree, storage) {
    const editor = new Editor();
    editor.#child = spawn(process.execPath, [server, '--stdio'], { stdio: ['pipe', 'pipe', 'inherit'] });
    editor.#connection = createProtocolConnection(new StreamMessageReader(editor.#child.stdout), new StreamMessageWriter(editor.#child.stdin));
    editor.#connection.onRequest(() => null);
    editor.#connection.listen();
    editor.#folder = pathToFileURL(tree).href;
    const begun = new Promise((resolve) => editor.#connection.onNotification('livepatchStudio/planChanged', resolve));
    await editor.#connection.sendRequest('initialize', {
      processId: process.pid, rootUri: editor.#folder, workspaceFolders: [{ uri: editor.#folder, name: 'kernel' }],
      capabilities: { textDocument: { diagnostic: {} }, workspace: { diagnostics: { refreshSupport: true } } },
      // The index is there, as on every day but the first.
      initializationOptions: { trusted: true, settings: {}, ...(storage === undefined ? {} : { storage }) },
    });
    await editor.#connection.sendNotification('initialized', {});
    await begun;
    return editor;
  }

  get pid() {
    return this.#child.pid;
  }

  /** @returns the document, its diagnostics known */
  async open(file, text) {
    const document = TextDocument.create(`${this.#folder}/${file}`, 'c', (this.#versions += 1), text);
    await this.#connection.sendNotification('textDocument/didOpen', { textDocument: { uri: document.uri, languageId: 'c', version: document.version, text } });
    await this.#diagnostics(document);
    return document;
  }

  /** Makes one edit and waits for its diagnostics. Their number. */
  async edit(document, { at, remove, insert }) {
    const change = { range: { start: document.positionAt(at), end: document.positionAt(at + remove) }, text: insert };
    TextDocument.update(document, [change], (this.#versions += 1));
    const began = performance.now();
    // Not awaited: an editor sends both at once.
    void this.#connection.sendNotification('textDocument/didChange', { textDocument: { uri: document.uri, version: document.version }, contentChanges: [change] });
    const items = await this.#diagnostics(document);
    return { ms: performance.now() - began, items: items.length };
  }

  async close(document) {
    await this.#connection.sendNotification('textDocument/didClose', { textDocument: { uri: document.uri } });
  }

  /** Compares with a commit from now on, read anew. */
  async setBaseline(ref) {
    await this.#connection.sendRequest('livepatchStudio/setBaseline', { folder: this.#folder, choice: { kind: 'git', ref } });
  }

  /** Waits for the first plan: what the server does before it is measured by nobody's typing. */
  async ready() {
    for (let tries = 0; tries < 600; tries += 1) {
      const { state, message } = await this.#connection.sendRequest('livepatchStudio/plan', { folder: this.#folder });
      if (state === 'ready') return;
      if (state !== 'analyzing') throw new Error(`the server says: ${message ?? state}`);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    throw new Error('the server was not ready within a minute');
  }

  async stop() {
    await this.#connection.sendRequest('shutdown');
    await this.#connection.sendNotification('exit');
    await once(this.#child, 'exit');
  }

  /** Ends the server whatever it does; without effect after `stop`. */
  kill() {
    this.#child.kill();
  }

  async #diagnostics({ uri }) {
    return (await this.#connection.sendRequest('textDocument/diagnostic', { textDocument: { uri } })).items;
  }
}
