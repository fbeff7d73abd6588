import { describe, expect, test } from 'vitest';
import { defaultChoices, keptChoices } from '../../client/webview/choices';
import { summaryOf } from '../../client/webview/controls';
import { actionOf, edited, offeredActions, relationText, type ScenarioEdit } from '../../client/webview/scenarioEdit';
import { parseAction } from '../../server/src/simulate/actionText';
import type { ScenarioFile } from '../../server/src/simulate/types';
import { opened, section } from './drawing';
import { signaled, simulationOf, stuck } from './traces';

const full: ScenarioFile = { systems: ['livepatch', 'kpatch'], workload: 'mixed', cpus: 4, hz: 250, kernelVersion: '6.1.192', seed: 1, actions: ['force@30s', 'signal@5s'], relations: [{ kind: 'call', caller: 'f', callee: 'g' }] };

describe('a change by hand goes to what was chosen, not to what was filled in', () => {
  test.each<[ScenarioFile, ScenarioEdit, ScenarioFile]>([
    [{}, { set: 'seed', value: '7' }, { seed: 7 }],
    [{ seed: 7, cpus: 2 }, { set: 'seed', value: '' }, { cpus: 2 }],
    [{}, { set: 'hz', value: '1000' }, { hz: 1000 }],
    [{}, { set: 'kernelVersion', value: ' 5.15 ' }, { kernelVersion: '5.15' }],
    [{ kernelVersion: '5.15' }, { set: 'kernelVersion', value: '' }, {}],
    [{ snapshot: 'a.txt', cpus: 8, seed: 3 }, { set: 'workload', value: 'web' }, { workload: 'web', seed: 3 }],
    [{}, { set: 'systems', models: ['kpatch', 'kgraft'] }, { systems: ['livepatch', 'kpatch', 'kgraft'] }],
    [{}, { set: 'system', model: 'kgraft', isIn: true }, { systems: ['livepatch', 'kpatch', 'kgraft'] }],
    [{}, { set: 'system', model: 'livepatch', isIn: false }, { systems: ['kpatch'] }],
    [{}, { set: 'addAction', text: 'poke:17@500ms' }, { actions: ['force@30s', 'signal@5s', 'poke:17@500ms'] }],
    [{}, { set: 'removeAction', at: 0 }, { actions: ['signal@5s'] }],
    [{}, { set: 'addRelation', functions: ['f', 'h'] }, { relations: [{ kind: 'call', caller: 'f', callee: 'g' }, { kind: 'together', functions: ['f', 'h'] }] }],
    [{}, { set: 'removeRelation', at: 0 }, { relations: [] }],
  ])('%j, %j', (chosen, edit, expected) => {
    expect(edited(chosen, full, edit)).toEqual({ scenario: expected });
  });
  test.each<[ScenarioEdit, RegExp]>([
    [{ set: 'seed', value: '1.5' }, /whole number from 0/],
    [{ set: 'cpus', value: '0' }, /whole number from 1/],
    [{ set: 'tasks', value: '1e99' }, /whole number/],
    [{ set: 'kernelVersion', value: 'six' }, /two or three numbers/],
    [{ set: 'addAction', text: 'jump@5s' }, /^An action is KIND@TIME/],
    [{ set: 'addRelation', functions: ['f', 'f'] }, /Two different/],
  ])('%j is refused with a sentence', (edit, problem) => {
    expect((edited({}, full, edit) as { readonly problem: string }).problem).toMatch(problem);
  });
  test('the last system stays', () => {
    expect(edited({}, { ...full, systems: ['kpatch'] }, { set: 'system', model: 'kpatch', isIn: false })).toEqual({ problem: 'At least one system has to be simulated.' });
  });
});

describe('actions', () => {
  const what: Readonly<Record<string, string>> = { functions: 'f,g', module: 'nf_nat', pid: '17' };
  test.each(offeredActions)('$label is one that the simulator takes, with what it needs', ({ word, takes }) => {
    expect(parseAction(actionOf(word, takes === undefined ? '' : (what[takes] ?? ''), '2.5s'))).not.toHaveProperty('problem');
  });
  test('a time without a unit is in seconds', () => {
    expect(parseAction(actionOf('force', ' ', ' 30 '))).toEqual({ atMs: 30_000, kind: 'force' });
    expect(parseAction(actionOf('poke', '3', '40ms'))).toEqual({ atMs: 40, kind: 'poke', pid: 3 });
  });
  test('relations are told', () => {
    expect([{ kind: 'call', caller: 'f', callee: 'g' } as const, { kind: 'together', functions: ['f', 'g'] } as const, { kind: 'pair', first: 'f', then: 'g', by: 'task' } as const].map(relationText)).toEqual(['f calls g', 'f with g', 'f, then g (same task)']);
  });
});

describe('the controls', () => {
  test('say in one line what was simulated', () => {
    const { view } = simulationOf([signaled, { ...stuck, model: 'kpatch' }], {}, { scenario: full });
    expect(summaryOf(view)).toBe('livepatch + 1 other · mixed · 6.1.192 · 4 CPUs · 250 Hz · seed 1 · 2 actions');
    expect(summaryOf({ ...view, scenario: { systems: ['livepatch'], snapshot: 'shots/web7.txt' } })).toContain('livepatch · web7.txt · ');
    expect(summaryOf({ ...view, scenario: { systems: ['livepatch'], machine: { tasks: [] } } })).toContain('livepatch · own machine · ');
  });
  test('list actions and pairs, each with its own button to remove it', () => {
    const trace = { ...signaled, patch: { name: 'lp', functions: [{ name: 'f', object: 'vmlinux' }, { name: 'g', object: 'vmlinux' }] } };
    const text = section('scenario', simulationOf([trace], {}, { scenario: full }), 280, opened);
    expect([...text.matchAll(/data-do="(remove\w+)" aria-label="([^"]+)"[^>]* data-at="(\d)"/g)].map(([, what, label, at]) => [what, label, at])).toEqual([
      ['removeAction', 'Remove force@30s', '0'],
      ['removeAction', 'Remove signal@5s', '1'],
      ['removeRelation', 'Remove f calls g', '0'],
    ]);
  });
  test('offer no pair where one function is patched', () => {
    expect(section('scenario', simulationOf([signaled]), 280, opened)).not.toContain('relation-0');
  });
});

describe('choices that were kept', () => {
  test.each<[unknown, object]>([
    [undefined, defaultChoices],
    ['x', defaultChoices],
    [{ folding: 'families', debugLines: true, open: ['table', 7], filter: 'ssh', system: 'kpatch', window: { fromNs: 1, toNs: 2 }, cursorNs: 5, lane: 'a 1', lens: ['f', 'g'] }, { folding: 'families', debugLines: true, open: ['table'], filter: 'ssh', system: 'kpatch', window: { fromNs: 1, toNs: 2 }, cursorNs: 5, lane: 'a 1', lens: ['f', 'g'] }],
    [{ folding: 'other', open: 'log', filter: 3, window: { fromNs: 2, toNs: 1 }, cursorNs: -1, lens: ['f'] }, { ...defaultChoices }],
    [{ window: { fromNs: 0, toNs: Infinity }, cursorNs: NaN }, defaultChoices],
  ])('%j', (kept, expected) => {
    expect(keptChoices(kept)).toEqual(expected);
  });
});
