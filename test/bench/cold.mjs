// Questions about the tree while there is no index: as long as git's search for the word, and a look at the files it finds.
import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { median } from './statistics.mjs';

/** What a name may take beyond 1.3 times `git grep -lw`, in milliseconds: 3, 3 and some 4,300 callers. */
const BEYOND = { vfs_read: 50, try_to_wake_up: 150, kmalloc: 1300 };
const TIMES = 1.3;
const RUNS = 5;

/**
 * @param {{ root: string, tree: string, log: (line: string) => void }} options the tree is under git
 * @returns medians of milliseconds on the clock
 */
export async function coldCallers({ root, tree, log }) {
  // Within the project, where the bundle finds the native parser.
  const folder = join(root, 'node_modules', '.cache', 'livepatch-studio', `cold-${process.pid}`);
  mkdirSync(folder, { recursive: true });
  try {
    const script = join(folder, 'cold.cjs');
    await build({
      stdin: {
        resolveDir: join(root, 'server/src'), loader: 'ts', contents: `
          import { Analyzer } from './analysis';
          import { nodeHost } from './host/node';
          import { EditedSources } from './host/sourceReader';
          const [root = '', name = ''] = process.argv.slice(2);
          async function main() {
            const index = { current: () => undefined, damaged() {}, files: new EditedSources(root, () => undefined) };
            const analyzer = new Analyzer({ root, host: nodeHost, index });
            await analyzer.prepare();
            const began = performance.now();
            const { found } = await analyzer.uses!.callersOf(name);
            console.log(JSON.stringify({ ms: performance.now() - began, callers: found.length }));
          }
          void main();`,
      },
      outfile: script, bundle: true, minify: true, platform: 'node', format: 'cjs', external: ['tree-sitter', 'tree-sitter-c'], logLevel: 'warning',
    });
    const answers = {};
    for (const [name, beyond] of Object.entries(BEYOND)) {
      const [ours, grep] = [[], []];
      let callers = 0;
      // In turn: what else the machine does is shared by both.
      for (let run = 0; run < RUNS; run += 1) {
        const began = performance.now();
        execFileSync('git', ['grep', '-lw', name, '--', '*.c', '*.h'], { cwd: tree, maxBuffer: 1 << 26 });
        grep.push(performance.now() - began);
        const answer = JSON.parse(execFileSync(process.execPath, [script, tree, name], { encoding: 'utf8' }));
        ours.push(answer.ms);
        callers = answer.callers;
      }
      const [ms, gitGrepMs] = [Math.round(median(ours)), Math.round(median(grep))];
      const allowed = Math.round(TIMES * gitGrepMs + beyond);
      answers[name] = { ms, gitGrepMs, allowed, callers, met: ms <= allowed };
      log(`  ${callers} callers of ${name}: ${ms} ms, git grep -lw ${gitGrepMs} ms, allowed ${allowed} ms: ${ms <= allowed ? 'met' : 'MISSED'}`);
    }
    return answers;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
