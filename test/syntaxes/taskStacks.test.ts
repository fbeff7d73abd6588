/** The colors of a snapshot in the editor. */
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import oniguruma from 'vscode-oniguruma';
import textmate from 'vscode-textmate';
import { beforeAll, expect, test } from 'vitest';

const file = new URL('../../syntaxes/task-stacks.tmLanguage.json', import.meta.url);
let grammar: textmate.IGrammar | null;

beforeAll(async () => {
  const wasm = createRequire(import.meta.url).resolve('vscode-oniguruma/release/onig.wasm');
  await oniguruma.loadWASM(Uint8Array.from(readFileSync(wasm)).buffer);
  const registry = new textmate.Registry({
    onigLib: Promise.resolve({
      createOnigScanner: (sources) => new oniguruma.OnigScanner(sources),
      createOnigString: (text) => new oniguruma.OnigString(text),
    }),
    loadGrammar: () => Promise.resolve(textmate.parseRawGrammar(readFileSync(file, 'utf8'), file.pathname)),
  });
  grammar = await registry.loadGrammar('text.task-stacks');
});

/** The parts of a line that have a meaning, as `text: scope`. */
function marked(line: string): string[] {
  const { tokens } = grammar?.tokenizeLine(line, textmate.INITIAL) ?? { tokens: [] };
  return tokens.flatMap(({ startIndex, endIndex, scopes }) => {
    const scope = scopes.at(-1) ?? '';
    return scope === 'text.task-stacks' || scopes.length < 2 ? [] : [`${line.slice(startIndex, endIndex)}: ${scope.replace('.task-stacks', '')}`];
  });
}

test.each<[string, string[]]>([
  ['task comm="nfsd" pid=834 state=S', [
    'task: keyword.control', 'comm: variable.parameter', '"nfsd": string.quoted.double', 'pid: variable.parameter', '834: constant.numeric', 'state: variable.parameter', 'S: constant.language.state',
  ]],
  ['[<0>] svc_recv+0x8e/0xa0 [sunrpc]', ['[<0>]: constant.numeric.address', 'svc_recv: entity.name.function', '+0x8e/0xa0: constant.numeric.offset', 'sunrpc: entity.name.namespace']],
  ['[  148.323] task:tmux: server    state:S stack:0     pid:7', [
    '[  148.323]: comment.line.time', 'task:: keyword.control', 'tmux: server   : entity.name.section', 'state:: variable.parameter', 'S: constant.language.state', 'stack:: variable.parameter', '0: constant.numeric', 'pid:: variable.parameter', '7: constant.numeric',
  ]],
  ['[  148.330]  ? kthread_is_per_cpu+0x30/0x30', ['[  148.330]: comment.line.time', '? kthread_is_per_cpu+0x30/0x30: comment.line.unconfirmed']],
  [' <TASK>', ['<TASK>: keyword.other']],
  ['    do_nanosleep+46', ['do_nanosleep: entity.name.function', '+46: constant.numeric.offset']],
  ['==> /proc/834/stack <==', ['==>: punctuation.definition.heading', '/proc/834/stack: entity.name.section', '<==: punctuation.definition.heading']],
  ['nothing of the kind', []],
])('%s', (line, expected) => {
  expect(marked(line)).toEqual(expected);
});

test('every fixture has colored functions', () => {
  const folder = new URL('../simulate/snapshots/fixtures/', import.meta.url);
  for (const name of readdirSync(folder)) {
    // crash, offcputime and patch_state print names without offsets, or none.
    if (/^(crash|offcputime|patch|README)/.test(name)) continue;
    const lines = readFileSync(new URL(name, folder), 'utf8').split('\n');
    expect(lines.flatMap(marked).filter((each) => each.endsWith('entity.name.function')).length, name).toBeGreaterThan(0);
  }
});
