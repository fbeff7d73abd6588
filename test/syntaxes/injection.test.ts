import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import oniguruma from 'vscode-oniguruma';
import type { IRawGrammar } from 'vscode-textmate';
import textmate from 'vscode-textmate';
import { beforeAll, expect, test } from 'vitest';

/** The least of a C grammar that the injection has to live with: comments, strings, and a function call with its arguments. */
const miniC = {
  scopeName: 'source.c',
  patterns: [{ include: '#all' }],
  repository: {
    all: {
      patterns: [
        { name: 'comment.block.c', begin: '/\\*', end: '\\*/' },
        { name: 'comment.line.double-slash.c', match: '//.*$' },
        { name: 'string.quoted.double.c', begin: '"', end: '"' },
        { name: 'meta.function-call.c', begin: '(\\w+)\\s*\\(', end: '\\)', beginCaptures: { 1: { name: 'entity.name.function.c' } }, patterns: [{ include: '#all' }] },
      ],
    },
  },
} as unknown as IRawGrammar;

const injectionFile = new URL('../../syntaxes/livepatch.injection.tmLanguage.json', import.meta.url);
let grammar: textmate.IGrammar | null;

beforeAll(async () => {
  const wasm = createRequire(import.meta.url).resolve('vscode-oniguruma/release/onig.wasm');
  await oniguruma.loadWASM(Uint8Array.from(readFileSync(wasm)).buffer);
  const registry = new textmate.Registry({
    onigLib: Promise.resolve({
      createOnigScanner: (sources) => new oniguruma.OnigScanner(sources),
      createOnigString: (text) => new oniguruma.OnigString(text),
    }),
    loadGrammar: (scope) =>
      Promise.resolve(scope === 'source.c' ? miniC : textmate.parseRawGrammar(readFileSync(injectionFile, 'utf8'), injectionFile.pathname)),
    getInjections: (scope) => (scope === 'source.c' ? ['livepatch.injection'] : undefined),
  });
  grammar = await registry.loadGrammar('source.c');
});

/** The parts of a line that the injection marked, as `text: scope`. */
function marked(line: string): string[] {
  const { tokens } = grammar?.tokenizeLine(line, textmate.INITIAL) ?? { tokens: [] };
  return tokens.flatMap(({ startIndex, endIndex, scopes }) => {
    const scope = scopes.find((it) => it.endsWith('.livepatch'));
    return scope === undefined ? [] : [`${line.slice(startIndex, endIndex)}: ${scope}`];
  });
}

test.each<[string, string[]]>([
  ['static struct klp_patch patch = {', ['klp_patch: support.type.livepatch']],
  ['return klp_enable_patch(&patch);', ['klp_enable_patch: support.function.livepatch']],
  ['x = wrap(klp_shadow_get (obj, 1));', ['klp_shadow_get: support.function.livepatch']],
  ['KPATCH_PRE_PATCH_CALLBACK(before);', ['KPATCH_PRE_PATCH_CALLBACK: support.function.macro.livepatch']],
  ['KLP_SYSCALL_DEFINE2(getcwd, char *, buf)', ['KLP_SYSCALL_DEFINE2: support.function.macro.livepatch']],
  ['if (state == KLP_TRANSITION_PATCHED)', ['KLP_TRANSITION_PATCHED: support.constant.livepatch']],
  // Neither comments nor strings nor names that merely contain one.
  ['/* klp_enable_patch() */ // KPATCH_FORCE_UNSAFE(x)', []],
  ['pr_info("klp_enable_patch(%s) KLP_UNPATCHED", name);', []],
  ['my_klp_enable_patch(1); CONFIG_KLP_TEST', []],
])('%s', (line, expected) => {
  expect(marked(line)).toEqual(expected);
});
