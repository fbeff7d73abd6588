/** The pictures of `simulate --format svg`. */
import { describe, expect, it } from 'vitest';
import { simulationSvg } from '../../server/src/report/simulation-svg';
import { DEFAULT_KERNEL_VERSION, MODEL_NAMES, viewOf, WORKLOADS } from '../../server/src/simulate';
import { forever, load, loadBy, quietMachine, user } from './machines';
import { expectGolden } from './golden';

const [mixed] = WORKLOADS;
if (mixed === undefined) throw new Error('no workload');
const machine = mixed.machine({ cpus: 4, hz: 250, kernelVersion: DEFAULT_KERNEL_VERSION });
const functions = ['do_sys_poll'];
const all = MODEL_NAMES.map((model) => loadBy(model, { functions, machine, seed: 1 }));
const [livepatch] = all;

/** Every element is closed by its own end, in order; text and attributes hold no markup and no character that XML has not got. Gives the texts. */
function wellFormed(svg: string): string[] {
  // eslint-disable-next-line no-control-regex
  expect(svg).not.toMatch(/[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]|NaN|Infinity|undefined/);
  const open: string[] = [];
  const texts: string[] = [];
  const rest = svg.replace(/<(\/?)([a-z]+)((?: [a-zA-Z0-9-]+="[^"<&]*")*)(\/?)>([^<]*)/g, (_all, slash: string, name: string, _attributes: string, closed: string, content: string) => {
    if (slash !== '') expect(open.pop()).toBe(name);
    else if (closed === '') open.push(name);
    expect(content).not.toMatch(/&(?!(amp|lt|gt);)|>(?![^{]*\{)/);
    if (name === 'text' && slash === '') texts.push(content);
    return '';
  });
  expect([rest, open]).toEqual(['', []]);
  return texts;
}

describe('one run', () => {
  it('is drawn as it was', () => {
    expectGolden('../../../docs/images/transition.svg', simulationSvg(all.slice(0, 1)));
  });

  it('has outcome, signals and the last blockers in its title', () => {
    expect(simulationSvg(all.slice(0, 1))).toContain('<title id="title">livepatch: complete after 16.2 s, 1 signal, last blockers in:imuxsock:69 and 3 more in do_sys_poll</title>');
    const alone = load({ functions: ['f'], machine: quietMachine([user(9, 'cat', ['f'], forever(true))]) });
    expect(simulationSvg([alone])).toMatch(/<title id="title">livepatch: complete after \S+ s, 1 signal, last blocker cat:9 in f<\/title>/);
  });

  it('what the operator did has its line and its name, and is marked when it was refused', () => {
    const acted = load({ functions, machine, actions: [{ atMs: 3000, kind: 'signal' }, { atMs: 8000, kind: 'force' }] });
    const svg = simulationSvg([acted]);
    expect(wellFormed(svg).filter((text) => /signal|force/.test(text) && !/after|;/.test(text))).toEqual(['signal (refused)', 'force']);
    expect(svg.match(/class="event mark"/g)).toHaveLength(4);
  });

  it.each(all.map((trace) => [trace.model, trace] as const))('%s: a lane for each group, a band for each stop that shows, well-formed', (_model, trace) => {
    const svg = simulationSvg([trace]);
    const texts = wellFormed(svg);
    for (const { label, tasks, pids } of viewOf(trace, { columns: 250, lanes: 24 }).groups.compact) expect(texts).toContain(tasks > 1 ? `${label} ×${tasks}` : pids.length === 0 ? label : `${label}:${String(pids[0])}`);
    expect(texts.some((text) => text.startsWith('machine stopped'))).toBe(trace.pauseMs > 0);
    expect(texts.some((text) => text === 'signal')).toBe(trace.signals.length > 0);
    expect(texts.some((text) => text.endsWith('still pending'))).toBe(trace.completeMs === null);
  });
});

describe('several systems', () => {
  it('are drawn as they were', () => {
    expectGolden('../../../docs/images/systems.svg', simulationSvg(all));
  });

  it('each has its curve, its name and its end; what stopped is told in words', () => {
    const svg = simulationSvg(all);
    const texts = wellFormed(svg);
    expect(svg.match(/<polyline/g)).toHaveLength(all.length);
    for (const { model } of all) expect(texts).toContain(model);
    expect(texts).toContain('machine stopped 1.1 ms in 5 stops');
    expect(texts.filter((text) => text === 'nothing stops')).toHaveLength(all.filter(({ pauseMs }) => pauseMs === 0).length);
  });

  it('a curve rises to the top exactly when everybody switched', () => {
    const tops = [...simulationSvg(all).matchAll(/<polyline points="([^"]*)"/g)].map(([, points = '']) => {
      const ys = points.split(' ').map((point) => Number(point.split(',')[1]));
      return Math.max(...ys) - (ys.at(-1) ?? 0);
    });
    expect(tops.map((rise) => rise === 32)).toEqual(all.map(({ outcome }) => outcome === 'complete'));
  });

  it('a run longer than the axis makes it longer', () => {
    const late = MODEL_NAMES.slice(0, 2).map((model) => loadBy(model, { functions: ['f'], machine: quietMachine([user(9, 'cat', ['f'], forever(false), 'D')]), giveUpAfterMs: 1_000_000 }));
    expect(wellFormed(simulationSvg(late))).toContain('2 h');
    expect(wellFormed(simulationSvg(all))).not.toContain('2 h');
  });
});

it('the same bytes for the same run', () => {
  const again = loadBy('livepatch', { functions, machine, seed: 1 });
  expect(simulationSvg([again])).toBe(simulationSvg(livepatch === undefined ? [] : [livepatch]));
});

it('names of tasks and functions stay text', () => {
  const comms = ['</text><script>', '&amp;"\'<!--', ']]>\u0007\u001b[31m', '\u202Eevil\ud800', '\ufffe\uffff'];
  const hostile = quietMachine(comms.map((comm, i) => user(100 + i, comm, ['<f>&'], forever(false), 'D')));
  const traces = MODEL_NAMES.slice(0, 4).map((model) => loadBy(model, { functions: ['<f>&'], machine: hostile }));
  for (const svg of [simulationSvg(traces), ...traces.map((trace) => simulationSvg([trace]))]) {
    wellFormed(svg);
    expect(svg).not.toMatch(/<script|<!--|\u202e/);
    expect(Buffer.from(svg).toString()).toBe(svg);
  }
  expect(wellFormed(simulationSvg(traces.slice(0, 1)))).toContain('&lt;/text&gt;&lt;script&gt;:100');
});

it('is no larger for a large machine', () => {
  const tasks = Array.from({ length: 5000 }, (_, i) => user(100 + i, `worker${String(i % 500)}x`, [i % 3 === 0 ? 'f' : 'other'], { kind: 'sleep', interruptible: true, lasts: { kind: 'exponential', meanMs: 5000 } }));
  const traces = (['livepatch', 'kgraft'] as const).map((model) => loadBy(model, { functions: ['f'], machine: quietMachine(tasks), seed: 1 }));
  for (const trace of traces) expect(simulationSvg([trace]).length).toBeLessThan(100_000);
  expect(simulationSvg(traces).length).toBeLessThan(40_000);
});

it('nothing to draw without a run', () => {
  expect(() => simulationSvg([])).toThrow(RangeError);
});
