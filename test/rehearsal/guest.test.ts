/** The guest's own programs, as far as they can be held without booting it. */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { ensureCommands } from '../../scripts/vscode/apt.mjs';
import { ANIMALS } from './guest';

const source = (name: string): string => fileURLToPath(new URL(`./guest/${name}`, import.meta.url));

it('its init is clean by shellcheck', () => {
  ensureCommands({ shellcheck: 'shellcheck' }, () => undefined);
  expect(spawnSync('shellcheck', ['--severity=style', source('init.sh')], { encoding: 'utf8' })).toMatchObject({ status: 0, stdout: '' });
});

it('the zoo compiles without a warning, and knows every animal there is to ask for', () => {
  const preprocessed = spawnSync('gcc', ['-Wall', '-Wextra', '-Werror', '-fsyntax-only', source('zoo.c')], { encoding: 'utf8' });
  expect(preprocessed).toMatchObject({ status: 0, stderr: '' });
  const names = spawnSync('grep', ['-oE', '\\{ "[a-z0-9]+"', source('zoo.c')], { encoding: 'utf8' }).stdout.match(/[a-z0-9]+/g);
  expect(names?.sort()).toEqual([...ANIMALS].sort());
});
