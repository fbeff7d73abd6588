import { describe, expect, test } from 'vitest';
import { absoluteSnapshot, besideScenario, onSnapshot, readScenario, scenarioPath, scenarioText, writtenSnapshot } from '../../client/src/preview/scenarioFile';

describe('the text of a scenario', () => {
  test('is read as it is written', () => {
    const scenario = { systems: ['livepatch', 'kpatch'] as const, actions: ['force@30s'], cpus: 8 };
    expect(readScenario('a.klpsim.json', scenarioText(scenario))).toEqual(scenario);
  });
  test.each([
    ['{ "cpus": }', 'a.klpsim.json is not JSON: line 1, column 11: value expected.'],
    ['{\n  "cpus": 4\n  "hz": 100\n}', 'a.klpsim.json is not JSON: line 3, column 3: comma expected.'],
    ['{ "cpus": 4, }', 'a.klpsim.json is not JSON: line 1, column 14: property name expected.'],
    ['', 'a.klpsim.json is not JSON: line 1, column 1: value expected.'],
    ['[]', 'a.klpsim.json is no scenario: a JSON object is expected.'],
    ['null', 'a.klpsim.json is no scenario: a JSON object is expected.'],
  ])('%j: one sentence', (text, expected) => {
    expect(() => readScenario('a.klpsim.json', text)).toThrow(expected);
  });
});

test.each([
  ['/k/a.klpsim.json', '/k/a.klpsim.json'],
  ['/k/a.json', '/k/a.klpsim.json'],
  ['/k/a', '/k/a.klpsim.json'],
  ['/k/a.b', '/k/a.b.klpsim.json'],
])('a scenario saved as %s is %s', (chosen, expected) => {
  expect(scenarioPath(chosen)).toBe(expected);
});

describe('the snapshot of a scenario', () => {
  test('is named from the scenario and found again from there', () => {
    const written = writtenSnapshot('/k/logs/stacks.txt', '/k/scenarios/a.klpsim.json');
    expect(written).toBe('../logs/stacks.txt');
    expect(absoluteSnapshot(written, '/k/scenarios/a.klpsim.json', '/elsewhere')).toBe('/k/logs/stacks.txt');
  });
  test('counts from the folder while there is no file', () => {
    expect(absoluteSnapshot('logs/stacks.txt', undefined, '/k')).toBe('/k/logs/stacks.txt');
    expect(absoluteSnapshot('/var/stacks.txt', undefined, '/k')).toBe('/var/stacks.txt');
  });
  test.each([
    ['/k/a.klpsim.json', '/k/a.stacks.txt'],
    ['/k/a.json', '/k/a.stacks.txt'],
    ['/k/a.b.klpsim.json', '/k/a.b.stacks.txt'],
  ])('that was dropped is saved beside %s', (file, expected) => {
    expect(besideScenario(file)).toBe(expected);
    expect(writtenSnapshot(expected, file)).toBe(expected.slice('/k/'.length));
  });
  test('takes the place of the machine described so far, and of nothing else', () => {
    expect(onSnapshot({ workload: 'mixed', tasks: 5, cpus: 4, systems: ['kpatch'], hz: 100, seed: 2 }, '/s.txt')).toEqual({ systems: ['kpatch'], hz: 100, seed: 2, snapshot: '/s.txt' });
  });
});
