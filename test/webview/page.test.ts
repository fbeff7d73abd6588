import { describe, expect, test } from 'vitest';
import type { PreviewState, ShownSimulation } from '../../client/webview/messages';
import { defaultChoices, page } from '../../client/webview/page';
import type { SimulationView } from '../../server/src/lsp/protocol';
import { MODEL_NAMES, simulate, workloadNamed, WORKLOADS, type Workload } from '../../server/src/simulate';
import type { Trace } from '../../server/src/simulate/types';
import { expectGolden } from './golden';
import { all, lane, signaled, simulationOf, stuck } from './traces';

const shown = (trace: Trace, change: Partial<ShownSimulation> = {}, view: Partial<SimulationView> = {}): PreviewState => simulationOf([trace], change, view);

const draw = (state: PreviewState, width = 300, choices = defaultChoices): string => page(state, choices, width).text;

describe('golden pages', () => {
  test.each(Object.entries(all))('%s', (name, trace) => {
    expectGolden(`${name}.html`, draw(shown(trace)));
  });
  test('wide', () => {
    expectGolden('signaled-wide.html', draw(shown(signaled), 900));
  });
  test.each<[string, PreviewState]>([
    ['empty', { kind: 'empty', message: 'Edit a function.', canSimulate: false }],
    ['invitation', { kind: 'empty', message: 'See how it goes.', canSimulate: true }],
    ['running', { kind: 'running', message: 'Simulating…' }],
    ['error', { kind: 'error', message: 'The server is not running.' }],
  ])('%s', (name, state) => {
    expectGolden(`${name}.html`, draw(state));
  });
});

describe('the system and the workload', () => {
  const offers = { models: MODEL_NAMES, workloads: WORKLOADS.map(({ name, title, defaults }) => ({ name, title, ...defaults })), hz: [250], mostCpus: 8192 };
  test.each(MODEL_NAMES)('a run of %s can be drawn, and shows which it is', (model) => {
    const result = simulate({ model, seed: 1, machine: workload('idle').machine(), patch: { name: 'lp', functions: [{ name: 'do_sys_poll', object: 'vmlinux' }] } });
    if (!result.ok) throw new Error(result.message);
    const text = draw(shown(result.trace, {}, { offers }));
    expect(text).not.toMatch(/undefined|NaN|Infinity|null|\[object/);
    expect(text.match(/<option value="[^"]*" selected>/g)).toEqual([`<option value="${model}" selected>`, '<option value="idle" selected>']);
    expect(text).toContain('class="timeline"');
  });
  test('imagined tasks are told', () => {
    expect(draw(shown({ ...signaled, hypothetical: ['f can sleep.'] }))).toContain('are hypothetical');
    expect(draw(shown(signaled))).not.toContain('hypothetical');
  });
});

function workload(name: string): Workload {
  const found = workloadNamed(name);
  if (found === undefined) throw new Error(`no workload ${name}`);
  return found;
}

describe('what every page keeps to', () => {
  const widths = [200, 280, 300, 900, 2000];
  const pages = Object.entries(all).flatMap(([name, trace]) =>
    widths.flatMap((width) => (['compact', 'families'] as const).map((folding) => [name, width, draw(shown(trace), width, { ...defaultChoices, folding })] as const)),
  );

  test.each(pages)('%s at %d px: no hole where a value belongs', (_name, _width, text) => {
    expect(text).not.toMatch(/undefined|NaN|Infinity|null|\[object/);
  });
  test.each(pages)('%s at %d px: no inline style, script or handler, which the content security policy forbids', (_name, _width, text) => {
    expect(text).not.toMatch(/\sstyle=|<script|<style|\son\w+=/i);
  });
  test.each(pages)('%s at %d px: nothing is drawn outside of the picture', (_name, _width, text) => {
    const width = Number(/<svg class="timeline" width="([\d.]+)"/.exec(text)?.[1]);
    const right = [...text.matchAll(/<rect class="state-\w+" x="([\d.]+)" y="[\d.]+" width="([\d.]+)"/g)].map(([, x, w]) => Number(x) + Number(w));
    expect(right.length).toBeGreaterThan(0);
    expect(Math.max(...right)).toBeLessThanOrEqual(width + 0.02);
  });
  test.each(pages)('%s at %d px: one lane can be reached with Tab, the others with the arrow keys', (_name, _width, text) => {
    const stops = [...text.matchAll(/<g class="lane" role="option" tabindex="(-?\d)"/g)].map(([, index]) => index);
    expect(stops.filter((index) => index === '0')).toHaveLength(1);
    expect(stops[0]).toBe('0');
  });
});

describe('banners', () => {
  const banners = (state: PreviewState): string[] => [...draw(state).matchAll(/class="banner[^>]*>([^<]*)/g)].map(([, text]) => text ?? '');
  test('a patchable, current trace has none', () => {
    expect(banners(shown(signaled))).toEqual([]);
  });
  test('what cannot be built says so', () => {
    expect(banners(shown(signaled, {}, { verdict: 'unpatchable' }))).toEqual(['The patch cannot be built as it is; this shows what would happen if it could.']);
  });
  test('undecided is not taken for patchable', () => {
    expect(banners(shown(signaled, {}, { verdict: 'undecided' }))[0]).toMatch(/could not be decided/);
  });
  test('an edit made since says so', () => {
    expect(banners(shown(signaled, { stale: 'The edit has changed since.' }))).toEqual(['The edit has changed since. ']);
  });
});

describe('hostile names', () => {
  const evil = `"><img src=x onerror=alert(1)>'\`</script>\u0000&amp;`;
  const trace: Trace = {
    ...stuck,
    patch: { name: evil, functions: [{ name: evil, object: evil }] },
    machine: { ...stuck.machine, kernelVersion: evil },
    passes: stuck.passes.map((pass) => ({ ...pass, blockers: [{ pid: 1, comm: evil, reason: 'sleeping', function: evil }] })),
    lanes: [lane({ comm: evil, pid: 1 }, 20), lane({ comm: `${evil}2`, pid: 2, switches: 1 }, 20)],
    actions: [{ atNs: 1e9, kind: 'force', result: evil }],
    violations: [{ invariant: 'I3', task: evil, atNs: 0, text: evil }],
    log: [{ atNs: 0, text: evil, level: 'notice' }],
    notes: [evil],
    assumptions: [evil],
    hypothetical: [evil],
  };
  test.each(['compact', 'families'] as const)('a trace full of markup stays text (%s)', (folding) => {
    const text = draw(shown(trace), 300, { ...defaultChoices, folding });
    expect(text).not.toMatch(/<img|<\/script|onerror=alert\(1\)>/);
    expect(text).not.toContain('\u0000');
    // Every tag is one of ours: markup from a name would bring another.
    const tags = new Set([...text.matchAll(/<\/?([a-z0-9]+)/gi)].map(([, tag]) => tag));
    expect([...tags].filter((tag) => !ourTags.includes(tag ?? ''))).toEqual([]);
    expect(text.length).toBeGreaterThan(1000);
  });
  test('so do messages', () => {
    expect(draw({ kind: 'error', message: evil })).not.toContain('<img');
  });
  const ourTags = 'section h1 p span svg defs pattern rect g text line path ul li strong div button details summary label input select option pre table caption thead tbody tr th td'.split(' ');
});
