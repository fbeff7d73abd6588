/** The machines of the 23 recorded transitions, told in a format and read again, give the same simulation; and what is inferred of them is right. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { isSchedFunction } from '../../../server/src/kernel/schedFunctions';
import { simulate, type Machine, type Task } from '../../../server/src/simulate';
import { machineOfSnapshot, parseSnapshot } from '../../../server/src/simulate/snapshots';
import { frameOf } from '../../../server/src/simulate/snapshots/frames';
import { kindByStack, stateByStack } from '../../../server/src/simulate/snapshots/stackFacts';
import { machineOf, recordings } from '../recordings';
import { collector, SYSRQ_HEADERS, sysrq, type Printed } from './formats';

const printed = ({ pid, comm, kind, state, stack }: Task): Printed => ({ pid, comm, kthread: kind === 'kthread', state, stack });

function passes(machine: Machine, functions: readonly string[]): unknown {
  const patch = { name: 'lp', functions: functions.map((name) => ({ name, object: 'vmlinux' })) };
  const result = simulate({ model: 'livepatch', patch, machine, seed: 1 });
  if (!result.ok) throw new Error(result.message);
  const { outcome, appliedMs } = result.trace;
  // sysrq-t shows 15 characters of a comm.
  return { outcome, appliedMs, passes: result.trace.passes.map(({ blockers }) => blockers.map(({ pid, reason, function: name }) => ({ pid, reason, name }))) };
}

describe.each(recordings)('$exp', (recording) => {
  const recorded = machineOf(recording);
  const machineIn = (text: string): Machine => {
    const snapshot = parseSnapshot(text);
    if (snapshot === undefined) throw new Error('not recognized');
    expect(snapshot.malformed.count).toBe(0);
    const { machine } = machineOfSnapshot(snapshot, recording.funcs.map((name) => ({ name, object: 'vmlinux' })), { cpus: recorded.cpus, hz: recorded.hz, kernelVersion: recorded.kernelVersion });
    return machine;
  };

  it('from the collector\'s form: the same blockers at every pass, the same end', () => {
    const tasks = recorded.tasks.map((task) => ({ ...task, hidden: true }));
    expect(passes(machineIn(collector(tasks.map(printed))), recording.funcs)).toEqual(passes({ ...recorded, tasks }, recording.funcs));
  });

  it('from sysrq-t: the same blockers at every pass, the same end', () => {
    const tasks = recorded.tasks.map((task) => ({ ...task, hidden: false }));
    expect(passes(machineIn(sysrq(tasks.map(printed), (task) => SYSRQ_HEADERS['6.1']?.(task) ?? '')), recording.funcs)).toEqual(passes({ ...recorded, tasks }, recording.funcs));
  });
});

describe('what is inferred from a stack, against what was recorded', () => {
  const tasks = recordings.flatMap((recording) => machineOf(recording).tasks).filter(({ stack }) => stack.length > 0);
  const frames = (task: Task): ReturnType<typeof frameOf>[] => task.stack.map((name) => frameOf(name));

  it('user or kernel thread: right for every task', () => {
    for (const task of tasks) expect(kindByStack(frames(task)), `${task.comm} ${task.stack.join(' ')}`).toBe(task.kind);
  });

  it('interruptible: never said of a user task that was not, and of at least nine in ten that were', () => {
    const users = tasks.filter(({ kind, state }) => kind === 'user' && state !== 'R');
    const said = users.filter((task) => stateByStack(frames(task), 'user') === 'S');
    expect(said.filter(({ state }) => state !== 'S').map(({ comm, state, stack }) => `${comm} ${state} ${stack.join(' ')}`)).toEqual([]);
    expect(said.length).toBeGreaterThan(0.9 * users.filter(({ state }) => state === 'S').length);
  });

  it('scheduler functions: exactly those were missing in /proc', () => {
    const file = JSON.parse(readFileSync(new URL('../recordings/transitions.json', import.meta.url), 'utf8')) as { stacks: string[]; experiments: { tasks: [number, string, string, number, number, number | null][] }[] };
    const names = (index: number): string[] => (file.stacks[index] ?? '').split(' ').filter((name) => name !== '');
    const pairs = file.experiments.flatMap(({ tasks: rows }) => rows.flatMap(([, , , , seen, whole]) => (whole === null ? [] : [{ seen: names(seen), whole: names(whole) }])));
    // Where the two were taken while the task moved on, they do not belong together.
    const same = pairs.filter(({ seen, whole }) => seen.length > 0 && whole.slice(-seen.length).join(' ') === seen.join(' '));
    expect(same.length).toBeGreaterThan(0.9 * pairs.length);
    for (const { seen, whole } of same) {
      expect(whole.slice(0, -seen.length).filter((name) => !isSchedFunction(name))).toEqual([]);
      expect(seen.filter((name) => isSchedFunction(name))).toEqual([]);
    }
  });
});
