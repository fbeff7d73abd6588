/** `simulate --format svg` prints the pictures of docs/cli.md, whose commands stand there. */
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { cli, sample } from './program';

it.each([['transition', []], ['systems', ['--model', 'all']]] as const)('docs/images/%s.svg', (name, more) => {
  const { stdout, stderr } = cli(['simulate', sample, '--functions', 'do_sys_poll', ...more, '--kernel-version', '6.1.192', '--format', 'svg']);
  expect([stderr, stdout]).toEqual(['', readFileSync(new URL(`../../docs/images/${name}.svg`, import.meta.url), 'utf8')]);
});
