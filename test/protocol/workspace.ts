/** Folders for a server to look at and never to write to. */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, lstatSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { onTestFinished } from 'vitest';
import { git, makeWorkspace } from '../../scripts/vscode/workspace.mjs';
import { KERNEL } from '../sample/edits';

const EDITS = join(import.meta.dirname, '../sample/edits');

export type Files = Readonly<Record<string, string | Uint8Array>>;

export class Workspace {
  #state: readonly string[];

  private constructor(readonly path: string) {
    this.#state = listing(path);
    onTestFinished(() => { rmSync(path, { recursive: true, force: true }); });
  }

  /** The sample kernel under git, with edits on top that are not committed. */
  static sample(...edits: string[]): Workspace {
    return new Workspace(makeWorkspace(KERNEL, freshFolder(), edits.map((name) => join(EDITS, `${name}.patch`))));
  }

  /** The sample kernel without git. */
  static plain(): Workspace {
    const folder = freshFolder();
    cpSync(KERNEL, folder, { recursive: true });
    return new Workspace(folder);
  }

  static of(files: Files): Workspace {
    const workspace = new Workspace(freshFolder());
    workspace.write(files);
    return workspace;
  }

  get uri(): string {
    return pathToFileURL(this.path).href;
  }

  uriOf(path: string): string {
    return pathToFileURL(join(this.path, path)).href;
  }

  read(path: string): string {
    return readFileSync(join(this.path, path), 'utf8');
  }

  /** The user's doing: what is there afterwards is what has to stay. */
  write(files: Files): void {
    for (const [path, content] of Object.entries(files)) {
      mkdirSync(dirname(join(this.path, path)), { recursive: true });
      writeFileSync(join(this.path, path), content);
    }
    this.#state = listing(this.path);
  }

  /** The user's doing, too. */
  git(...args: string[]): string {
    const output = git(this.path, ...args);
    this.#state = listing(this.path);
    return output;
  }

  /** What somebody else wrote, `.git` included: content, size, mode, or only the time stamp. */
  writtenTo(): string[] {
    const before = new Set(this.#state);
    const now = listing(this.path);
    const still = new Set(now);
    return [...now.filter((line) => !before.has(line)), ...this.#state.filter((line) => !still.has(line))];
  }
}

/** A program called git that comes first on the path: a shell script, given the path of a file to leave or to wait for. `$REAL_GIT` is the other one. */
export function gitInFront(script: (mark: string) => string): { readonly env: NodeJS.ProcessEnv; readonly path: string } {
  const bin = freshFolder();
  onTestFinished(() => { rmSync(bin, { recursive: true, force: true }); });
  const path = join(bin, 'mark');
  writeFileSync(join(bin, 'git'), `#!/bin/sh\n${script(path)}\n`, { mode: 0o755 });
  const real = execFileSync('sh', ['-c', 'command -v git'], { encoding: 'utf8' }).trim();
  return { path, env: { ...process.env, REAL_GIT: real, PATH: `${bin}:${process.env['PATH'] ?? ''}` } };
}

function freshFolder(): string {
  return realpathSync(mkdtempSync(join(tmpdir(), 'livepatch-protocol-')));
}

function listing(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort().map((name) => {
    const path = join(folder, name);
    const { mtimeNs, mode, size } = lstatSync(path, { bigint: true });
    const content = lstatSync(path).isFile() ? createHash('sha256').update(readFileSync(path)).digest('hex') : '';
    return `${name} ${mode} ${lstatSync(path).isDirectory() ? '' : size} ${mtimeNs} ${content}`;
  });
}
