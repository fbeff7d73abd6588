import { describe, expect, test } from 'vitest';
import { defaultChoices } from '../../client/webview/choices';
import { chosenLane, laneKey } from '../../client/webview/lanes';
import { lensOf } from '../../client/webview/lens';
import { pictureOf, widthsOf } from '../../client/webview/picture';
import { systemView, viewOf, type Trace } from '../../server/src/simulate';
import { MODELS } from '../../server/src/simulate/models';
import { opened, section, sectionsOf } from './drawing';
import { all, drawn, forced, lane, quick, reversed, signaled, simulationOf, stopped, stuck } from './traces';

const s = 1e9;
const texts = (html: string): string => html.replace(/<title>[^<]*<\/title>/g, '').replace(/<[^>]+>/g, ' ').replace(/&#39;/g, '\'').replace(/\s+/g, ' ').trim();

/** Many lanes: tasks of different names that switch one after the other. */
const many: Trace = { ...signaled, lanes: Array.from({ length: 150 }, (_, at) => lane({ comm: `t${String.fromCharCode(97 + (at % 26))}x${String.fromCharCode(97 + Math.floor(at / 26))}`, pid: 100 + at, switches: 1 + at / 10 }, 16)), passes: signaled.passes.map((pass) => ({ ...pass, blockers: [] })) };

describe('lanes', () => {
  test('those out of sight are not drawn, but for the one that can have the focus', () => {
    const choices = { ...defaultChoices, folding: 'families' as const };
    const lanesAt = (lanesAbove: number): number[] => [...section('picture', simulationOf([many]), 280, choices, { lanesAbove }).matchAll(/data-lane="(\d+)"/g)].map(([, at]) => Number(at));
    expect(lanesAt(0)).toEqual(Array.from({ length: 22 }, (_, at) => at));
    expect(lanesAt(60)).toEqual([0, ...Array.from({ length: 26 }, (_, at) => 56 + at)]);
    expect(lanesAt(140)).toEqual([0, ...Array.from({ length: 14 }, (_, at) => 136 + at)]);
  });
  test('say how many there are, wherever they are scrolled to', () => {
    expect(section('picture', simulationOf([many]), 280, { ...defaultChoices, folding: 'families' })).toContain('aria-posinset="1" aria-setsize="150"');
  });
  test('a chosen lane is found again after another simulation', () => {
    const { groups } = drawn(many);
    const [first, second] = groups.families;
    if (first === undefined || second === undefined) throw new Error('no lanes');
    expect(chosenLane(groups.families, laneKey(second))).toBe(1);
    expect(chosenLane(groups.families, `${second.label} 99999`)).toBe(1);
    expect(chosenLane(groups.families, 'gone 1')).toBe(0);
    expect(chosenLane([], laneKey(first))).toBe(-1);
  });
  test('the blockers of a function are marked', () => {
    const text = section('picture', simulationOf([signaled], { highlight: 'do_sys_poll' }));
    expect([...text.matchAll(/class="lane hit"[^>]*aria-label="([^:]*)/g)].map(([, name]) => name)).toEqual(['z_poll']);
    expect(section('why', simulationOf([signaled], { highlight: 'do_sys_poll' }))).toContain('class="marked"');
  });
  test('interrupts have lanes of their own under kGraft', () => {
    const interrupts = [{ atNs: 1 * s, cpu: 1, to: 'new' as const }, { atNs: 2 * s, cpu: 0, to: 'new' as const }];
    const state = simulationOf([{ ...signaled, model: 'kgraft', interrupts }]);
    expect(section('picture', state)).toContain('aria-label="interrupts ×2: on all CPUs in new code from 2.0 s on"');
    expect(section('picture', state, 280, { ...defaultChoices, folding: 'families' })).toMatch(/aria-label="irqs of CPU 0: in new code from 2.0 s on"[^]*aria-label="irqs of CPU 1: in new code from 1.0 s on"/);
    expect(section('details', state, 280, { ...defaultChoices, lane: 'interrupts idle' })).toContain('On all CPUs in new code from 2.0 s on.');
  });
  test('nobody is drawn where the filter finds nobody', () => {
    const state = simulationOf([signaled], {}, { trace: viewOf(signaled, { columns: 100, lanes: 10, filter: 'nobody' }) });
    expect(section('picture', state)).toContain('No task matches the filter.');
    expect(section('details', state)).toBe('');
  });
  test('where everybody switches at the very end, new code can be seen after it', () => {
    expect(section('picture', simulationOf([stopped]))).toContain('class="state-patched"');
    expect(pictureOf(simulationOf([stopped]), drawn(stopped), defaultChoices, 280).endNs).toBeGreaterThan(stopped.endNs);
    expect(pictureOf(simulationOf([stuck]), drawn(stuck), defaultChoices, 280).endNs).toBe(stuck.endNs);
  });
});

describe('zoomed in', () => {
  const window = { fromNs: 4 * s, toNs: 6 * s };
  test('what is there is drawn at once, and what was looked at closely takes its place', () => {
    const [state, whole] = [simulationOf([signaled]), drawn(signaled)];
    const choices = { ...defaultChoices, window };
    expect(pictureOf(state, whole, choices, 280).trace).toBe(whole);
    const close = viewOf(signaled, { columns: 1000, lanes: 200, window });
    expect(pictureOf(state, whole, choices, 280, { close }).trace).toBe(close);
    expect(pictureOf(state, whole, { ...choices, window: { fromNs: 3 * s, toNs: 6 * s } }, 280, { close }).trace).toBe(whole);
  });
  test('only the passes in it are drawn', () => {
    const text = section('picture', simulationOf([signaled]), 280, { ...defaultChoices, window });
    expect([...text.matchAll(/class="pass-label"[^>]*>(\d+)</g)].map(([, pass]) => pass)).toEqual(['4', '5', '6']);
  });
  test('the story stays that of the whole run', () => {
    const state = simulationOf([signaled], {}, { trace: viewOf(signaled, { columns: 1000, lanes: 200, window }) });
    const picture = pictureOf(state, drawn(signaled), { ...defaultChoices, window }, 280);
    expect(picture.whole.passes).toHaveLength(17);
  });
});

describe('why not yet', () => {
  const why = (trace: Trace, cursorNs?: number): string => texts(section('why', simulationOf([trace]), 280, { ...defaultChoices, ...(cursorNs !== undefined && { cursorNs }) }));
  test('tells at the cursor who is in the way, where, until when, and what can be done', () => {
    expect(why(signaled, 0.5 * s)).toBe(
      'Why not yet pass 0, 0.020 s: 2 tasks in the way Task What holds it, and what lets it go z_poll (70) asleep in do_sys_poll Goes on at 15.0 s: returned to user space. ' +
        'Switches when the call returns: a signal (kernels from 5.1 on send one after 15 passes) frees interruptible sleeps; otherwise wait or reverse; do not force. ' +
        'swapper/1 running on a CPU Goes on at 0.021 s: left the idle loop. An idle CPU: switches once it has something to do, at the latest when a pass wakes it.',
    );
  });
  test('stands at the last pass that failed until the cursor is moved', () => {
    expect(why(signaled)).toMatch(/^Why not yet pass 15, 15.0 s: 1 task in the way/);
  });
  test.each<[string, Trace, number, string]>([
    ['before the first pass', signaled, 0.01 * s, 'Why not yet Nobody has been looked at yet: the first pass is at 0.020 s.'],
    ['at the end', signaled, 16 * s, 'Why not yet Nobody is in the way: it is complete since 16.0 s.'],
    ['without passes', { ...quick, passes: [] }, 0.5 * s, 'Why not yet This system asks nobody what they are doing.'],
  ])('%s', (_when, trace, cursorNs, expected) => {
    expect(why(trace, cursorNs)).toBe(expected);
  });
  test('what never goes on is said', () => {
    expect(why(stuck)).toContain('Not released before the preview ends at 20.0 s.');
    expect(why(reversed)).toContain('Not released before the preview ends at 20.0 s.');
    expect(why(forced)).toContain('Goes on at 19.5 s: forced.');
  });
  test('livepatch\'s advice is not given for other systems', () => {
    expect(why({ ...stuck, model: 'kpatch' })).toContain('An attempt fails while anybody is in kwatch_loop.');
    expect(why({ ...stuck, model: 'kgraft' })).toContain('Switches at the safe point of its main loop, if it has one.');
  });
});

describe('the stack', () => {
  const specimens = { 70: { comm: 'z_poll', state: 'S' as const, stack: ['schedule', 'do_sys_poll', 'do_syscall_64'] } };
  const state = simulationOf([signaled], {}, { trace: { ...drawn(signaled), specimens } });
  test('every frame opens its source, those of the patch are marked, and the first of them has the tab stop', () => {
    const text = section('details', state);
    expect([...text.matchAll(/<li( class="patched")?><button type="button" class="link" data-function="(\w+)" tabindex="(-?\d)"/g)].map(([, patched, name, tabindex]) => [name, patched !== undefined, tabindex])).toEqual([
      ['schedule', false, '-1'],
      ['do_sys_poll', true, '0'],
      ['do_syscall_64', false, '-1'],
    ]);
  });
  test('is in the tooltip of the lane, too', () => {
    expect(section('picture', state)).toContain('<title>z_poll: passes 0–15: asleep in do_sys_poll; switched at 15.0 s: returned to user space\n\n   schedule\n▸ do_sys_poll (patched)\n   do_syscall_64</title>');
  });
  test('a copy inlined elsewhere counts', () => {
    const inlined = { ...signaled, patch: { name: 'lp', functions: [{ name: 'helper', object: 'vmlinux', inlinedInto: ['do_sys_poll'] }] } };
    expect(section('details', simulationOf([inlined], {}, { trace: { ...drawn(inlined), specimens } }))).toContain('class="patched"');
  });
});

describe('systems', () => {
  const state = simulationOf([signaled, stopped, { ...stuck, model: 'kgraft' }], {}, { refused: [{ model: 'ksplice', why: 'It needs x86.' }] });
  test('each has its words, its curve and its place on the axis; one is looked at', () => {
    const text = section('systems', state);
    expect(texts(text)).toBe('Systems compared livepatch complete after 16 s nothing stops kpatch complete after 100 ms machine stops for 20 ms kgraft open when given up after 20 s nothing stops 1 ms 10 100 1 s 10 1 min 15 min ksplice is not simulated: It needs x86.');
    expect([...text.matchAll(/aria-pressed="(\w+)" tabindex="(-?\d)"/g)].map(([, pressed, tabindex]) => [pressed, tabindex])).toEqual([['true', '0'], ['false', '-1'], ['false', '-1']]);
    expect(text.match(/class="curve-end/g)).toHaveLength(2);
    expect(text.match(/class="curve-cross/g)).toHaveLength(1);
    expect(text.match(/data-axis="log"/g)).toHaveLength(3);
  });
  test('one axis from 1 ms to 15 min, longer only when a run is', () => {
    const day = { ...stuck, model: 'kgraft' as const, endNs: 3 * 3600 * s };
    expect(texts(section('systems', simulationOf([signaled, day])))).toContain('15 min 2 h 1 day');
  });
});

describe('the consistency lens', () => {
  const two: Trace = { ...signaled, patch: { name: 'lp', functions: [{ name: 'f', object: 'vmlinux' }, { name: 'g', object: 'vmlinux' }, { name: 'h', object: 'vmlinux' }] } };
  test('each system brings how it switches', () => {
    expect(MODELS.map(({ name }) => systemView({ ...two, model: name }))).toMatchObject(MODELS.map(({ name, what, when }) => ({ model: name, what, when })));
  });
  test.each([
    ['livepatch', 'Each task switches when none of the functions is on its stack'],
    ['livepatch-4.0', 'Each function is replaced by itself'],
    ['kgraft', 'Each task switches when it crosses the kernel\'s boundary'],
    ['kpatch', 'Everybody switches in one stop of the machine'],
    ['ksplice', 'Everybody switches in one stop of the machine'],
    ['kernelcare', 'Everybody switches in one stop of the machine'],
    ['checkpoint-restart', 'The whole kernel is exchanged'],
    ['kexec', 'The whole kernel is exchanged'],
    ['reboot', 'The whole kernel is exchanged'],
  ] as const)('of %s it says: %s', (model, words) => {
    expect(texts(section('lens-section', simulationOf([{ ...two, model }]), 280, opened))).toContain(words);
  });
  test.each([
    [undefined, ['f', 'g']],
    [['h', 'f'], ['h', 'f']],
    [['gone', 'h'], ['f', 'h']],
    [['g', 'gone'], ['g', 'f']],
    [['g', 'g'], ['g', 'g']],
  ] as const)('looks for %j at %j', (lens, expected) => {
    expect(lensOf(drawn(two), { ...defaultChoices, ...(lens !== undefined && { lens }) })).toEqual(expected);
  });
  test('says when old and new ran side by side, and only who met the two functions', () => {
    const meeting = (task: string, functions: readonly [string, string]) => ({ invariant: 'I1' as const, task, atNs: 3 * s, text: `entered the new ${functions[0]}`, functions });
    const state = simulationOf([two, stopped], {}, { systems: [{ ...systemView(two), broken: [meeting('a:1', ['g', 'f'])], mixed: [meeting('b:2', ['f', 'g']), meeting('c:3', ['f', 'h'])] }, systemView(stopped)] });
    const text = section('lens-section', state, 280, opened);
    expect(texts(text)).toContain('livepatch side by side for 15 s');
    expect(texts(text)).toContain('3.0 s, a:1: entered the new g. The system promises, or the patch needs, that this does not happen.');
    expect(texts(text)).toContain('3.0 s, b:2: entered the new f. The system does not promise to prevent it.');
    expect(text).not.toContain('c:3');
    expect(texts(text)).toContain('kpatch everything switches after 100 ms');
    expect(texts(text)).toContain('In this run nobody met both.');
    expect(text.match(/class="met"/g)).toHaveLength(2);
  });
  test('a run that never applied shows no new code', () => {
    const never = { ...stuck, outcome: 'failed' as const, lanes: [lane({ comm: 'kwatch', pid: 9 }, 20)] };
    const text = section('lens-section', simulationOf([never]), 280, opened);
    expect(texts(text)).toContain('the new code never runs');
    expect(text).not.toContain('state-patched');
    expect(texts(section('lens-section', simulationOf([stuck]), 280, opened))).toContain('and still at the end');
  });
});

describe('the whole', () => {
  test.each(Object.entries(all))('%s: moving the cursor changes no other section', (_name, trace) => {
    const at = (cursorNs: number) => sectionsOf(simulationOf([trace]), 400, { ...opened, cursorNs }).filter(({ id }) => id !== 'transport' && id !== 'why').map(({ html }) => html.text);
    expect(at(0.1 * s)).toEqual(at(0.9 * s));
  });
  test('another run under way leaves every section but the head as it is', () => {
    const others = (state: Parameters<typeof sectionsOf>[0]) => sectionsOf(state).filter(({ id }) => id !== 'head').map(({ html }) => html.text);
    expect(others(simulationOf([signaled], { busy: { message: 'Simulating…', percent: 40 } }))).toEqual(others(simulationOf([signaled])));
    expect(texts(section('head', simulationOf([signaled], { busy: { message: 'Simulating…', percent: 40 } })))).toBe('40% Simulating… Save picture as SVG… Save picture as PNG… Save change request (Markdown)… Copy picture as SVG Copy picture as PNG Copy change request (Markdown)');
  });
  test.each([[100, 200, 200], [280, 280, 280], [719, 719, 719], [720, 417, 279], [1100, 645, 431]])('in %d px the picture has %d and the words %d', (width, picture, words) => {
    expect(widthsOf(width)).toEqual({ picture, words });
  });
});
