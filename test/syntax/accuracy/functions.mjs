/** The share of ctags' functions that a reader finds. What ctags lists without its being a function is counted, never dropped in silence. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { count } from './sample.mjs';

export function measureFunctions(tree, files, { extractFacts, functionReaders }, detail) {
  const byFile = ctagsFunctions(tree, files);
  const notFunctions = new Map();
  const found = new Map([...functionReaders.keys()].map((reader) => [reader, { count: 0, missed: new Map() }]));
  let listed = 0;
  for (const [file, functions] of byFile) {
    const text = readFileSync(join(tree, file), 'utf8');
    const facts = extractFacts(text);
    const lists = [...functionReaders].map(([reader, read]) => [reader, read(text)]);
    for (const { name, line, source } of functions) {
      const start = facts.lineStarts[line - 1] ?? 0;
      const end = facts.lineStarts[line] ?? text.length;
      const covers = ({ range }) => range.start < end && range.end > start;
      const isCall = facts.registrations.some((fact) => covers(fact) && fact.macro === name) || facts.variables.some((fact) => covers(fact) && fact.definedBy === name);
      if (isCall) {
        count(notFunctions, `a call of ${name}() without a body`);
        continue;
      }
      listed += 1;
      for (const [reader, list] of lists) {
        // Found when a function of its name, or made by the macro ctags took for a name, covers its line.
        if (list.some((fact) => covers(fact) && (fact.name === name || fact.makers.includes(name)))) found.get(reader).count += 1;
        else {
          count(found.get(reader).missed, missedConstruct(text, start, source));
          detail(`${reader} misses ${file}:${line}: ${source}`);
        }
      }
    }
  }
  return { listed, found, notFunctions };
}

/** What a definition that was missed looks like. */
function missedConstruct(text, offset, source) {
  return /^[^{;]*\)\s*\n(\s*[\w\s*,]+;\s*)+\{/.test(text.slice(offset, offset + 400)) ? 'K&R definition' : source.trim();
}

/** file -> functions; ctags sees the files one by one, so that no header decides what a word is. */
function ctagsFunctions(tree, files) {
  const output = execFileSync('ctags', ['-f', '-', '--sort=no', '--c-kinds=f', '--language-force=C', '--fields=+n', '-L', '-'], { cwd: tree, input: files.join('\n'), maxBuffer: 2 ** 30, encoding: 'latin1' });
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
