/** The names that rules about transitions and protocols go by, looked up in Linux 6.1: a name that nothing defines would never be found in an edit. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { kernelSource } from '../../scripts/setup.mjs';
import { ALLOCATORS, AFTER_RCU, AT_ONCE, COUNTERS, LOCKS, namesIn, NOT_IN_6_1, REFERENCES } from '../../server/src/rules/protocols/vocabulary';
import { residentNames } from '../../server/src/rules/transition/residents';
import { waitNames } from '../../server/src/rules/transition/waits';

/** Every word of the files under a folder. */
function wordsOf(folder: string, isWanted: (name: string) => boolean): Set<string> {
  const words = new Set<string>();
  for (const name of readdirSync(join(kernelSource, folder), { recursive: true, encoding: 'utf8' })) {
    if (!isWanted(name)) continue;
    for (const word of readFileSync(join(kernelSource, folder, name), 'latin1').match(/\w+/g) ?? []) words.add(word);
  }
  return words;
}

const headers = wordsOf('include', (name) => name.endsWith('.h'));
const missing = (names: readonly string[], known: ReadonlySet<string>): string[] => [...new Set(names)].filter((name) => !known.has(name)).sort();

it('locks, references and allocators stand in the headers', () => {
  const names = [
    ...LOCKS.flatMap(({ take, tryTake, release }) => [take, tryTake, release]),
    ...REFERENCES.flatMap(({ get, find, put }) => [get, find, put]),
    ...ALLOCATORS.flatMap(({ alloc, free }) => [alloc, free]),
    COUNTERS.get, COUNTERS.put, AT_ONCE, AFTER_RCU,
  ].flatMap(namesIn);
  expect(missing(names, headers)).toEqual([...NOT_IN_6_1].sort());
});

it('waits stand in the headers', () => {
  // Names of earlier kernels.
  expect(missing(waitNames, headers)).toEqual(['freezable_schedule', 'freezable_schedule_timeout', 'wait_on_page_bit']);
});

it('whoever sleeps everywhere is defined once', () => {
  const definitions = new Map<string, number>();
  for (const folder of ['kernel', 'mm', 'fs', 'net', 'drivers', 'io_uring', 'init', 'arch/x86']) {
    for (const name of readdirSync(join(kernelSource, folder), { recursive: true, encoding: 'utf8' })) {
      if (!name.endsWith('.c')) continue;
      for (const [, defined = ''] of readFileSync(join(kernelSource, folder, name), 'latin1').matchAll(/^(?:[a-z_].*?[ *])?(\w+)\([^;]*$/gm)) definitions.set(defined, (definitions.get(defined) ?? 0) + 1);
    }
  }
  // There is another kthread() in drivers/block/aoe/aoecmd.c, and it is the body of a thread.
  expect(residentNames.filter((name) => definitions.get(name) !== 1)).toEqual(['kthread']);
});
