import type { CodeLens, Command, Disposable as VsDisposable } from 'vscode';
import { commands } from 'vscode';
import { createHash } from 'node:crypto';

/** A file has some fifty lenses at most, and those drawn a few edits ago nobody can click any more. */
const MOST = 1000;

/**
 * What lenses do, each under an id of its own and without arguments. VS Code keeps the arguments of a lens's command only until it
 * has asked for lenses anew, and one that is still drawn then and clicked fails with "Actual command not found"; a command without
 * arguments is there as long as it is registered.
 */
export class LensCommands implements VsDisposable {
  readonly #registered = new Map<string, VsDisposable>();

  /** The same lens, which can be clicked as long as it is drawn. */
  lasting(lens: CodeLens): CodeLens {
    if (lens.command !== undefined) lens.command = this.#lasting(lens.command);
    return lens;
  }

  dispose(): void {
    for (const registered of this.#registered.values()) registered.dispose();
    this.#registered.clear();
  }

  /** The same command and arguments have the same id. */
  #lasting({ command, arguments: values, ...words }: Command): Command {
    if (command === '' || values === undefined || values.length === 0) return { command, ...words };
    const id = `livepatchStudio.lens.${createHash('sha256').update(JSON.stringify([command, values])).digest('hex').slice(0, 16)}`;
    const registered = this.#registered.get(id) ?? commands.registerCommand(id, () => commands.executeCommand(command, ...(values as unknown[])));
    // The one used last comes last.
    this.#registered.delete(id);
    this.#registered.set(id, registered);
    this.#forgetOldest();
    return { command: id, ...words };
  }

  #forgetOldest(): void {
    const [oldest] = this.#registered;
    if (oldest === undefined || this.#registered.size <= MOST) return;
    oldest[1].dispose();
    this.#registered.delete(oldest[0]);
  }
}
