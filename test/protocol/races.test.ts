/**
 * However edits, questions, cancellations and closings interleave: once all is quiet, a server that lived through it says
 * the same as a fresh one that is given the final texts.
 */
import fc from 'fast-check';
import { it, expect } from 'vitest';
import { CancellationTokenSource } from 'vscode-languageserver-protocol/node';
import { StrictClient } from './client';
import { Workspace } from './workspace';

const FILES = ['kernel/parcel/core.c', 'include/linux/parcel.h', 'fs/depotfs/show.c', 'mm/shelf.c'] as const;

/** Places of the files and what may stand there, each of it found nowhere before; the first is the baseline's. */
const PLACES: readonly (readonly [file: number, ...texts: string[]])[] = [
  [0, 'capacity = 256;', 'capacity = 512;', 'capacity = 1024;'],
  [0, '0, 40, 95, 180', '0, 40, 95, 210'],
  [0, 'parcel->weight == 0', 'parcel->weight < 2', 'parcel_is_heavy(parcel) || parcel->weight == 0'],
  [0, 'u16\tzone;', 'u32\tzone;', 'u16\tzone; struct {'],
  [0, 'parcel_postage(parcel)', 'parcel->weight + 0U'],
  [1, 'u32 cents = 85;', 'u32 cents = 95;', 'u32 cents = 85 + parcel->weight;'],
  [1, 'return parcel->weight > PARCEL_HEAVY_WEIGHT;', 'return parcel->weight >= PARCEL_HEAVY_WEIGHT;'],
  [1, 'struct parcel {', 'struct parcel {\n\tu32 color;', 'struct parcel {\n\tu64 color;'],
  [2, 'parcel_postage(', 'postage_of(', 'parcel_is_heavy('],
  [3, 'static', 'static noinline', 'notrace static'],
];

type Step =
  | { readonly kind: 'edit'; readonly place: number; readonly text: number }
  | { readonly kind: 'ask'; readonly what: number; readonly file: number; readonly cancel: boolean }
  | { readonly kind: 'close' | 'await'; readonly file: number };

const file = fc.nat(FILES.length - 1);
const edit = fc.record({ kind: fc.constant('edit' as const), place: fc.nat(PLACES.length - 1), text: fc.constantFrom(0, 0, 1, 2) });
const ask = fc.record({ kind: fc.constant('ask' as const), what: fc.nat(4), file, cancel: fc.boolean() });
const step: fc.Arbitrary<Step> = fc.oneof({ weight: 5, arbitrary: edit }, { weight: 4, arbitrary: ask }, { weight: 2, arbitrary: fc.record({ kind: fc.constantFrom('close' as const, 'await' as const), file }) });

const change = (place: number, text: number): Step => ({ kind: 'edit', place, text });
const simulated: readonly Step[] = [{ kind: 'ask', what: 4, file: 0, cancel: false }, { kind: 'await', file: 0 }];

/** Ways to remember too much, which chance seldom finds: each ends with something as it was. */
const REMEMBERED: Step[][] = [
  // What a header reaches is looked up while one of its users is edited.
  [change(4, 1), change(5, 1), ...simulated, change(4, 0)],
  // A record that another embeds has another size for a while.
  [change(7, 2), ...simulated, change(7, 0), change(3, 1)],
  // What was edited is closed without having been saved.
  [change(0, 1), change(5, 1), ...simulated, { kind: 'close', file: 0 }],
  [change(0, 1), { kind: 'close', file: 0 }, change(5, 1), { kind: 'close', file: 1 }],
];

it('what is said in the end is what a fresh server says', { timeout: 600_000 }, async () => {
  const folder = Workspace.sample();
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(true, false), fc.array(step, { minLength: 5, maxLength: 40 }), async (pulls, steps) => {
      const lived = await StrictClient.start([folder], { pulls });
      const texts = await liveThrough(lived, folder, steps);
      const fresh = await StrictClient.start([folder], { pulls: true });
      for (const [path, text] of texts) fresh.open(folder.uriOf(path), text);
      expect(await lived.settled()).toEqual(await fresh.settled());
      for (const path of texts.keys()) {
        const uri = folder.uriOf(path);
        const wanted = await fresh.diagnostics(uri);
        if (pulls) expect(await lived.diagnostics(uri)).toEqual(wanted);
        else await lived.until(async () => (JSON.stringify(await lived.diagnostics(uri)) === JSON.stringify(wanted) ? true : undefined));
        expect(await lived.lenses(uri)).toEqual(await fresh.lenses(uri));
      }
      await lived.end();
      await fresh.end();
    }),
    { seed: 20_240_101, numRuns: 20, endOnFailure: true, examples: REMEMBERED.map((steps) => [true, steps]) },
  );
});

/** Gives the texts of what is open in the end. */
async function liveThrough(client: StrictClient, folder: Workspace, steps: readonly Step[]): Promise<Map<string, string>> {
  const texts = new Map<string, string>();
  const asked: Promise<unknown>[] = [];
  const open = (path: string): string => {
    if (!texts.has(path)) {
      texts.set(path, folder.read(path));
      client.open(folder.uriOf(path), folder.read(path));
    }
    return folder.uriOf(path);
  };
  for (const step of steps) {
    if (step.kind === 'edit') {
      const [number, ...choices] = PLACES[step.place] ?? [0, ''];
      const path = FILES[number] ?? FILES[0];
      const uri = open(path);
      const now = choices.filter((choice) => client.text(uri).includes(choice)).sort((one, other) => other.length - one.length)[0];
      const next = choices[step.text % choices.length];
      if (now === undefined || next === undefined || now === next) continue;
      client.replace(uri, now, next);
      texts.set(path, client.text(uri));
    } else if (step.kind === 'ask') {
      const uri = open(FILES[step.file] ?? FILES[0]);
      const source = new CancellationTokenSource();
      const params = { textDocument: { uri } };
      const requests = [
        () => client.diagnostics(uri, source.token),
        () => client.request('textDocument/codeLens', params, source.token),
        () => client.request('textDocument/hover', { ...params, position: { line: 81, character: 14 } }, source.token),
        () => client.request('livepatchStudio/plan', {}, source.token),
        () => client.simulate({}, source.token),
      ];
      // A cancelled request may fail as such; nothing else may.
      asked.push((requests[step.what] ?? requests[0])?.().catch((error: unknown) => { if (!step.cancel) throw error; expect(error).toMatchObject({ code: -32800 }); }) ?? Promise.resolve());
      if (step.cancel) source.cancel();
    } else if (step.kind === 'close') {
      const path = FILES[step.file] ?? FILES[0];
      if (texts.delete(path)) client.close(folder.uriOf(path));
    } else await Promise.all(asked);
  }
  await Promise.all(asked);
  return texts;
}
