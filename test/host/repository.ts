/** Throw-away folders and git repositories for tests. */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

const identity = { GIT_AUTHOR_NAME: 'A', GIT_AUTHOR_EMAIL: 'a@example.org', GIT_COMMITTER_NAME: 'A', GIT_COMMITTER_EMAIL: 'a@example.org', GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_SYSTEM: '/dev/null' };

export type Files = Readonly<Record<string, string | Uint8Array>>;

export class Folder {
  readonly path = realpathSync(mkdtempSync(join(tmpdir(), 'livepatch-test-')));

  constructor(files: Files = {}) {
    this.write(files);
  }

  write(files: Files): this {
    for (const [name, content] of Object.entries(files)) {
      mkdirSync(dirname(join(this.path, name)), { recursive: true });
      writeFileSync(join(this.path, name), content);
    }
    return this;
  }

  delete(name: string): void {
    rmSync(join(this.path, name));
  }

  remove(): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}

export class Repository extends Folder {
  constructor(files: Files = {}) {
    super(files);
    this.git('init', '-q', '-b', 'main');
    if (Object.keys(files).length > 0) this.commit('base');
  }

  /** A plain git, as the user would run it. */
  git(...args: string[]): string {
    return execFileSync('git', args, { cwd: this.path, env: { ...process.env, ...identity }, encoding: 'utf8' });
  }

  gitBytes(...args: string[]): Buffer {
    return execFileSync('git', args, { cwd: this.path, env: { ...process.env, ...identity } });
  }

  /** The same, whatever comes of it. */
  tryGit(...args: string[]): void {
    spawnSync('git', args, { cwd: this.path, env: { ...process.env, ...identity }, stdio: 'ignore' });
  }

  commit(message: string): void {
    this.git('add', '-A');
    this.git('commit', '-q', '-m', message);
  }
}
