/** The golden files of the kernel's livepatch selftests, against what the scripts of Debian's kernel source expect of dmesg. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { kernelSource } from '../../scripts/setup.mjs';
import { runSelftest } from '../simulate/selftests/run';
import { SELFTESTS, type Selftest } from '../simulate/selftests/scenarios';

const FOLDER = join(kernelSource, 'tools/testing/selftests/livepatch');
const SCRIPTS = ['test-livepatch.sh', 'test-callbacks.sh', 'test-ftrace.sh', 'test-state.sh', 'test-sysfs.sh'];

/** Of each test, by title: the lines handed to check_result, as bash reads them. */
function expectedBy(script: string): ReadonlyMap<string, string> {
  const text = readFileSync(join(FOLDER, script), 'utf8');
  const variables = new Map<string, string>();
  const found = new Map<string, string>();
  let title = '';
  for (const [, name, value, started, check] of text.matchAll(/^(\w+)=(\S+)$|^start_test "(.*)"$|^check_result "((?:[^"\\]|\\.)*)"$/gm)) {
    if (name !== undefined) variables.set(name, value ?? '');
    if (started !== undefined) title = started;
    if (check !== undefined) found.set(title, check.replace(/\$\{?(\w+)\}?/g, (_, variable: string) => variables.get(variable) ?? '').replace(/\\(["$`\\])/g, '$1'));
  }
  return found;
}

const golden = (name: string): string => readFileSync(new URL(`../simulate/selftests/golden/${name}.log`, import.meta.url), 'utf8');

it.each(SCRIPTS)('%s', (script) => {
  const expected = expectedBy(script);
  const ours = SELFTESTS.filter((each) => each.script === script);
  // Every test of the script, and no other.
  expect(ours.map(({ title }) => title).sort()).toEqual([...expected.keys()].sort());
  for (const { name, title } of ours) expect(golden(name).trimEnd().split('\n'), title).toEqual(expected.get(title)?.split('\n'));
});

it('modes and values in sysfs are what the script checks', () => {
  const [first = '', second = ''] = readFileSync(join(FOLDER, 'test-sysfs.sh'), 'utf8').split('start_test "sysfs test object/patched"');
  const checks = (text: string, what: string) => [...text.matchAll(new RegExp(`^check_sysfs_${what}\\s+"\\$MOD_LIVEPATCH" "(.*)" "(.*)"$`, 'gm'))].map(([, path = '', value = '']): [string, string] => [path, value]);
  const values = new Map(checks(first, 'value'));
  const modes = new Map(checks(first, 'rights'));
  expect(modes.size).toBe(5);

  const { selftest, results } = looked('sysfs');
  const expected = selftest.steps.flatMap((step) => ('kind' in step && step.kind === 'sysfs' ? [step.path.replace(/^[^/]*\//, '')] : []));
  expect([...expected].sort()).toEqual([...modes.keys()].sort());
  expect(results).toEqual(expected.map((path) => `${modes.get(path) ?? ''} ${values.get(path) ?? ''}`.trimEnd()));
  expect(looked('sysfs-patched').results).toEqual(checks(second, 'value').map(([, value]) => `-r--r--r-- ${value}`));
});

function looked(name: string): { selftest: Selftest; results: string[] } {
  const selftest = SELFTESTS.find((each) => each.name === name);
  if (selftest === undefined) throw new Error(name);
  return { selftest, results: runSelftest(selftest).actions.filter(({ kind }) => kind === 'sysfs').map(({ result }) => result) };
}
