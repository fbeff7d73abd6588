/** What must hold for every task and every text: nothing is lost on the way through a format, nothing throws, nothing hangs. */
import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { machineOfSnapshot, parseSnapshot, recognize, type SnapshotTask } from '../../../server/src/simulate/snapshots';
import * as print from './formats';

const name = fc.stringMatching(/^[a-z_][a-z0-9_]{0,20}(\.(constprop|isra|part)\.[0-9])?$/).filter((it) => !['task_dead', 'do_task_dead', 'sysrq_handle_showstate'].includes(it));
const frame = fc.oneof(name, fc.tuple(name, fc.stringMatching(/^[a-z][a-z0-9_]{0,10}$/)).map(([symbol, module]) => `${symbol} [${module}]`));
/** A comm holds 15 bytes, any but NUL. */
const comm = fc.oneof(fc.stringMatching(/^[a-zA-Z0-9/:_.()"\\ -]{1,15}$/), fc.string({ minLength: 1, maxLength: 15, unit: fc.constantFrom('a', ' ', '"', '\\', '\n', '(', ')', ':', '=', 'ä', '[') }));

const tasks = (comms: fc.Arbitrary<string>): fc.Arbitrary<print.Printed[]> =>
  fc.uniqueArray(
    fc.record({
      pid: fc.integer({ min: 3, max: 4_194_304 }),
      comm: comms,
      kthread: fc.boolean(),
      state: fc.constantFrom('S', 'D', 'I', 'T', 't', 'Z', 'R'),
      stack: fc.array(frame, { minLength: 1, maxLength: 12 }),
    }).map(({ kthread, stack, ...rest }): print.Printed => ({ ...rest, kthread, stack: [...stack, ...(kthread ? ['kthread', 'ret_from_fork'] : ['do_syscall_64', 'entry_SYSCALL_64_after_hwframe'])] })),
    { selector: ({ pid }) => pid, minLength: 1, maxLength: 8 },
  );

const told = ({ pid, comm: command, kind, state, frames }: SnapshotTask): unknown => ({
  pid, comm: command, kthread: kind === 'kthread', state, stack: frames.map(({ symbol, module }) => (module === undefined ? symbol : `${symbol} [${module}]`)),
});
const given = ({ pid, comm: command, kthread, state, stack }: print.Printed): unknown => ({ pid, comm: command, kthread, state, stack });

it('the collector\'s form gives back the tasks it was printed from, whatever their names', () => {
  fc.assert(fc.property(tasks(comm), (all) => {
    expect(parseSnapshot(print.collector(all))?.tasks.map(told)).toEqual(all.map(given));
  }), { numRuns: 400 });
});

const plainComm = fc.stringMatching(/^[a-zA-Z0-9/:_.()-]([a-zA-Z0-9/:_.() -]{0,13}[a-zA-Z0-9/:_.()-])?$/);
describe.each(Object.entries(print.SYSRQ_HEADERS))('sysrq-t %s', (version, header) => {
  it('gives back the tasks, whatever their names', () => {
    const marked = !/^[35]/.test(version);
    fc.assert(fc.property(tasks(plainComm), fc.constantFrom(...Object.values(print.LOG_PREFIXES)), (all, prefix) => {
      expect(parseSnapshot(print.sysrq(all, header, prefix, marked))?.tasks.map(told)).toEqual(all.map(given));
    }), { numRuns: 150 });
  });
});

const folder = new URL('fixtures/', import.meta.url);
const texts = readdirSync(folder).filter((file) => !file.endsWith('.md')).map((file) => readFileSync(new URL(file, folder), 'utf8'));

/** Real snapshots, cut, shuffled by lines, with parts of others and noise in between. */
const damaged = fc.tuple(fc.constantFrom(...texts), fc.constantFrom(...texts), fc.array(fc.record({
  at: fc.nat({ max: 8000 }),
  drop: fc.nat({ max: 60 }),
  put: fc.oneof(fc.string({ maxLength: 20 }), fc.constantFrom('[<', '+0x', '"', ' state:', '\n', '<TASK>', '@[', ']: ', ' (', '/proc/', 'PID: ', 'task comm="', '\0', '\r', '#0 [', ' ==> ')),
}), { maxLength: 12 })).map(([one, other, edits]) => edits.reduce((text, { at, drop, put }) => text.slice(0, at % (text.length + 1)) + put + text.slice((at % (text.length + 1)) + drop), one + other.slice(0, 500)));

describe('any text', () => {
  const survives = (text: string): void => {
    const snapshot = parseSnapshot(text);
    if (snapshot === undefined) return;
    const pids = snapshot.tasks.map(({ pid }) => pid);
    expect(new Set(pids).size).toBe(pids.length);
    expect(pids.every((pid) => Number.isInteger(pid) && pid > 0)).toBe(true);
    expect(snapshot.malformed.first.length).toBeLessThanOrEqual(Math.min(5, snapshot.malformed.count));
    expect(machineOfSnapshot(snapshot, [{ name: 'do_select' }]).machine.tasks).toHaveLength(pids.length);
  };

  it('noise', () => { fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 400 }), survives), { numRuns: 500 }); });
  it('damaged snapshots', () => { fc.assert(fc.property(damaged, survives), { numRuns: 1500 }); });
  it('snapshots in lines of another order', () => {
    fc.assert(fc.property(fc.constantFrom(...texts), fc.integer(), (text, salt) => {
      const lines = text.split('\n');
      survives(lines.map((line, i) => ({ line, key: ((i + 1) * 2654435761 + salt) % 1000 })).sort((a, b) => a.key - b.key).map(({ line }) => line).join('\n'));
    }), { numRuns: 200 });
  });
});

/** Whatever a line repeats: eight times the text takes about eight times the work. Counted in CPU time, with room for noise. */
describe('work grows with the text', () => {
  const heads: Readonly<Record<string, string>> = {
    collector: 'task comm="a" pid=7 tgid=7 state=S kthread=0\n', sysrq: `${print.SYSRQ_HEADERS['6.1']?.({ pid: 7, comm: 'a', kthread: false, state: 'S', stack: [] }) ?? ''}\nCall Trace:\n <TASK>\n`,
    crash: 'PID: 7        TASK: ffffa14b5f9032c0  CPU: 1    COMMAND: "a"\n', perf: 'a     7 [000] 1.000001: cpu-clock:\n\tffffffff821facd8 f+0x1 ([kernel.kallsyms])\n', bpftrace: '@[\n    f+1\n', proc: '/proc/7/stack:[<0>] f+0x1/0x2\n',
  };
  const pieces = [' ', '[', '[<', '(', '"', '0', '7 ', '+', 'a', ':', '\t', ' [000] ', '1.1: ', ', ', '/', '=', '-', '<1>', '[1.1] ', 'task:', ' state:S', ' kernel: '];
  const cpuOf = (text: string): number => {
    const began = process.cpuUsage();
    for (let i = 0; i < 3; i++) parseSnapshot(text);
    const { user, system } = process.cpuUsage(began);
    return user + system;
  };

  it.each(Object.entries(heads))('%s', (format, head) => {
    expect(recognize(head)).toBe(format);
    for (const piece of pieces) {
      const text = (times: number): string => head + piece.repeat(times);
      cpuOf(text(4000));
      // A quadratic reader would take 64 times as long; 60 ms is what the collector of garbage may add.
      expect(cpuOf(text(80_000)), JSON.stringify(piece)).toBeLessThan(24 * cpuOf(text(10_000)) + 60_000);
    }
  });
});
