/** The report for a change request: golden files to be read by people, and text of the user's that stays text. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { changeRequest } from '../../server/src/report/changeRequest';
import { code, prose } from '../../server/src/report/markdown';
import { builtinMachine, simulate, withSleepers, type ModelName, type SimulationInput, type Trace } from '../../server/src/simulate';
import { expectGolden } from '../simulate/golden';
import { forever, quietMachine, user } from '../simulate/machines';
import { analysis } from './analysis';

const tool = { name: 'livepatch-studio', version: '1.2.3' };
const judged = { analysis, evidence: 'symbols', baseline: 'HEAD (1a2b3c4d)' } as const;

function run(models: readonly ModelName[], input: Omit<SimulationInput, 'model' | 'seed'>): { traces: Trace[]; refused: { model: ModelName; why: string }[] } {
  const results = models.map((model) => ({ model, result: simulate({ model, seed: 7, ...input }) }));
  return {
    traces: results.flatMap(({ result }) => (result.ok ? [result.trace] : [])),
    refused: results.flatMap(({ model, result }) => (result.ok ? [] : [{ model, why: result.message }])),
  };
}

const patch = { name: 'livepatch_edit', functions: [{ name: 'do_sys_poll', object: 'vmlinux' }, { name: 'other', object: 'y' }] };

it('an edit, compared on a machine, with what the operator does', () => {
  const simulated = run(['livepatch', 'kpatch', 'kgraft', 'livepatch-4.0'], { patch, machine: builtinMachine(), actions: [{ atMs: 20_000, kind: 'reverse' }] });
  expectGolden('change-request.md', changeRequest({ tool, judged, simulated: { ...simulated, scenario: { systems: ['livepatch'], seed: 7, actions: ['reverse@20s'] } } }));
});

it('named functions, stuck, with imagined sleepers, and what cannot be simulated', () => {
  const sleeper = { function: 'do_sys_poll', stack: ['do_sys_poll'], wait: 'wait_event', by: 'uninterruptible', ends: 'event', who: 'process' } as const;
  const machine = withSleepers({ ...quietMachine([{ ...user(9, 'dd', ['do_sys_poll'], forever(false), 'D') }]), kernelVersion: '4.17' }, [sleeper]);
  const simulated = run(['livepatch', 'ksplice'], { patch, machine });
  expectGolden('change-request-named.md', changeRequest({ tool, simulated: { ...simulated, refused: [{ model: 'kexec', why: 'It was asked not to.' }] } }));
});

it('what adds to times alone, and what other systems rest on, is folded away', () => {
  const text = changeRequest({ tool, judged, simulated: { ...run(['livepatch', 'kgraft'], { patch, machine: builtinMachine() }), scenario: { seed: 7 } } });
  const [, rest = ''] = text.split('## What this rests on');
  const inSight = rest.replace(/<details>[^]*?<\/details>/g, '');
  for (const decides of ['runNs', 'hogMigrationMeanNs']) expect(inSight).toContain(decides);
  for (const other of ['patchTailNs', 'perCpuWorkNs', 'ported to this kernel', '"seed"']) expect([inSight.includes(other), rest.includes(other)]).toEqual([false, true]);
  expect(inSight).not.toMatch(/details|summary/);
});

it('the judgement alone', () => {
  const text = changeRequest({ tool, judged });
  expectGolden('report.md', text);
  expect(text).not.toMatch(/Expected transition|Who stands/);
  expect(text).toBe(changeRequest({ tool, judged }));
});

describe('hostile names stay text', () => {
  const evil = 'a|b`c`<img src=x>\n# d *e* [f](g)';
  const machine = quietMachine([{ ...user(9, evil, ['do_sys_poll'], forever(false), 'D') }]);
  const simulated = run(['livepatch'], { patch: { ...patch, functions: [{ name: 'do_sys_poll', object: 'vmlinux' }, { name: evil, object: evil }] }, machine });
  const finding = { ...analysis.findings[0], message: evil } as (typeof analysis.findings)[number];
  const text = changeRequest({ tool, judged: { ...judged, baseline: evil, analysis: { ...analysis, findings: [finding], reasons: [evil] } }, simulated });

  it('every row of a table has its columns', () => {
    const rows = text.split('\n').filter((line) => line.startsWith('|'));
    expect(rows.length).toBeGreaterThan(8);
    let columns = 0;
    for (const [i, row] of rows.entries()) {
      const cells = row.split(/(?<!\\)\|/).length;
      if (rows[i + 1]?.startsWith('| ---') === true) columns = cells;
      expect([row, cells]).toEqual([row, columns]);
    }
  });

  it('no line begins with a heading of theirs, and no tag is left outside of code', () => {
    expect(text).not.toMatch(/^# d/m);
    expect(text.replace(/(`+)[^`](?:.*?[^`])?\1(?!`)/g, '')).not.toMatch(/(?<!\\)<img/);
  });

  it('code ends where it began, whatever the name; a sentence has no marks', () => {
    fc.assert(fc.property(fc.string({ unit: fc.constantFrom('`', 'a', '|', ' ', '\n', '\\', '<') }), (name) => {
      const shown = code(name);
      const [fence = ''] = /^`+/.exec(shown) ?? [];
      expect(shown.endsWith(fence)).toBe(true);
      // The fence does not occur within, as a run of its own length.
      expect((shown.slice(fence.length, -fence.length).match(/`+/g) ?? []).every(({ length }) => length !== fence.length)).toBe(true);
      expect(shown).not.toContain('\n');
    }));
    fc.assert(fc.property(fc.string(), (text) => { expect(prose(text)).not.toMatch(/(?<!\\)(\\\\)*[`*<[\]|~&]/); }));
  });
});
