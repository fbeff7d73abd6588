/** Simulations on request: of the edit of the moment, repeatable, cancellable. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, it, onTestFinished } from 'vitest';
import { CancellationTokenSource } from 'vscode-languageserver-protocol/node';
import type { SimulateResult, SimulationView } from '../../server/src/lsp/protocol';
import { MODEL_NAMES, type ScenarioFile } from '../../server/src/simulate';
import { StrictClient } from './client';
import { gitInFront, Workspace } from './workspace';

const HEADER = 'include/linux/parcel.h';

function simulationOf(result: SimulateResult): SimulationView {
  if ('empty' in result) throw new Error(result.empty);
  return result;
}

it('simulates the whole edit, what a look-up finds included, and the same again under one seed', async () => {
  const folder = Workspace.sample('header-helper');
  const client = await StrictClient.start([folder]);
  // Asked before anything was looked up.
  const first = await client.simulate({ scenario: { seed: 7 } });
  if ('empty' in first) throw new Error(first.empty);
  const loaded = first.trace.patch.functions.map(({ name, object }) => `${object}:${name}`).sort();
  expect(loaded).toEqual(['depotfs:inbox_show', 'scale:scale_weigh', 'vmlinux:parcel_quote']);
  expect(first).toMatchObject({ verdict: 'patchable', trace: { seed: 7, outcome: 'complete' } });
  expect(await client.simulate({ scenario: { seed: 7 } })).toEqual(first);
  expect(await client.simulate({ scenario: { seed: 8 } })).not.toEqual(first);
  expect(await client.simulate({ scenario: { seed: 7, cpus: 8 }, functions: ['parcel_quote'] })).toMatchObject({ trace: { machine: { cpus: 8 }, patch: { functions: [{ name: 'parcel_quote' }] } } });
  // A part of the same trace, which is not simulated differently for it.
  const { id } = simulationOf(await client.simulate({ scenario: { seed: 7 } }));
  const part = await client.part({ id, detail: { window: { fromNs: 0, toNs: 1e8 } } });
  expect(part).toMatchObject({ seed: 7, window: { fromNs: 0, toNs: 1e8 }, endNs: first.trace.endNs, completeMs: first.trace.completeMs });
  expect(part?.passes).toEqual(first.trace.passes.slice(0, 1));
  await expect(client.part({ id, detail: { window: { fromNs: 5, toNs: 5 } } })).rejects.toMatchObject({ code: -32803, message: 'There is no time from 5 to 5 ns to be drawn.' });
  const kpatch = await client.simulate({ scenario: { seed: 7, systems: ['kpatch', 'livepatch'], workload: 'web' } });
  expect(kpatch).toMatchObject({ trace: { model: 'kpatch', machine: { workload: 'web', cpus: 8 } }, systems: [{ model: 'kpatch' }, { model: 'livepatch' }], scenario: { hz: 250, cpus: 8 } });
  if ('empty' in kpatch) throw new Error(kpatch.empty);
  expect(kpatch.offers.models).toContain('ksplice');
  expect(kpatch.offers.workloads.map(({ name }) => name)).toContain('nfs-client');
  await client.end();
});

it('says when there is nothing to simulate, and what is wrong with a machine', async () => {
  const folder = Workspace.sample();
  const client = await StrictClient.start([folder]);
  const empty = { empty: 'The edit replaces no function, so there is nothing to simulate.' };
  expect(await client.simulate()).toEqual(empty);
  client.open(folder.uriOf(HEADER), folder.read(HEADER).replace('u32 cents = 85;', 'u32 cents = 95;'));
  expect(await client.simulate({ functions: ['no_such_function'] })).toEqual(empty);
  for (const [params, message] of [
    [{ scenario: { cpus: 0 } }, /^The scenario cannot be simulated: \/cpus must be >= 1, not 0\.$/], [{ scenario: { cpus: 1e9 } }, /\/cpus must be <= 8192, not 1000000000\.$/], [{ scenario: { cpus: 1.5 } }, /\/cpus must be integer, not 1\.5\.$/], [{ scenario: { hz: -1 } }, /\/hz must be .*\(100, 250, 300, 1000\), not -1\.$/],
    [{ scenario: { kernelVersion: 'six' } }, /\/kernelVersion, "six", is none/], [{ scenario: { seed: 0.5 } }, /\/seed must be integer/], [{ scenario: { systems: ['magic' as never] } }, /\/systems\/0 must be .*livepatch.*, not "magic"\.$/],
    [{ scenario: { workload: 'none' } }, /\/workload must be .*mixed.*, not "none"\.$/], [{ scenario: { actions: ['force'] } }, /\/actions\/0 is KIND@TIME/], [{ scenario: { actions: ['poke:4000000@1s'] } }, /No task has pid 4000000/], [{ scenario: [] as never }, /the scenario must be object/],
    [{ scenario: { tasks: 400_001 } }, /400001 tasks under 1 system are too many for an editor/], [{ scenario: { cpus: 8192, systems: [...MODEL_NAMES] } }, /\d{5} tasks under 9 systems are too many for an editor/], [{ scenario: { snapshot: 'none.txt' } }, /\/snapshot "none\.txt": there is no such file\.$/], [{ scenario: { snapshot: 'Makefile' } }, /\/snapshot "Makefile": is in no known format/],
  ] as const) {
    await expect(client.simulate(params)).rejects.toMatchObject({ code: -32803, message: expect.stringMatching(message) as string });
  }
  await client.end();
});

it('shows progress that ends, cancelled or not', async () => {
  const folder = Workspace.sample('header-helper');
  const client = await StrictClient.start([folder]);
  await client.settled();
  const progress = (token: string): string[] => client.received.flatMap(({ method, params }) => {
    if (method !== '$/progress') return [];
    const { token: about, value } = params as { token: string; value: { kind: string } };
    return about === token && value.kind !== 'report' ? [value.kind] : [];
  });
  await client.simulate({ workDoneToken: 'whole' });
  expect(progress('whole')).toEqual(['begin', 'end']);

  // Once it has begun the answer may be faster than the cancellation; the progress ends all the same.
  const cancelled = { code: -32800 };
  const late = new CancellationTokenSource();
  const begun = client.simulate({ workDoneToken: 'late', scenario: { cpus: 256 } }, late.token).catch((error: unknown) => error);
  await client.until(() => (progress('late').length > 0 ? true : undefined));
  late.cancel();
  const answer = await begun;
  expect(answer instanceof Error ? answer : 'an answer').toEqual(answer instanceof Error ? expect.objectContaining(cancelled) : 'an answer');
  expect(progress('late')).toEqual(['begin', 'end']);
  await client.end();
});

it('is cancelled while the tree is still searched', async () => {
  const folder = Workspace.sample('header-helper');
  // A git whose searches take as long as we like.
  const { env, path } = gitInFront((mark) => `case "$*" in *" grep "*) while [ ! -e '${mark}' ]; do sleep 0.02; done;; esac; exec "$REAL_GIT" "$@"`);
  const client = await StrictClient.start([folder], { env });
  await client.until(async () => ((await client.plan()).state === 'ready' ? true : undefined));
  const source = new CancellationTokenSource();
  const answer = client.simulate({}, source.token);
  expect((await client.plan()).reasons).toContain('the rest of the tree is still being read');
  source.cancel();
  await expect(answer).rejects.toMatchObject({ code: -32800 });
  writeFileSync(path, '');
  expect(await client.simulate()).toMatchObject({ trace: { outcome: 'complete' } });
  await client.end();
});

/** What `$/progress` told of a request, in order. */
const progressOf = (client: StrictClient, token: string): { readonly kind: string; readonly percentage?: number }[] => client.received.flatMap(({ method, params }) => {
  if (method !== '$/progress') return [];
  const { token: about, value } = params as { token: string; value: { kind: string; percentage?: number } };
  return about === token ? [value] : [];
});

