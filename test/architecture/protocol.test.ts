/** docs/protocol.md and server/src/lsp/protocol.ts are kept in step; UPDATE_GOLDEN=1 says that they are, after reading both. */
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { methods } from '../../server/src/lsp/protocol';

const ROOT = join(import.meta.dirname, '../..');
const DOCUMENT = join(ROOT, 'docs/protocol.md');
const mark = /(?<=<!-- protocol\.ts: )[0-9a-f]{16}/;

/** The same for the same types: comments and white space do not count. */
function fingerprint(source: string): string {
  const bare = source.replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, '').replace(/\s+/g, '');
  return createHash('sha256').update(bare).digest('hex').slice(0, 16);
}

const source = readFileSync(join(ROOT, 'server/src/lsp/protocol.ts'), 'utf8');

it('the document was read again after the last change of the protocol', () => {
  const current = fingerprint(source);
  if (process.env['UPDATE_GOLDEN'] === '1') writeFileSync(DOCUMENT, readFileSync(DOCUMENT, 'utf8').replace(mark, current));
  expect(mark.exec(readFileSync(DOCUMENT, 'utf8'))?.[0]).toBe(current);
});

it('the document names every method, every type and every state', () => {
  const text = readFileSync(DOCUMENT, 'utf8');
  const headings = [...text.matchAll(/^## `(livepatchStudio\/\w+)`$/gm)].map(([, method]) => method);
  expect(headings.sort()).toEqual(Object.values(methods).sort());
  const types = [...source.matchAll(/export (?:interface|type) (\w+(?:Params|Result))\b/g)].map(([, name = '']) => name);
  const states = [...(/state: (.+);/.exec(source)?.[1] ?? '').matchAll(/'([\w-]+)'/g)].map(([, state = '']) => state);
  expect([types.length, states.length]).toEqual([18, 6]);
  expect([...types, ...states].filter((name) => !text.includes(`\`${name}\``))).toEqual([]);
});

it('the fingerprint is blind to comments and white space, and to nothing else', () => {
  expect(fingerprint('/** One. */\nexport interface A {\n  b: string; // two\n}')).toBe(fingerprint('export interface A { b: string; }'));
  expect(fingerprint('export interface A { b: string; }')).not.toBe(fingerprint('export interface A { b?: string; }'));
});
