/**
 * Facts held against the compiler: every text symbol of objects compiled with gcc is a function somebody wrote or a macro made.
 *
 * The figure is of those whose name stands literally in the .c. Some are inline functions of a header that gcc gave a copy of
 * their own; the line tables tell, and they are looked for in the facts of the header, too. The other symbols defined in the .c are made by macros.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { buildObjects, objects } from './kernelBuild.mjs';
import { construct, count } from './sample.mjs';

export function measureSymbols(tree, build, { extractFacts }, detail, log) {
  buildObjects(tree, build, log);
  const literal = { all: 0, found: 0, inHeaders: 0, missed: new Map() };
  const generated = { all: 0, found: 0, trampolines: 0, missed: new Map() };
  const known = new Map();
  /** The text of a file of the tree, and the names of the functions its facts tell. */
  const read = (file) => {
    if (!known.has(file)) {
      const text = readFileSync(join(tree, file), 'utf8');
      known.set(file, { text, lines: text.split('\n'), names: functionNames(extractFacts(text)) });
    }
    return known.get(file);
  };

  for (const object of objects) {
    const source = read(`${object}.c`);
    for (const { name, file, line } of textSymbols(join(build, `${object}.o`), tree, `${object}.c`)) {
      const definition = read(file);
      // The line of a function's first instruction is another file's where that begins with an inlined function.
      const isFound = source.names.has(name) || definition.names.has(name);
      const isLiteral = new RegExp(`\\b${name}\\b`).test(source.text);
      // A function of a header whose name the .c does not say is none of the .c's business.
      if (!isLiteral && file !== `${object}.c`) continue;
      // Of a static call (include/linux/static_call.h): assembly.
      if (name.startsWith('__SCT__')) {
        generated.trampolines += 1;
        continue;
      }
      const figures = isLiteral ? literal : generated;
      figures.all += 1;
      if (isLiteral && file !== `${object}.c`) figures.inHeaders += 1;
      if (isFound) figures.found += 1;
      else {
        const at = (definition.lines[line - 1] ?? '').trim();
        count(figures.missed, construct(at));
        detail(`nm: ${name}  ${file}:${line}: ${at}`);
      }
    }
  }
  return { objects: objects.length, literal, generated };
}

/** Functions as written, those the same macro makes around them, and those made by macros without a body in the text. */
function functionNames({ functions, generated = [] }) {
  return new Set([...functions.flatMap(({ name, wrappers = [] }) => [name, ...wrappers]), ...generated.filter(({ kind }) => kind === 'function').map(({ name }) => name)]);
}

/** The functions of an object, each once: gcc's clones (x.isra.0, x.part.0, x.cold, …) are their function. */
function textSymbols(object, tree, source) {
  const found = new Map();
  const output = execFileSync('nm', ['--defined-only', '--line-numbers', object], { encoding: 'utf8', maxBuffer: 2 ** 28 });
  for (const row of output.split('\n')) {
    const parts = /^[0-9a-f]+ [tTwW] ([^\t]+)(?:\t(.*):(\d+|\?))?$/.exec(row);
    if (parts === null) continue;
    const [, symbol, path, line] = parts;
    const name = symbol.replace(/(\.(isra|constprop|part|cold|lto_priv)(\.\d+)?|\.\d+)+$/, '');
    const file = path === undefined || !existsSync(path) ? source : relative(tree, path);
    if (!found.has(name)) found.set(name, { name, file: file.startsWith('..') ? source : file, line: Number(line) || 0 });
  }
  return found.values();
}
