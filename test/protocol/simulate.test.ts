/** Simulations on request: of the edit of the moment, repeatable, cancellable. */
import { writeFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { CancellationTokenSource } from 'vscode-languageserver-protocol/node';
import { StrictClient } from './client';
import { gitInFront, Workspace } from './workspace';

const HEADER = 'include/linux/parcel.h';

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
  const part = await client.simulate({ scenario: { seed: 7 }, detail: { window: { fromNs: 0, toNs: 1e8 } } });
  if ('empty' in part) throw new Error(part.empty);
  expect(part.trace).toMatchObject({ seed: 7, window: { fromNs: 0, toNs: 1e8 }, endNs: first.trace.endNs, completeMs: first.trace.completeMs });
  expect(part.trace.passes).toEqual(first.trace.passes.slice(0, 1));
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
  for (const [params, message] of [[{ scenario: { cpus: 0 } }, /0 CPUs/], [{ scenario: { cpus: 1e9 } }, /1000000000 CPUs/], [{ scenario: { cpus: 1.5 } }, /1\.5 CPUs/], [{ scenario: { hz: -1 } }, /hz/i], [{ scenario: { kernelVersion: 'six' } }, /"six" is not a kernel version/], [{ scenario: { seed: 0.5 } }, /seed/], [{ detail: { window: { fromNs: 5, toNs: 5 } } }, /no time from 5 to 5 ns/], [{ scenario: { systems: ['magic' as never] } }, /no model "magic"/], [{ scenario: { workload: 'none' } }, /no workload "none"/]] as const) {
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
