import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { manualPages } from '../../server/src/rules/manual';
import { rules } from '../../server/src/rules/registry';

const folder = join(import.meta.dirname, '../../docs/rules');

it('docs/rules is what the rules say (UPDATE_GOLDEN=1 writes it)', () => {
  const pages = manualPages();
  if (process.env['UPDATE_GOLDEN'] === '1') {
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    for (const [name, text] of pages) writeFileSync(join(folder, name), text);
  }
  expect(readdirSync(folder).sort()).toEqual([...pages.keys()].sort());
  for (const [name, text] of pages) expect(readFileSync(join(folder, name), 'utf8'), name).toBe(text);
});

it.each(rules)('$slug has a page that says what happens, the way out and the source, with an example', ({ slug, manual, title }) => {
  expect(slug).toMatch(/^[a-z]+(-[a-z]+)*$/);
  expect(title).not.toMatch(/\.$/);
  for (const part of ['**What happens.**', '**The way out.**', '**Source.**']) expect(manual).toContain(part);
  expect(manual).toMatch(/\n```\w*\n[^`]+\n```\n/);
});
