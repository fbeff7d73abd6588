import { describe, expect, test } from 'vitest';
import type { PreviewState, ShownSimulation } from '../../client/webview/messages';
import { defaultChoices } from '../../client/webview/choices';
import type { SimulationView } from '../../server/src/lsp/protocol';
import { MODEL_NAMES, simulate, systemView, viewOf, workloadNamed, WORKLOADS, type Workload } from '../../server/src/simulate';
import type { Trace } from '../../server/src/simulate/types';
import { draw, folds, opened, section } from './drawing';
import { expectGolden } from './golden';
import { all, drawn, lane, quick, signaled, simulationOf, stopped, stuck } from './traces';

const shown = (trace: Trace, change: Partial<ShownSimulation> = {}, view: Partial<SimulationView> = {}): PreviewState => simulationOf([trace], change, view);

describe('golden pages', () => {
  test.each(Object.entries(all))('%s', (name, trace) => {
    expectGolden(`${name}.html`, draw(shown(trace)));
  });
  test('wide, several systems, everything open', () => {
    expectGolden('signaled-wide.html', draw(simulationOf([signaled, stopped, { ...stuck, model: 'kgraft' }]), 900, opened));
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

describe('every system', () => {
  const offers = { models: MODEL_NAMES, workloads: WORKLOADS.map(({ name, title, defaults }) => ({ name, title, ...defaults })), hz: [250], mostCpus: 8192 };
  test.each(MODEL_NAMES)('a run of %s can be drawn, and shows which it is', (model) => {
    const machine = workload('idle').machine();
    const result = simulate({ model, seed: 1, machine, patch: { name: 'lp', functions: [{ name: 'do_sys_poll', object: 'vmlinux' }] } });
    if (!result.ok) throw new Error(result.message);
    const state = simulationOf([result.trace], {}, { offers, trace: viewOf(result.trace, { columns: 1000, lanes: 200 }, machine.tasks), scenario: { systems: [model], workload: 'idle' } });
    const text = draw(state, 280, opened);
    expect(text).not.toMatch(/undefined|NaN|Infinity|null|\[object/);
    expect(text.match(/<input type="checkbox" id="system-[^"]*"[^>]*checked>/g)).toEqual([expect.stringContaining(`value="${model}"`)]);
    expect(section('systems', state)).toContain(`data-system="${model}" data-key="${model}" aria-pressed="true"`);
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
  const widths = [200, 280, 400, 720, 1100, 2000];
  const pages = Object.entries(all).flatMap(([name, trace]) =>
    widths.flatMap((width) => (['compact', 'families'] as const).map((folding) => [name, width, draw(simulationOf([trace, { ...stopped, model: 'ksplice' }, { ...quick, model: 'kgraft' }]), width, { ...opened, folding })] as const)),
  );

  test.each(pages)('%s at %d px: no hole where a value belongs', (_name, _width, text) => {
    expect(text).not.toMatch(/undefined|NaN|Infinity|null|\[object/);
  });
  test.each(pages)('%s at %d px: no inline style, script or handler, which the content security policy forbids', (_name, _width, text) => {
    expect(text).not.toMatch(/\sstyle=|<script|<style|\son\w+=/i);
  });
  test.each(pages)('%s at %d px: nothing is drawn outside of its picture', (_name, _width, text) => {
    const pictures = text.split('<svg ').slice(1).map((picture) => ({ picture: picture.slice(0, picture.indexOf('</svg>')), width: Number(/^[^>]*?width="([\d.]+)"/.exec(picture)?.[1]) }));
    expect(pictures.length).toBeGreaterThan(5);
    for (const { picture, width } of pictures) {
      const xs = [...[...picture.matchAll(/<rect [^>]*x="(-?[\d.]+)"[^>]*width="([\d.]+)"/g)].flatMap(([, x, w]) => [Number(x), Number(x) + Number(w)]), ...[...picture.matchAll(/[MH](-?[\d.]+)/g)].map(([, x]) => Number(x)), ...[...picture.matchAll(/\sx[12]="(-?[\d.]+)"/g)].map(([, x]) => Number(x))];
      expect(Math.max(0, ...xs)).toBeLessThanOrEqual(width + 0.02);
      // The cursor is drawn around 0 and then moved.
      expect(Math.min(0, ...xs)).toBeGreaterThanOrEqual(-6);
    }
  });
  test.each(pages)('%s at %d px: each group of buttons and the lanes have one tab stop', (_name, _width, text) => {
    const groups = [...text.split(/(?=data-roving=|role="listbox")/).slice(1)].map((part) => part.slice(0, part.search(/<\/div>|<\/ol>|<\/svg>\n<\/div>|role="toolbar" aria-label="Time"|$/)));
    expect(groups.length).toBeGreaterThanOrEqual(4);
    for (const group of groups) expect([...group.matchAll(/tabindex="0"/g)].length).toBe(1);
  });
  test.each(pages)('%s at %d px: every id is there once', (_name, _width, text) => {
    const ids = [...text.matchAll(/\sid="([^"]+)"/g)].map(([, id]) => id);
    expect(ids.filter((id, at) => ids.indexOf(id) !== at)).toEqual([]);
  });
  test.each(pages)('%s at %d px: every button and field has a name', (_name, _width, text) => {
    const unnamed = [...text.matchAll(/<button ([^>]*)>([\s\S]*?)<\/button>/g)].filter(([, attributes = '', body = '']) => !attributes.includes('aria-label="') && body.replace(/<[^>]*>/g, '').trim() === '');
    expect(unnamed.map(([whole]) => whole)).toEqual([]);
    for (const [field = ''] of text.matchAll(/<(?:input|select) [^>]*>/g)) expect(field.includes('aria-label="') || new RegExp(`<label[^>]*>[^]{0,60}${escaped(field)}`).test(text), field).toBe(true);
  });
});

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

describe('what is closed is not drawn', () => {
  test.each(folds)('%s', (id) => {
    const state = simulationOf([signaled, stopped]);
    const open = draw(state, 280, { ...defaultChoices, open: [id] });
    expect(open).toContain(`<details id="${id}" open>`);
    expect(open.length).toBeGreaterThan(draw(state, 280, { ...defaultChoices, open: [] }).length + 50);
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
    patch: { name: evil, functions: [{ name: evil, object: evil }, { name: `${evil}2`, object: evil }] },
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
  const view = drawn(trace);
  const state = shown(trace, { stale: evil, busy: { message: evil }, highlight: evil, request: { scenarioUri: evil } }, {
    trace: { ...view, specimens: { 1: { comm: evil, state: 'S', stack: [evil, 'schedule'], hypothetical: evil }, 2: { comm: evil, state: 'D', stack: [evil] } } },
    systems: [{ ...systemView(trace), broken: [{ invariant: 'I1', task: evil, atNs: 1, text: evil, functions: [evil, evil] }], mixed: [{ invariant: 'I2', task: evil, atNs: 1, text: evil, functions: [evil, evil] }] }],
    refused: [{ model: evil as never, why: evil }],
    scenario: { systems: [evil as never], workload: evil, snapshot: `/tmp/${evil}`, kernelVersion: evil, actions: [evil], relations: [{ kind: 'call', caller: evil, callee: evil }, { kind: 'together', functions: [evil, evil] }] },
    offers: { models: [evil as never], workloads: [{ name: evil, title: evil, cpus: 1, tasks: 1 }], hz: [250], mostCpus: 1 },
  });
  const cases = [defaultChoices, opened].flatMap((choices) => (['compact', 'families'] as const).map((folding) => [folding, { ...choices, folding, filter: evil, lane: evil, lens: [evil, evil] as const }] as const));
  test.each(cases)('a trace full of markup stays text (%s)', (_folding, choices) => {
    const text = draw(state, 300, choices);
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
  const ourTags = 'section h1 p span svg defs pattern rect g text line path ul li strong div button details summary label input select option pre table caption thead tbody tr th td h2 h3 title clipPath circle code fieldset legend ol br'.split(' ');
});
