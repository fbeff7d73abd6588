/** A rehearsal recorded on Debian's 6.1.192, read and compared; and that a kernel which did otherwise would be told. `npm run rehearse:qemu -- --keep DIR` records. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { compare } from './compare';
import { read } from './console';

const recorded = (name: string): string => readFileSync(new URL(`./recorded/${name}`, import.meta.url), 'utf8');
const PATCHES = [['cmdline_proc_show'], ['do_sys_poll'], ['kernel_clone']] as const;
const SECONDS = 20;

/** Of each patch the rows that differ. */
const differences = (console = recorded('console'), found = recorded('found')): string[][] =>
  read({ console, found }).map((rehearsed) => compare(rehearsed, PATCHES[rehearsed.id - 1] ?? [], SECONDS).filter(({ agrees }) => !agrees).map(({ what, kernel }) => `${what}: ${kernel}`));

describe('what was recorded', () => {
  it('is read', () => {
    const [first, second, third] = read({ console: recorded('console'), found: recorded('found') });
    expect([first?.passes.length, first?.signals, first?.pending]).toEqual([1, [], []]);
    expect([...(second?.passes[0]?.blocked ?? [])]).toEqual([[94, 'do_sys_poll']]);
    expect([second?.signals.length, third?.signals.length, third?.completed]).toEqual([1, 1, undefined]);
    expect(second?.completed).toBeCloseTo(16.4, 1);
    expect(third?.snapshot).toContain('comm="z_vfork"');
  });

  it('is what the simulator says, whatever is drawn', () => {
    for (const seed of [1, 2, 3, 4, 5, 6, 7, 8]) {
      for (const rehearsed of read({ console: recorded('console'), found: recorded('found') })) {
        expect(compare(rehearsed, PATCHES[rehearsed.id - 1] ?? [], SECONDS, seed).filter(({ agrees }) => !agrees)).toEqual([]);
      }
    }
  });
});

describe('a kernel that did otherwise', () => {
  const changed = (pattern: RegExp, by: string): string[][] => differences(recorded('console').replaceAll(pattern, by));

  it('with one more asleep', () => {
    expect(changed(/z_poll:94 is sleeping/g, 'other:70 is sleeping')).toEqual([[], ['asleep in the patch at the first pass: 70 in do_sys_poll'], []]);
  });

  it('that stays stuck', () => {
    expect(changed(/.*'rehearsal_2': completing patching.*\n/g, '')).toEqual([[], ['completes: not'], []]);
  });

  it('that never signals', () => {
    expect(changed(/.*signaling remaining.*\n/g, '')).toEqual([[], ['signals: not'], ['signals: not']]);
  });

  it('that does not take the patch', () => {
    expect(changed(/rehearsal: waited 3/g, 'rehearsal: refused 3')[2]).toHaveLength(1);
  });

  it('that switched whoever sleeps', () => {
    expect(differences(undefined, recorded('found').replace(/^102 0$/m, '102 1'))).toEqual([[], [], ['patch_state 0 after the load: nobody']]);
  });
});
