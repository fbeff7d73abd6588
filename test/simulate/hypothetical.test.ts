/** Imagined sleepers: where the patched functions can sleep, and what a transition makes of it. */
import { Ajv } from 'ajv';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { simulate, withSleepers, workloadNamed, type Trace } from '../../server/src/simulate';
import { cli, sample } from '../cli/program';

const validate = new Ajv({ strict: true, strictTypes: false }).compile(JSON.parse(readFileSync(join(import.meta.dirname, '../../docs/schemas/simulate.schema.json'), 'utf8')) as object);

/** A patch of the sample's courier.c: in one line `from` becomes `to`. */
function patchOf(from: string, to: string): string {
  const lines = readFileSync(join(sample, 'kernel/parcel/courier.c'), 'utf8').split('\n');
  const at = lines.findIndex((line) => line.includes(from));
  if (at < 1) throw new Error(`no line with ${from}`);
  const [before, line, after] = [lines[at - 1], lines[at] ?? '', lines[at + 1]];
  return ['--- a/kernel/parcel/courier.c', '+++ b/kernel/parcel/courier.c', `@@ -${at},3 +${at},3 @@`, ` ${before}`, `-${line}`, `+${line.replace(from, to)}`, ` ${after}`, ''].join('\n');
}

interface Run {
  readonly model: string;
  readonly outcome: string;
  readonly signals: number;
  readonly blocked: { readonly first: readonly { readonly comm: string; readonly function?: string; readonly hypothetical?: boolean }[] };
}

function rehearse(patch: string, ...more: readonly string[]): { readonly status: number | null; readonly hypothetical: readonly string[] | undefined; readonly runs: readonly Run[] } {
  const { status, stdout } = cli(['simulate', '--patch', '-', '--format', 'json', ...more], { input: patch });
  const document = JSON.parse(stdout) as { readonly hypothetical?: readonly string[]; readonly runs: readonly Run[] };
  expect(validate(document), JSON.stringify(validate.errors)).toBe(true);
  return { status, hypothetical: document.hypothetical, runs: document.runs };
}

describe('an edit of the sample', () => {
  it('of a function in which processes wait: one is imagined there, and goes by itself or with the signal', () => {
    const patch = patchOf('depot->count < depot->capacity);', 'depot->count <= depot->capacity);');
    const { status, hypothetical, runs } = rehearse(patch, '--seed', '3');
    expect(status).toBe(0);
    expect(hypothetical).toEqual(['depot_wait_space can sleep with wait_event_interruptible(), so a process that does is imagined, for 10 s on the average (assumed); nobody was seen there.']);
    expect(runs[0]?.blocked.first).toContainEqual(expect.objectContaining({ comm: '?depot_wait_spa', reason: 'sleeping', function: 'depot_wait_space', hypothetical: true }));
    const { stdout } = cli(['simulate', '--patch', '-', '--seed', '3'], { input: patch });
    expect(stdout).toContain('\nhypothetical: depot_wait_space can sleep with');
    expect(stdout).toMatch(/asleep in depot_wait_space \(hypothetical\): \?depot_wait_spa:94/);
  });

  it('of a kernel thread\'s body: it never completes, which is a guess and no verdict', () => {
    const { status, hypothetical, runs } = rehearse(patchOf('schedule_timeout_interruptible(HZ / 10);', 'schedule_timeout_interruptible(HZ / 5);'));
    expect(hypothetical?.some((why) => why.startsWith('courier_thread can sleep with wait_event_interruptible(), so a kernel thread that does is imagined'))).toBe(true);
    expect(runs[0]).toMatchObject({ outcome: 'stuck' });
    expect(status).toBe(3);
  });

  it('of a function that never sleeps: nobody is imagined', () => {
    const { hypothetical, runs } = rehearse(patchOf('van.used = 0;', 'van.used = 0U;'));
    expect(hypothetical).toBeUndefined();
    expect(runs[0]?.blocked.first.some((blocker) => blocker.hypothetical)).toBe(false);
  });
});

describe('imagined tasks', () => {
  const machine = workloadNamed('idle')?.machine();
  if (machine === undefined) throw new Error('no workload');
  const run = (by: 'interruptible' | 'killable' | 'uninterruptible', ends: 'event' | 'transfer' | 'clock', who: 'process' | 'thread' | 'worker', limit?: number): Trace => {
    const sleeper = { function: 'f', wait: ends === 'clock' ? 'msleep' : 'wait_event', by, ends, who, stack: ['helper', 'f', 'caller'], ...(limit !== undefined && { limit }) };
    const result = simulate({ model: 'livepatch', seed: 4, machine: withSleepers(machine, [sleeper]), patch: { name: 'lp', functions: [{ name: 'f', object: 'vmlinux' }] } });
    if (!result.ok) throw new Error(result.message);
    return result.trace;
  };

  it('are marked wherever a trace names them, and nobody else is', () => {
    const { hypothetical, lanes, passes } = run('interruptible', 'event', 'process');
    expect(hypothetical).toHaveLength(1);
    expect(lanes.filter((lane) => lane.hypothetical === true).map(({ comm }) => comm)).toEqual(['?f']);
    const marked = passes.flatMap(({ blockers }) => blockers.filter((blocker) => blocker.hypothetical === true));
    expect(marked.length).toBeGreaterThan(0);
    expect(new Set(marked.map(({ comm }) => comm))).toEqual(new Set(['?f']));
    expect(passes.flatMap(({ blockers }) => blockers).filter(({ comm }) => comm === '?f')).toEqual(marked);
  });

  it('sleep as the code has it: a clock as long as it takes, an uninterruptible wait beyond the signals', () => {
    const clock = run('uninterruptible', 'clock', 'process', 20_000);
    expect(clock.outcome).toBe('complete');
    expect(clock.completeMs).toBeGreaterThan(20_000);
    expect(clock.completeMs).toBeLessThan(22_000);
    expect(run('interruptible', 'clock', 'process', 60_000).completeMs).toBeLessThan(18_000);
  });

  it('a kernel thread never leaves, a worker does between two pieces of work', () => {
    expect(run('interruptible', 'event', 'thread').outcome).toBe('stuck');
    expect(run('uninterruptible', 'transfer', 'worker').outcome).toBe('complete');
  });
});
