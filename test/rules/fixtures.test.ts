import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { rules } from '../../server/src/rules/registry';
import { judged } from './fixture';

const folder = join(import.meta.dirname, 'fixtures');

describe.each(readdirSync(folder))('%s', (slug) => {
  it.each(readdirSync(join(folder, slug)))('%s', async (name) => {
    const path = join(folder, slug, name);
    const result = await judged(readFileSync(path, 'utf8'));
    if (process.env['UPDATE_GOLDEN'] === '1') writeFileSync(path, result);
    expect(result).toBe(readFileSync(path, 'utf8'));
  });
});

it('every rule has a fixture that shows it, and one that it leaves alone', () => {
  for (const { slug } of rules) {
    const texts = readdirSync(join(folder, slug)).map((name) => readFileSync(join(folder, slug, name), 'utf8'));
    const shows = (text: string): boolean => new RegExp(`^//\\s*\\^+ (error|warning|info) ${slug}\\b`, 'm').test(text);
    expect(texts.some(shows), `${slug} is shown`).toBe(true);
    expect(texts.some((text) => !shows(text)), `${slug} is left alone`).toBe(true);
  }
});
