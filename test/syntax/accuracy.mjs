/**
 * How complete the facts are on real kernel source, held against universal-ctags:
 *
 *   node test/syntax/accuracy.mjs TREE [--files N] [--seed N] [--verbose]
 *
 * Takes N random .c files of TREE (tools/ and scripts/ are user space) and prints the share of ctags' functions that the
 * facts have, the files whose declarations could not be read, and the files with a function body tree-sitter cannot read.
 * What ctags lists without it being a function is counted under its name, never dropped in silence.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { buildSync } from 'esbuild';

const { positionals, values: options } = parseArgs({
  allowPositionals: true,
  options: { files: { type: 'string', default: '800' }, seed: { type: 'string', default: '1' }, verbose: { type: 'boolean', default: false } },
});
const tree = positionals[0];
if (tree === undefined) {
  console.error('usage: node test/syntax/accuracy.mjs TREE [--files N] [--seed N] [--verbose]');
  process.exit(2);
}

const { extractFacts, firstBodyErrors, positionAt } = loadSyntax();
const files = choose(sourceFiles(tree), Number(options.files), Number(options.seed));
const listed = ctagsFunctions(tree, files);

const figures = { files: files.length, megabytes: 0, functions: 0, found: 0, notFunctions: new Map(), missed: new Map(), declarationProblems: 0, bodyProblems: 0, anyProblem: 0, bodyErrors: new Map() };
for (const file of files) measure(file);
print();

function measure(file) {
  const text = readFileSync(join(tree, file), 'utf8');
  const facts = extractFacts(text);
  figures.megabytes += text.length / 1e6;
  compareFunctions(file, text, facts);

  const bodies = firstBodyErrors(text);
  for (const { at } of bodies) {
    count(figures.bodyErrors, construct(text, at));
    if (options.verbose) console.log(`body  ${file}:${positionAt(facts.lineStarts, at).line + 1}: ${lineOf(text, at)}`);
  }
  for (const problem of facts.problems) if (options.verbose) console.log(`decl  ${file}:${positionAt(facts.lineStarts, problem.range.start).line + 1}: ${problem.kind}: ${lineOf(text, problem.range.start)}`);
  if (facts.problems.length > 0) figures.declarationProblems += 1;
  if (bodies.length > 0) figures.bodyProblems += 1;
  if (facts.problems.length + bodies.length > 0) figures.anyProblem += 1;
}

/** A function is found when a fact of its name, or made by the macro ctags took for a name, covers its line. */
function compareFunctions(file, text, facts) {
  for (const { name, line, source } of listed.get(file) ?? []) {
    const offset = facts.lineStarts[line - 1] ?? 0;
    const end = facts.lineStarts[line] ?? text.length;
    const covers = (fact) => fact.range.start < end && fact.range.end > offset;
    const call = facts.registrations.find((fact) => covers(fact) && fact.macro === name) ?? facts.variables.find((fact) => covers(fact) && fact.definedBy === name);
    if (call !== undefined) {
      count(figures.notFunctions, `a call of ${name}() without a body`);
      continue;
    }
    figures.functions += 1;
    if (facts.functions.some((fact) => covers(fact) && (fact.name === name || fact.definedBy === name))) {
      figures.found += 1;
      continue;
    }
    count(figures.missed, missedConstruct(text, offset, source));
    if (options.verbose) console.log(`miss  ${file}:${line}: ${source}`);
  }
}

/** What a definition that was missed looks like. */
function missedConstruct(text, offset, source) {
  const after = text.slice(offset, offset + 400);
  if (/^[^{;]*\)\s*\n(\s*[\w\s*,]+;\s*)+\{/.test(after)) return 'K&R definition';
  return source.trim();
}

/** The macro or word an unreadable place is about, for counting. */
function construct(text, at) {
  const line = lineOf(text, at);
  return /\b([A-Za-z_]\w*)\s*\(/.exec(line)?.[1] ?? line.slice(0, 40);
}

function lineOf(text, at) {
  const start = text.lastIndexOf('\n', at - 1) + 1;
  const end = text.indexOf('\n', at);
  return text.slice(start, end < 0 ? text.length : end).trim();
}

function print() {
  const share = (part, whole) => `${((100 * part) / Math.max(1, whole)).toFixed(2)} %`;
  const top = (map) => [...map].sort((one, other) => other[1] - one[1] || (one[0] < other[0] ? -1 : 1)).map(([what, times]) => `    ${times}  ${what}`);
  console.log(
    [
      `${figures.files} files, ${figures.megabytes.toFixed(1)} MB, seed ${options.seed}`,
      `functions ctags lists: ${figures.functions}; found: ${figures.found} (${share(figures.found, figures.functions)})`,
      '  missed, by construct:', ...top(figures.missed),
      '  listed by ctags, but no function:', ...top(figures.notFunctions),
      `files with problems outside bodies: ${figures.declarationProblems} (${share(figures.declarationProblems, figures.files)})`,
      `files with a body that does not parse: ${figures.bodyProblems} (${share(figures.bodyProblems, figures.files)})`,
      `files with either: ${figures.anyProblem} (${share(figures.anyProblem, figures.files)})`,
      '  first errors in bodies, by what stands on the line:', ...top(figures.bodyErrors).slice(0, options.verbose ? undefined : 40),
    ].join('\n'),
  );
}

function sourceFiles(root) {
  return readdirSync(root, { recursive: true })
    .filter((path) => path.endsWith('.c') && !/^(tools|scripts)\//.test(path))
    .sort();
}

/** The same files for the same seed: a Fisher-Yates shuffle cut off after `wanted`. */
function choose(all, wanted, seed) {
  const from = [...all];
  let state = seed >>> 0;
  const random = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0; // Numerical Recipes' linear congruential generator
    return state / 2 ** 32;
  };
  const chosen = [];
  while (chosen.length < wanted && from.length > 0) chosen.push(...from.splice(Math.floor(random() * from.length), 1));
  return chosen.sort();
}

/** file -> functions; ctags sees the files one by one, so that no header decides what a word is. */
function ctagsFunctions(root, chosen) {
  const output = execFileSync('ctags', ['-f', '-', '--sort=no', '--c-kinds=f', '--language-force=C', '--fields=+n', '-L', '-'], { cwd: root, input: chosen.join('\n'), maxBuffer: 2 ** 30, encoding: 'latin1' });
  const found = new Map();
  for (const row of output.split('\n')) {
    const parts = /^([^\t]+)\t([^\t]+)\t\/\^(.*?)\$?\/;"\tf\tline:(\d+)/.exec(row);
    if (parts === null) continue;
    const [, name, file, source, line] = parts;
    if (!found.has(file)) found.set(file, []);
    found.get(file).push({ name, source, line: Number(line) });
  }
  return found;
}

function count(map, key) {
  map.set(key, (map.get(key) ?? 0) + 1);
}

/** The syntax room, bundled: this script runs in plain Node. */
function loadSyntax() {
  const here = fileURLToPath(new URL('.', import.meta.url));
  const outfile = join(here, '../../dist/accuracy.cjs');
  buildSync({
    stdin: { contents: "export * from '../../server/src/syntax/extract'; export * from '../../server/src/syntax/positions'; export * from './bodies';", resolveDir: here, loader: 'ts' },
    outfile, bundle: true, platform: 'node', format: 'cjs', external: ['tree-sitter', 'tree-sitter-c'],
  });
  return createRequire(import.meta.url)(outfile);
}
