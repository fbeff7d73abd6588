/** The sequences of the kernel's livepatch selftests, line by line; test/system/selftests.test.ts holds the golden files against the scripts. */
import { describe, expect, it } from 'vitest';
import { expectGolden } from './golden';
import { resultLines, runSelftest } from './selftests/run';
import { HAMMERS, SELFTESTS } from './selftests/scenarios';

const named = (name: string) => {
  const found = SELFTESTS.find((each) => each.name === name);
  if (found === undefined) throw new Error(name);
  return found;
};
const looks = (name: string): string[] => runSelftest(named(name)).actions.filter(({ kind }) => kind === 'sysfs').map(({ result }) => result);

it.each(SELFTESTS.map((selftest) => [selftest.name, selftest] as const))('%s', (name, selftest) => {
  const trace = runSelftest(selftest);
  expectGolden(`../selftests/golden/${name}.log`, `${resultLines(trace)}\n`);
  expect(trace.violations).toEqual([]);
  expect(JSON.stringify(runSelftest(selftest))).toBe(JSON.stringify(trace));
  // Times differ from seed to seed, and with them who blocks when; what is said does not.
  for (const seed of [2, 3, 4]) expect(resultLines(runSelftest(selftest, seed))).toBe(resultLines(trace));
});

describe('what the scripts look at besides the log', () => {
  it('modes and values in sysfs', () => {
    expect(looks('sysfs')).toEqual(['drwxr-xr-x', '-rw-r--r-- 1', '--w-------', '-r--r--r-- 0', '-r--r--r-- 1']);
    expect(looks('sysfs-patched')).toEqual(['-r--r--r-- 0', '-r--r--r-- 1', '-r--r--r-- 0']);
  });

  it('a busy target stalls the transition', () => {
    expect(looks('callbacks-busy-target')).toEqual(['-r--r--r-- 1']);
  });

  it('no process that hammers a system call stays behind', () => {
    const { lanes } = runSelftest(named('syscall'));
    const hammers = lanes.flatMap(({ pids, switches }) => pids.filter((pid) => HAMMERS.includes(pid)).map(() => switches.length));
    expect(hammers).toEqual(HAMMERS.map(() => 2));
  });
});
