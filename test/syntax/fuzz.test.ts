/** Every reader on broken files of ours, and on texts that make a naive reader slow; test/system does the same with the kernel's files. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'vitest';
import { extremes } from './extremes';
import { expectAnswer, fuzz } from './fuzz/fuzz';
import { readers, type SourceKind } from './fuzz/readers';

const root = join(import.meta.dirname, '..');
const ours = ['syntax/fixtures', 'syntax/scan/fixtures', 'sample'].flatMap((folder) => readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map((path) => join(root, folder, path)));
const matching = (pattern: RegExp): Buffer[] => ours.filter((path) => pattern.test(path)).map((path) => readFileSync(path));

fuzz(
  { c: matching(/\.[ch]$/), patch: matching(/\.patch$/), makefile: matching(/(Makefile|Kbuild)$/), kconfig: matching(/Kconfig$/), config: matching(/\.config$/) },
  ({ name }) => (name === 'facts' ? 100 : 400),
);

/** As long as `extremes`. */
const others: Partial<Record<SourceKind, Readonly<Record<string, string>>>> = {
  c: { 'records nested 100,000 deep': 'struct s {\n'.repeat(100_000), 'groups nested 100,000 deep': `struct s {\n${'struct_group(a,'.repeat(100_000)}`, 'a line of 3 MB': `int x = ${'a + '.repeat(750_000)}1;\n` },
  patch: {
    'headers alone': '--- a/x\n+++ b/x\n'.repeat(50_000),
    'hunks without lines': `--- a/x\n+++ b/x\n${'@@ -1 +1 @@\n'.repeat(50_000)}`,
    'a hunk of more lines than there are': '--- a/x\n+++ b/x\n@@ -1,999999999 +1,999999999 @@\n a\n',
    'a line of 3 MB': `--- a/x\n+++ b/x\n@@ -1 +1 @@\n-${'a'.repeat(3_000_000)}\n+b\n`,
    'encoded words': `Subject: ${'=?utf-8?q?=C3=A4?= '.repeat(50_000)}\n\n`,
    'headers that go on': `Subject: a\n${' b\n'.repeat(200_000)}\n`,
  },
  makefile: {
    'references nested 100,000 deep': `obj-y += ${'$('.repeat(100_000)}\n`,
    'conditions nested 100,000 deep': 'ifdef A\n'.repeat(100_000),
    'else after else': `ifdef A\n${'else ifdef B\n'.repeat(20_000)}`,
    'a line that goes on': `obj-y += ${'a.o \\\n'.repeat(100_000)}\n`,
    'a word of 3 MB': `obj-y += ${'a'.repeat(3_000_000)}\n`,
    'variables of variables': Array.from({ length: 2_000 }, (_, index) => `v${index} = $(v${index + 1}) $(v${index + 1})\n`).join('') + 'obj-y += $(v0)\n',
    'definitions that do not end': 'define a\n'.repeat(100_000),
  },
  kconfig: { 'options alone': 'config A\n'.repeat(100_000), 'help that goes on': `config A\n\thelp\n${'\t  a\n'.repeat(200_000)}` },
  config: { 'one option again and again': 'CONFIG_A="'.repeat(200_000) },
};

describe.each(readers)('$name', (reader) => {
  // How the facts bear with `extremes` is for robust.test.ts.
  const texts = { ...(reader.reads === 'c' && reader.name !== 'facts' ? extremes : {}), ...others[reader.reads] };
  it.each(Object.entries(texts))('%s', { timeout: 120_000 }, (_, text) => expectAnswer(reader, Buffer.from(text)));
});