it('another part of the last simulation is told without simulating again, until something that it rests on changes', async () => {
  const folder = Workspace.sample('header-helper');
  const client = await StrictClient.start([folder]);
  await client.settled();
  const scenario = { systems: ['livepatch', 'kpatch'], seed: 7 } as const;
  let asked = 0;
  /** Whether it was simulated: only then is there progress. */
  const simulated = async (params: Parameters<typeof client.simulate>[0]): Promise<boolean> => {
    const token = `part ${asked++}`;
    const result = await client.simulate({ ...params, workDoneToken: token });
    expect(result).toHaveProperty('trace');
    return progressOf(client, token).length > 0;
  };
  expect(await simulated({ scenario })).toBe(true);
  const { id } = simulationOf(await client.simulate({ scenario }));
  expect(await client.part({ id, detail: { system: 'kpatch', window: { fromNs: 0, toNs: 5e7 }, filter: 'swapper' } })).toMatchObject({ model: 'kpatch', window: { fromNs: 0, toNs: 5e7 } });
  for (const [detail, model] of [[{}, 'livepatch'], [{ system: 'livepatch' }, 'livepatch'], [{ filter: 'x' }, 'livepatch']] as const) expect(await client.part({ id, detail })).toMatchObject({ model });
  expect(await client.part({ id: 'none', detail: {} })).toBeNull();
  // Another request takes its place; there is only one.
  expect(await simulated({ scenario: { ...scenario, seed: 8 } })).toBe(true);
  expect(await client.part({ id, detail: {} })).toBeNull();
  expect(await simulated({ scenario })).toBe(true);
  expect(await simulated({ scenario, functions: ['parcel_quote'] })).toBe(true);
  expect(await simulated({ scenario, functions: ['parcel_quote'] })).toBe(false);
  // The edit changes: what is kept of it as it was can still be looked at.
  const before = simulationOf(await client.simulate({ scenario, functions: ['parcel_quote'] }));
  client.open(folder.uriOf(HEADER), folder.read(HEADER).replace('u32 cents = 85;', 'u32 cents = 95;'));
  await client.settled();
  expect(await client.part({ id: before.id, detail: {} })).toEqual(before.trace);
  expect(await simulated({ scenario, functions: ['parcel_quote'] })).toBe(true);
  expect(await client.part({ id: before.id, detail: {} })).toBeNull();
  await client.end();
});

