/** What is taken out of the editor: a simulation as a picture or a report, the plan as a report; and where a function of a stack is defined. */
import { expect, it } from 'vitest';
import type { ReportResult } from '../../server/src/lsp/protocol';
import { StrictClient } from './client';
import { Workspace } from './workspace';

it('exports the simulation that is shown, without another one', async () => {
  const folder = Workspace.sample('header-helper');
  const client = await StrictClient.start([folder]);
  await client.settled();
  const scenario = { systems: ['livepatch', 'kpatch'], seed: 7 } as const;
  await client.simulate({ scenario });
  const svg = await client.exported({ scenario, format: 'svg', workDoneToken: 'svg' });
  expect(svg.text).toMatch(/^<svg [\s\S]*kpatch[\s\S]*<\/svg>\n$/);
  const one = await client.exported({ scenario, format: 'svg', system: 'kpatch' });
  expect(one.text).toMatch(/<title id="title">kpatch: /);
  const { text } = await client.exported({ scenario, format: 'markdown', workDoneToken: 'markdown' });
  expect(text).toMatch(/^# Live patch of .*`parcel_quote`/);
  for (const heading of ['What is patched', 'Findings and the ways out', 'Expected transition', 'Who stands in the way', 'On the machine', 'What this rests on']) expect(text).toContain(`\n## ${heading}\n`);
  expect(text).toMatch(/\| `depotfs` \(module\) \| `inbox_show` \| reached: /);
  expect(text).toContain('"seed": 7');
  expect(client.count('$/progress')).toBe(0);

  await expect(client.exported({ scenario, format: 'svg', system: 'reboot' })).rejects.toMatchObject({ code: -32803, message: 'reboot is not one of the systems that were simulated.' });
  const report = await client.request<ReportResult>('livepatchStudio/report', {});
  expect(report.markdown).toMatch(/^# Live patch of /);
  expect(report.markdown).not.toContain('Expected transition');
  await client.end();
});

it('says why there is nothing to export, and reports functions that nobody judged as such', async () => {
  const client = await StrictClient.start([Workspace.sample()]);
  await expect(client.exported({ format: 'markdown' })).rejects.toMatchObject({ code: -32803, message: 'The edit replaces no function, so there is nothing to simulate.' });
  const { text } = await client.exported({ format: 'markdown', scenario: { functions: ['do_sys_poll'] } });
  expect(text).toContain('Named, not taken from an edit');
  expect((await client.request<ReportResult>('livepatchStudio/report', {})).markdown).toMatch(/^# Live patch that replaces no function\n/);
  await client.end();
});

it.each([['with git', Workspace.sample.bind(Workspace), {}], ['without', Workspace.plain.bind(Workspace), { trusted: false }]] as const)('finds functions in the edit and out of it, %s', async (_, workspace, options) => {
  const folder = workspace();
  const client = await StrictClient.start([folder], options);
  const path = 'kernel/parcel/clock.c';
  const lineOf = (text: string, name: RegExp): number => text.slice(0, text.search(name)).split('\n').length - 1;
  const text = folder.read(path);
  const at = { uri: folder.uriOf(path), range: { start: { line: lineOf(text, /\bdepot_clock\(/) } } };
  expect(await client.locate('depot_clock')).toMatchObject(at);
  expect(await client.locate('depot_clock.isra.0')).toMatchObject(at);
  expect(await client.locate('no_such_function')).toBeNull();
  expect(await client.locate('../etc/passwd')).toBeNull();
  // Unsaved text counts.
  client.open(folder.uriOf(path), `\n\n${text.replace('notrace u64 depot_clock(void)', 'notrace u64 depot_clock(int now)')}`);
  expect(await client.locate('depot_clock')).toMatchObject({ range: { start: { line: at.range.start.line + 2 } } });
  await client.end();
});
