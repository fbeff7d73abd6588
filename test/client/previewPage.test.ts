import { expect, test } from 'vitest';
import { basisOf } from '../../client/src/preview/basis';
import { exportName } from '../../client/src/preview/exportName';
import { previewPage } from '../../client/src/preview/page';
import type { PlanView } from '../../server/src/lsp/protocol';

const page = previewPage({ cspSource: 'https://ours', nonce: 'abc', at: (name) => `https://ours/${name}` });

test('the page allows its own script, styles, icons and pictures, and nothing else', () => {
  const policy = /Content-Security-Policy" content="([^"]*)"/.exec(page)?.[1]?.split('; ').map((directive) => directive.replace(/;$/, ''));
  expect(policy).toEqual(["default-src 'none'", "script-src 'nonce-abc'", 'style-src https://ours', 'font-src https://ours', 'img-src blob:']);
  expect(page).not.toMatch(/\son\w+=|\sstyle=|<style/);
  expect([...page.matchAll(/<script[^>]*>/g)].map(([tag]) => tag)).toEqual(['<script nonce="abc" src="https://ours/preview.js">']);
});

test.each([
  [['f'], 'livepatch-f.svg'],
  [['f', 'g', 'h'], 'livepatch-f-and-2-more.svg'],
  [['../e v/il'], 'livepatch-..-e-v-il.svg'],
  [[], 'livepatch-patch.svg'],
])('an export of %j is called %s', (names, expected) => {
  expect(exportName(names.map((name) => ({ name })), 'svg')).toBe(expected);
});

test('places are no part of what a simulation rests on; functions, findings and settings are', () => {
  const range = { start: { line: 1, character: 0 }, end: { line: 1, character: 5 } };
  const plan: PlanView = {
    folder: 'file:///k', baseline: { choice: { kind: 'git', ref: 'HEAD' }, label: 'HEAD' }, profile: 'klp-build', kernelVersion: '6.1.192', state: 'ready', verdict: 'patchable', evidence: 'source', reasons: [], findings: [],
    objects: [{ name: 'vmlinux', isModule: false, functions: [{ name: 'f', uri: 'file:///k/a.c', range, change: 'changed', via: [], verdict: 'patchable', findings: [{ rule: 'sleeps', severity: 'info', message: 'f sleeps in g()', uri: 'file:///k/a.c', range }] }] }],
  };
  const changed = (from: string, to: string): PlanView => JSON.parse(JSON.stringify(plan).replaceAll(from, to)) as PlanView;
  const basis = basisOf(plan, { cpus: 4 });
  expect(basisOf(changed('"line":1', '"line":7'), { cpus: 4 })).toBe(basis);
  for (const other of [changed('"name":"f"', '"name":"g"'), changed('in g()', 'in h()'), changed('6.1.192', '6.2')]) expect(basisOf(other, { cpus: 4 })).not.toBe(basis);
  expect(basisOf(plan, { cpus: 8 })).not.toBe(basis);
});