it('runs a scenario with functions in a tree without an edit, and without a baseline', async () => {
  const scenario = { functions: ['do_sys_poll', 'ext4:ext4_sync_file'], systems: ['livepatch', 'kgraft', 'livepatch-4.0'], kernelVersion: '4.4', actions: ['reverse@2s', 'force@80s'], relations: [{ kind: 'together', functions: ['do_sys_poll', 'ext4_sync_file'] }], seed: 3 } as const;
  const expected = {
    trace: { model: 'kgraft', patch: { functions: [{ name: 'do_sys_poll', object: 'vmlinux' }, { name: 'ext4_sync_file', object: 'ext4' }], relations: scenario.relations }, actions: [{ kind: 'reverse' }, { kind: 'force' }] },
    systems: [{ model: 'kgraft' }, { model: 'livepatch-4.0' }], refused: [{ model: 'livepatch' }], verdict: 'undecided', scenario: { ...scenario, workload: 'mixed', cpus: 4, hz: 250 },
  };
  for (const [folder, options] of [[Workspace.sample(), {}], [Workspace.plain(), { trusted: false }]] as const) {
    const client = await StrictClient.start([folder], options);
    expect(await client.simulate({ scenario })).toMatchObject(expected);
    await client.end();
  }
});

it('reads a snapshot from the scenario\'s folder, and again when it changed; malformed lines are told', async () => {
  const folder = Workspace.sample('header-helper');
  const client = await StrictClient.start([folder]);
  const away = mkdtempSync(join(tmpdir(), 'livepatch-snapshots-'));
  onTestFinished(() => { rmSync(away, { recursive: true, force: true }); });
  const text = readFileSync(join(import.meta.dirname, '../simulate/snapshots/fixtures/collector.klpsnap'), 'utf8');
  writeFileSync(join(away, 'a.klpsnap'), text);
  const scenarioUri = pathToFileURL(join(away, 'x.klpsim.json')).href;
  const tasksIn = async (scenario: ScenarioFile, uri?: string): Promise<number> => {
    const result = await client.simulate({ scenario, ...(uri !== undefined && { scenarioUri: uri }) });
    if ('empty' in result) throw new Error(result.empty);
    return result.trace.machine.tasks;
  };
  const before = await tasksIn({ snapshot: 'a.klpsnap' }, scenarioUri);
  expect(before).toBeGreaterThan(1);
  expect(await tasksIn({ snapshot: join(away, 'a.klpsnap') })).toBe(before);
  await expect(client.simulate({ scenario: { snapshot: 'a.klpsnap' } })).rejects.toMatchObject({ message: expect.stringContaining('there is no such file') as string });
  writeFileSync(join(away, 'a.klpsnap'), `${text}task nonsense\ntask comm="late" pid=999999 tgid=999999 state=S kthread=0\n`);
  const after = await client.simulate({ scenario: { snapshot: 'a.klpsnap' }, scenarioUri });
  expect(after).toMatchObject({ trace: { machine: { tasks: before + 1 }, notes: expect.arrayContaining([expect.stringMatching(/^1 malformed line left out \(line \d+: /)]) as string[] } });
  await client.end();
});

it('is cancelled while many systems run, and its progress only grows', async () => {
  const folder = Workspace.sample('header-helper');
  const client = await StrictClient.start([folder]);
  await client.settled();
  const systems = ['livepatch', 'kgraft', 'kpatch', 'ksplice', 'kernelcare', 'checkpoint-restart', 'kexec', 'reboot'] as const;
  const grows = (token: string): void => {
    const told = progressOf(client, token).flatMap(({ kind, percentage }) => (kind === 'report' ? [percentage ?? -1] : []));
    expect(told.length).toBeGreaterThan(3);
    expect(told).toEqual([...new Set(told)].sort((a, b) => a - b));
    expect(Math.max(...told)).toBeLessThanOrEqual(100);
  };
  const stuck = { functions: ['rpc_wait_bit_killable'], workload: 'nfs-client', systems } as const;
  const { id, trace } = simulationOf(await client.simulate({ scenario: stuck, workDoneToken: 'whole' }));
  grows('whole');

  const source = new CancellationTokenSource();
  const answer = client.simulate({ scenario: { ...stuck, tasks: 20_000 }, workDoneToken: 'many' }, source.token);
  await client.until(() => (progressOf(client, 'many').some(({ kind }) => kind === 'report') ? true : undefined));
  // A part of the one before is told meanwhile, and does not wait for its end.
  expect(await Promise.race([client.part({ id, detail: {} }), answer])).toEqual(trace);
  source.cancel();
  await expect(answer).rejects.toMatchObject({ code: -32800 });
  expect(progressOf(client, 'many').map(({ kind }) => kind).at(-1)).toBe('end');
  // What was cancelled is not kept, and what was kept stays.
  await client.simulate({ scenario: stuck, workDoneToken: 'again' });
  expect(progressOf(client, 'again')).toEqual([]);
  await client.end();
});
