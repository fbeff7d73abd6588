import fc from 'fast-check';
import { readFileSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { simulate, WORKLOADS, workloadNamed, type Machine, type ModelName, type Task, type Trace, type Workload } from '../../server/src/simulate';
import { machineOf, recordings } from './recordings';
import { workloadsPage } from './workloadsPage';

function named(name: string): Workload {
  const found = workloadNamed(name);
  if (found === undefined) throw new Error(`no workload ${name}`);
  return found;
}

function loadOn(machine: Machine, functions: readonly string[], seed = 1, model: ModelName = 'livepatch'): Trace {
  const result = simulate({ model, machine, seed, patch: { name: 'lp', functions: functions.map((name) => ({ name, object: 'vmlinux' })) } });
  if (!result.ok) throw new Error(result.message);
  return result.trace;
}

const NOBODYS = ['cmdline_proc_show'];
const seeds = Array.from({ length: 10 }, (_, i) => i + 1);
/** Functions scheduled out in, which /proc/PID/stack leaves out: most recordings have only those stacks. */
const SCHED = new Set(['__schedule', 'schedule', 'schedule_timeout', 'schedule_hrtimeout_range_clock', 'do_nanosleep', 'io_schedule', '__wait_on_bit', 'out_of_line_wait_on_bit', '__wait_for_common', 'wait_for_completion_state']);
const unscheduled = (stack: readonly string[]): string => stack.filter((name) => !SCHED.has(name)).join(' ');

test.each(WORKLOADS)('$name: what it says of itself', (workload) => {
  const { name, title, basis, defaults } = workload;
  expect(name).toMatch(/^[a-z]+(-[a-z]+)*$/);
  expect(workloadNamed(name)).toBe(workload);
  expect(title).not.toMatch(/\.$/);
  expect(basis.every(({ text, source }) => text !== '' && source !== '')).toBe(true);
  const machine = workload.machine();
  expect([machine.cpus, machine.tasks.length]).toEqual([defaults.cpus, defaults.tasks]);
});

test.each(WORKLOADS)('$name: the same options give the same machine, another seed another', (workload) => {
  const options = { cpus: 6, tasks: 700, hz: 1000, kernelVersion: '6.12', unwinder: 'frame-pointer' } as const;
  const [machine, again, other] = [workload.machine({ ...options, seed: 5 }), workload.machine({ ...options, seed: 5 }), workload.machine({ ...options, seed: 6 })];
  expect(machine).toEqual(again);
  expect(machine).not.toEqual(other);
  expect(other.tasks.map(({ comm, stack }) => [comm, stack])).toEqual(machine.tasks.map(({ comm, stack }) => [comm, stack]));
  expect(machine).toMatchObject({ cpus: 6, hz: 1000, kernelVersion: '6.12', unwinder: 'frame-pointer', preemption: 'dynamic', reliableStacks: true });
});

test('as many tasks as asked for, and never fewer than the machine has by itself', () => {
  fc.assert(fc.property(fc.constantFrom(...WORKLOADS), fc.integer({ min: 1, max: 24 }), fc.integer({ min: 0, max: 3000 }), fc.integer(), (workload, cpus, tasks, seed) => {
    const least = workload.machine({ cpus, tasks: 0, seed }).tasks.length;
    const made = workload.machine({ cpus, tasks, seed });
    expect(made.tasks).toHaveLength(Math.max(least, tasks));
    expect(new Set(made.tasks.map(({ pid }) => pid)).size).toBe(made.tasks.length);
  }), { numRuns: 60 });
});

test('a stack of a workload was recorded, or its sort is one that was read in the source', () => {
  const recorded = new Set(recordings.flatMap((recording) => machineOf(recording).tasks.map(({ stack }) => unscheduled(stack))));
  const others = new Set(WORKLOADS.flatMap((workload) => workload.machine().tasks).map(({ stack }) => unscheduled(stack)).filter((stack) => stack !== '' && !recorded.has(stack)));
  // machine/stacks.ts says so of each.
  const read = ['folio_wait_bit_common', 'irq_thread', 'jbd2_log_wait_commit', 'kjournald2', 'rpc_wait_bit_killable', 'svc_recv', 'vhost_worker', 'wait_woken'];
  expect([...new Set([...others].map((stack) => stack.split(' ')[0]))].sort()).toEqual(read);
});

test('idle: the kernel\'s threads are those of the recorded machine of 2 CPUs', () => {
  const [recording] = recordings;
  if (recording === undefined) throw new Error('no recording');
  const outermostOwn = ({ stack }: Task): string => stack.at(-3) ?? stack[0] ?? '';
  const count = (machine: Machine, name: string): number => machine.tasks.filter((task) => task.kind === 'kthread' && outermostOwn(task) === name).length;
  const [real, ours] = [machineOf(recording), named('idle').machine({ cpus: 2 })];
  for (const name of ['smpboot_thread_fn', 'rcu_tasks_kthread', 'rcu_gp_kthread', 'devtmpfsd', 'kauditd_thread', 'watchdog', 'oom_reaper', 'kcompactd', 'ksm_scan_thread', 'khugepaged', 'kswapd']) {
    expect([name, count(ours, name)]).toEqual([name, count(real, name)]);
  }
  // Which workers there are differs from moment to moment, rescuers by driver.
  for (const name of ['worker_thread', 'rescuer_thread']) expect(Math.abs(count(ours, name) - count(real, name))).toBeLessThanOrEqual(5);
});

test('idle: pipe reads, wait4 and epoll in the shares that were counted, however many tasks there are', () => {
  const waits = (machine: Machine, name: string): number => machine.tasks.filter(({ kind, stack }) => kind === 'user' && stack.includes(name)).length;
  const small = named('idle').machine({ tasks: 100 });
  const large = named('idle').machine({ tasks: 9100 });
  const [pipes, waiting] = ['pipe_read', 'do_wait'].map((name) => waits(large, name) - waits(small, name));
  expect(pipes).toBe(4500);
  expect(waiting).toBe(3300);
});

test.each(seeds)('idle: completes at pass 1, as measured; seed %i', (seed) => {
  const { outcome, passes, completeMs } = loadOn(named('idle').machine({ seed }), NOBODYS, seed);
  expect([outcome, passes.length]).toEqual(['complete', 2]);
  expect(completeMs).toBeGreaterThan(750);
  expect(completeMs).toBeLessThan(1800);
});

test.each(seeds)('batch: who computes switches at the tick, completion by pass 2 as measured; seed %i', (seed) => {
  const machine = named('batch').machine({ seed, cpus: 4 });
  expect(machine.tasks.filter(({ behavior }) => behavior.kind === 'busy')).toHaveLength(8);
  const { outcome, passes, lanes } = loadOn(machine, NOBODYS, seed);
  expect(outcome).toBe('complete');
  expect(passes.length).toBeLessThanOrEqual(3);
  expect(passes[0]?.blockers.some(({ comm, reason }) => comm === 'solver' && reason === 'running')).toBe(true);
  expect(lanes.filter(({ comm }) => comm === 'solver').every(({ switches }) => switches.length === 1)).toBe(true);
});

test.each(seeds)('nfs-client: signals free nobody who waits for the server; seed %i', (seed) => {
  const { outcome, passes, signals } = loadOn(named('nfs-client').machine({ seed }), ['rpc_wait_bit_killable', 'do_sys_poll'], seed);
  expect(outcome).toBe('stuck');
  expect(signals.length).toBeGreaterThan(1);
  const waiting = passes[0]?.blockers.filter(({ function: name }) => name === 'rpc_wait_bit_killable') ?? [];
  expect(waiting.length).toBeGreaterThan(0);
  expect(passes.at(-1)?.blockers).toEqual(waiting);
});

const VHOST = { comm: 'vhost-4711', reason: 'running' };

test.each([['6.1.192', 'stuck'], ['6.3', 'stuck'], ['6.4', 'complete'], ['6.15', 'complete'], ['6.16', 'stuck']])('kvm-host: busy vhost workers on %s: %s', (kernelVersion, expected) => {
  const { outcome, passes } = loadOn(named('kvm-host').machine({ kernelVersion }), NOBODYS);
  expect(outcome).toBe(expected);
  expect(passes[0]?.blockers).toContainEqual(expect.objectContaining(VHOST));
  if (expected === 'stuck') expect(passes.at(-1)?.blockers.every(({ comm }) => comm === VHOST.comm)).toBe(true);
});

test.each(seeds)('kvm-host: a guest that computes is taken out of it by the signal, and not before; seed %i', (seed) => {
  const machine = named('kvm-host').machine({ seed });
  const calm = { ...machine, tasks: machine.tasks.filter(({ kind, behavior }) => kind === 'user' || behavior.kind !== 'busy') };
  const { outcome, signals, completeMs, lanes } = loadOn(calm, NOBODYS, seed);
  expect([outcome, signals.length]).toEqual(['complete', 1]);
  const signalMs = (signals[0]?.atNs ?? 0) / 1e6;
  expect(completeMs).toBeGreaterThan(signalMs);
  expect(completeMs).toBeLessThan(signalMs + 1800);
  const first = lanes.filter(({ comm }) => comm === 'CPU 1/KVM').flatMap(({ switches }) => switches.slice(0, 1));
  // The one on the CPU that loads the patch is off it meanwhile, and nothing of the patch is on its stack.
  const [checked, left] = [first.filter(({ cause }) => cause === 'stack check'), first.filter(({ cause }) => cause === 'exit to user')];
  expect(checked.length).toBeLessThanOrEqual(1);
  expect(checked.length + left.length).toBe(first.length);
  expect(left.every(({ atNs }) => atNs / 1e6 >= signalMs)).toBe(true);
});

test('build: children are born all the time, each in its parent\'s state', () => {
  const { outcome, lanes, violations, endNs } = loadOn(named('build').machine(), ['pipe_read', 'do_sys_poll']);
  expect([outcome, violations]).toEqual(['complete', []]);
  const born = lanes.filter(({ comm, segments }) => comm === 'sh' && (segments[0]?.fromNs ?? 0) > 0).length;
  // Eight makes, each some three in a second: the mean that the workload names, from half to twice as long.
  expect(born / (endNs / 1e9)).toBeGreaterThan(8 / 0.6);
  expect(born / (endNs / 1e9)).toBeLessThan(8 / 0.15);
});

test('containers: 10,000 tasks, six of ten in futex', () => {
  const { tasks } = named('containers').machine();
  expect(tasks).toHaveLength(10_000);
  const share = tasks.filter(({ stack }) => stack.includes('futex_wait_queue')).length / tasks.length;
  expect(share).toBeGreaterThan(0.57);
  expect(share).toBeLessThan(0.61);
});

test.each(['web', 'database'])('%s: interruptible sleepers go with the first signals at the latest', (name) => {
  const { outcome, signals } = loadOn(named(name).machine(), ['do_epoll_wait', 'futex_wait', 'inet_csk_accept', 'pipe_read']);
  expect([outcome, signals.length]).toEqual(['complete', 1]);
});

test('database: short uninterruptible sleeps do not keep it open, whatever the patch holds', () => {
  const { outcome, signals, passes } = loadOn(named('database').machine(), ['jbd2_log_wait_commit', 'folio_wait_bit_common']);
  expect([outcome, signals.length]).toEqual(['complete', 0]);
  expect(passes[0]?.blockers.some(({ function: fn }) => fn === 'jbd2_log_wait_commit')).toBe(true);
});

test('the documentation has every workload, with what it is built from', () => {
  const page = new URL('../../docs/simulator/workloads.md', import.meta.url);
  if (process.env['UPDATE_GOLDEN'] === '1') writeFileSync(page, workloadsPage());
  expect(readFileSync(page, 'utf8')).toBe(workloadsPage());
});
