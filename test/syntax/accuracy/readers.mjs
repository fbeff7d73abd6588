/** The project's own readers, bundled: this is plain Node. */
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { buildSync } from 'esbuild';

const ENTRY = `
  export { extractFacts } from '../../../server/src/syntax/extract';
  export { positionAt } from '../../../server/src/syntax/positions';
  export { parse } from '../../../server/src/syntax/parser';
  export { firstBodyErrors } from './bodies';
  export { scannedFunctions } from './scanned';
`;

/**
 * `extractFacts` and what else the measurements call, and `functionReaders`: everything that lists a file's functions, by the name
 * its column has. Such a reader takes a text and gives `{ name, makers, range }` for each function; `makers` are the macros that may have made it.
 */
export function loadReaders(root) {
  const outfile = join(root, 'dist/accuracy.cjs');
  buildSync({ stdin: { contents: ENTRY, resolveDir: import.meta.dirname, loader: 'ts' }, outfile, bundle: true, platform: 'node', format: 'cjs', external: ['tree-sitter', 'tree-sitter-c'] });
  const loaded = createRequire(import.meta.url)(outfile);
  const functionReaders = new Map([
    ['editor facts', (text) => loaded.extractFacts(text).functions.map(({ name, definedBy, range }) => ({ name, makers: definedBy === undefined ? [] : [definedBy], range }))],
    ['the scanner', loaded.scannedFunctions],
  ]);
  return { ...loaded, functionReaders };
}
