/** Edits of real kernel files, typed into the bundled server: against git and against a folder. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { kernelSource } from '../../scripts/setup.mjs';
import type { PlanView } from '../../server/src/lsp/protocol';
import { StrictClient } from '../protocol/client';
import { Workspace, type Files } from '../protocol/workspace';
import { edits, headerEdits, type KernelEdit } from './edits';
import { expectedOf } from './judging';

it('follows an edit in an editor, against git HEAD', async () => {
  const edit = named(headerEdits, 'a helper that another header\'s helper uses');
  const folder = Workspace.of(part('Makefile', 'Kbuild', 'kernel/Makefile', 'kernel/sched/'));
  folder.git('init', '-q');
  folder.git('add', '--all');
  folder.git('commit', '-q', '-m', 'base');
  const client = await StrictClient.start([folder]);
  await client.settled();
  const uri = await type(client, folder, edit);
  const plan = await client.settled();
  expect(functionsOf(plan)).toEqual(expectedOf(edit).objects);
  expect(plan.verdict).toBe(edit.verdict);
  expect((await client.diagnostics(uri)).map(({ code }) => code)).toContain('inlined-callers');
  // Back to the baseline: nothing is left of it.
  for (const { find, replace } of edit.replacements) client.replace(uri, replace, find);
  expect((await client.settled()).objects).toEqual([]);
  await client.end();
});

it('follows an edit in an editor, against a folder', async () => {
  const edit = named(edits, 'a small static helper of 47 calls');
  const files = part('Makefile', 'Kbuild', 'fs/Makefile', 'fs/proc/');
  const folder = Workspace.of(files);
  const client = await StrictClient.start([folder], { trusted: false });
  await client.settled();
  await client.setBaseline({ kind: 'folder', path: Workspace.of(files).path });
  const uri = await type(client, folder, edit);
  const plan = await client.settled();
  expect(functionsOf(plan)).toEqual(expectedOf(edit).objects);
  expect(plan.verdict).toBe('patchable');
  const [lens] = await client.lenses(uri);
  expect(lens?.command?.title).toContain('reaches 1 caller');
  await client.end();
});

/** Opens the edit's file and types its replacements. */
async function type(client: StrictClient, folder: Workspace, { replacements }: KernelEdit): Promise<string> {
  const [file] = new Set(replacements.map((replacement) => replacement.file));
  if (file === undefined) throw new Error('an edit of nothing');
  const uri = folder.uriOf(file);
  client.open(uri, folder.read(file));
  expect(await client.diagnostics(uri)).toEqual([]);
  for (const { find, replace } of replacements) client.replace(uri, find, replace);
  return uri;
}

function functionsOf(plan: PlanView): Record<string, string[]> {
  return Object.fromEntries(plan.objects.map(({ name, functions }) => [name, functions.map((one) => `${one.name} ${one.change}${one.via.length === 0 ? '' : ` via ${one.via.join(' > ')}`}`).sort()]));
}

/** Files of the kernel tree, by path; of a path with a slash at its end, the files of that folder. */
function part(...paths: readonly string[]): Files {
  const files = paths.flatMap((path) => (path.endsWith('/') ? readdirSync(join(kernelSource, path), { withFileTypes: true }).filter((entry) => entry.isFile()).map((entry) => path + entry.name) : [path]));
  return Object.fromEntries(files.map((file) => [file, readFileSync(join(kernelSource, file))]));
}

function named(list: readonly KernelEdit[], name: string): KernelEdit {
  const edit = list.find((one) => one.name === name);
  if (edit === undefined) throw new Error(`no edit is called "${name}"`);
  return edit;
}
