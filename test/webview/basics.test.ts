import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { escape, html } from '../../client/webview/html';
import { fromPreview, previewState } from '../../client/webview/messages';
import { scale, seconds } from '../../client/webview/time';
import { roundSteps } from '../../server/src/report/svg/scale';
import { drawn, signaled, simulationOf } from './traces';

describe('escaping', () => {
  test('no character that ends text or an attribute survives', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => !/[<>"'`]|&(?!#\d+;)/.test(escape(text))));
  });
  test('the template escapes strings, not what another template made', () => {
    expect(html`<b>${'<i>'}</b>${html`<u>${'&'}</u>`}${['"', 1.005, null, false]}`.text).toBe('<b>&#60;i&#62;</b><u>&#38;</u>&#34;1');
  });
});

describe('time', () => {
  test.each([
    [0, '0.0 s'],
    [20e6, '0.020 s'],
    [150e6, '0.15 s'],
    [1.2e9, '1.2 s'],
    [75e9, '75.0 s'],
  ])('%d ns', (ns, expected) => {
    expect(seconds(ns)).toBe(expected);
  });
  test('ticks rise from zero, stay in the trace and are not many', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2 ** 50 }), fc.integer({ min: 1, max: 20 }), (end, wanted) => {
        const marks = roundSteps(end, wanted);
        expect(marks[0]).toBe(0);
        expect(marks.length).toBeLessThanOrEqual(wanted + 1);
        expect(marks.at(-1)).toBeLessThanOrEqual(end);
      }),
    );
  });
  test('nothing falls off the scale', () => {
    const { x, ns } = scale({ fromNs: 10, toNs: 20 }, 100, 200);
    expect([x(9), x(10), x(15), x(20), x(21)]).toEqual([100, 100, 150, 200, 200]);
    expect([ns(90), ns(100), ns(150), ns(200), ns(210)]).toEqual([10, 10, 15, 20, 20]);
    expect(scale({ fromNs: 0, toNs: 0 }, 100, 200).x(0)).toBe(100);
  });
});

describe('messages', () => {
  test.each<[unknown, unknown]>([
    [{ type: 'simulate' }, { type: 'simulate' }],
    [{ type: 'simulate', scenario: { systems: ['kpatch'] }, folder: 'file:///k' }, { type: 'simulate', scenario: { systems: ['kpatch'] } }],
    [{ type: 'simulate', scenario: 'kpatch' }, { type: 'simulate' }],
    [{ type: 'ready', request: { scenario: { workload: 'idle' }, scenarioUri: 7 } }, { type: 'ready', request: { scenario: { workload: 'idle' } } }],
    [{ type: 'detail', detail: { system: 'kpatch', window: { fromNs: 0, toNs: 5 }, filter: 'sshd' } }, { type: 'detail', detail: { system: 'kpatch', window: { fromNs: 0, toNs: 5 }, filter: 'sshd' } }],
    [{ type: 'detail', detail: { window: { fromNs: 0, toNs: 'x' } } }, { type: 'detail', detail: {} }],
    [{ type: 'detail' }, { type: 'detail', detail: {} }],
    [{ type: 'highlight', name: 'do_select' }, { type: 'highlight', name: 'do_select' }],
    [{ type: 'saveScenario', path: '/etc/passwd' }, { type: 'saveScenario' }],
    [{ type: 'importSnapshot', name: 'a.txt', text: 'task' }, { type: 'importSnapshot', name: 'a.txt', text: 'task' }],
    [{ type: 'export', format: 'svg', how: 'copy' }, { type: 'export', format: 'svg', how: 'copy' }],
    [{ type: 'export', format: 'exe', how: 'save' }, undefined],
    [{ type: 'png', base64: 'AA==' }, { type: 'png', base64: 'AA==' }],
    [{ type: 'png' }, undefined],
    [{ type: 'open', name: 'schedule' }, { type: 'open', name: 'schedule' }],
    [{ type: 'open', name: 7 }, undefined],
    [{ type: 'ready', request: { folder: 'file:///k', functions: ['a', 1], evil: true } }, { type: 'ready', request: { folder: 'file:///k', functions: ['a'] } }],
    [{ type: 'ready' }, { type: 'ready' }],
    [{ type: 'eval', code: '1' }, undefined],
    [null, undefined],
    ['simulate', undefined],
    [['simulate'], undefined],
  ])('from the preview: %j', (message, expected) => {
    expect(fromPreview(message)).toEqual(expected);
  });
  test.each<[string, unknown, boolean]>([
    ['a simulation', simulationOf([signaled]), true],
    ['a simulation without groups', simulationOf([signaled], {}, { trace: { ...drawn(signaled), groups: undefined } as never }), false],
    ['a picture to turn into another', { kind: 'rasterize', svg: '<svg/>' }, true],
    ['no picture', { kind: 'rasterize' }, false],
    ['a message', { kind: 'error', message: 'x' }, true],
    ['a message that is no text', { kind: 'error', message: {} }, false],
    ['something else', { kind: 'else' }, false],
    ['nothing', undefined, false],
  ])('to the preview: %s', (_name, message, taken) => {
    expect(previewState(message) !== undefined).toBe(taken);
  });
});

test('colors are the theme\'s: no color literal anywhere in the preview', () => {
  const folder = new URL('../../client/webview/', import.meta.url);
  const named = 'black|white|red|green|blue|yellow|orange|purple|gr[ae]y|silver|navy|teal';
  const literal = new RegExp(`#[0-9a-f]{3,8}\\b(?!")|\\b(?:rgba?|hsla?|oklch|lab|color)\\(|:\\s*(?:${named})\\b`, 'i');
  for (const name of readdirSync(folder).filter((it) => /\.(ts|css)$/.test(it))) {
    const lines = readFileSync(new URL(name, folder), 'utf8').split('\n');
    expect(lines.filter((line) => literal.test(line)).map((line) => `${name}: ${line.trim()}`)).toEqual([]);
  }
});
