/** `snapshot`, and `simulate --snapshot`, as a user runs them. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Ajv } from 'ajv';
import { describe, expect, it } from 'vitest';
import { cli, sample, sampleEdits } from './program';

const root = fileURLToPath(new URL('../..', import.meta.url));
const fixture = (name: string): string => join(root, 'test/simulate/snapshots/fixtures', name);
const schema = JSON.parse(readFileSync(join(root, 'docs/schemas/simulate.schema.json'), 'utf8')) as object;
const validate = new Ajv({ strict: true, strictTypes: false, allErrors: true }).compile(schema);

interface Document {
  readonly machine: { readonly cpus: number; readonly hz: number; readonly kernelVersion: string; readonly tasks: number };
  readonly runs: readonly { readonly model: string; readonly outcome: string; readonly blocked: Record<'first' | 'last', readonly { readonly pid: number; readonly comm: string; readonly reason: string; readonly function?: string }[]> }[];
  readonly snapshot: { readonly format: string; readonly malformed: { readonly count: number }; readonly untold: readonly string[] };
}

function simulate(...args: readonly string[]): { readonly status: number | null; readonly stderr: string; readonly document: Document } {
  const { status, stdout, stderr } = cli(['simulate', ...args, '--format', 'json'], { cwd: sample });
  const document = JSON.parse(stdout) as Document;
  expect(validate(document), JSON.stringify(validate.errors)).toBe(true);
  return { status, stderr, document };
}

const tasksOf = (blocked: Document['runs'][number]['blocked']['first'] = []): string[] => blocked.filter(({ pid }) => pid !== 0).map((each) => `${each.comm}:${each.pid} ${each.reason} ${each.function ?? ''}`.trim());

it('snapshot prints the script', () => {
  expect(cli(['snapshot'])).toEqual({ status: 0, stdout: readFileSync(join(root, 'server/src/cli/collect.sh'), 'utf8'), stderr: '' });
});

describe('simulate --snapshot', () => {
  it('takes the machine from the snapshot, and what is given on the command line before it', () => {
    const args = ['--snapshot', fixture('collector.klpsnap'), '--functions', 'cmdline_proc_show'];
    expect(simulate(...args).document.machine).toMatchObject({ cpus: 2, hz: 250, kernelVersion: '6.18.44', tasks: 14 });
    expect(simulate(...args, '--cpus', '8', '--hz', '1000', '--kernel-version', '5.10.1').document.machine).toMatchObject({ cpus: 8, hz: 1000, kernelVersion: '5.10.1', tasks: 14 });
  });

  it('names who blocks, and says what was assumed', () => {
    const { status, document, stderr } = simulate('--snapshot', fixture('sysrq-6.1-dmesg.log'), '--functions', 'target_kwait');
    expect(status).toBe(1);
    expect(document.runs[0]?.outcome).toBe('stuck');
    expect(tasksOf(document.runs[0]?.blocked.last)).toEqual(['klp_kwait:108 sleeping target_kwait']);
    expect(stderr).toContain('note: ');
    expect(document.snapshot.untold.map((note) => `${fixture('sysrq-6.1-dmesg.log')}: ${note}`)).toEqual(stderr.trim().split('\n').map((line) => line.replace('livepatch-studio: note: ', '')));
  });

  it('cannot tell who sleeps in a scheduler function: undecided, not clean and not unpatchable', () => {
    const { status, document } = simulate('--snapshot', fixture('collector.klpsnap'), '--functions', 'schedule_timeout');
    expect(status).toBe(3);
    expect(tasksOf(document.runs[0]?.blocked.last).every((each) => each.endsWith('unknown schedule_timeout'))).toBe(true);
    expect(tasksOf(document.runs[0]?.blocked.last)).toContain('kthreadd:2 unknown schedule_timeout');
  });

  it('takes an incomplete stack for unknown, unless a patched function is on it', () => {
    const first = (name: string): string[] => tasksOf(simulate('--snapshot', fixture('sysrq-damaged.log'), '--functions', name).document.runs[0]?.blocked.first);
    expect(first('cmdline_proc_show')).toEqual(['cron:310 unknown', 'sshd:311 unknown', 'bash:313 unknown']);
    expect(first('hrtimer_nanosleep')).toEqual(['cron:310 sleeping hrtimer_nanosleep', 'sshd:311 unknown', 'bash:313 unknown']);
  });

  it('counts malformed lines and goes on', () => {
    const { document, stderr } = simulate('--snapshot', fixture('sysrq-damaged.log'), '--functions', 'f');
    expect(document.snapshot).toMatchObject({ format: 'sysrq', malformed: { count: 4 } });
    expect(stderr).toContain('4 malformed lines left out (line 9: a stack without its task\'s first line; line 18: no stack entry;');
  });

  it('rehearses it with every system', () => {
    const { document } = simulate('--snapshot', fixture('sysrq-6.6-journal-iso.log'), '--functions', 'vfs_read', '--model', 'all');
    const outcomes = new Map(document.runs.map(({ model, outcome }) => [model, outcome]));
    // A D sleeper in the patch: whoever looks at stacks cannot go on, whoever does not look or reboots can.
    expect(Object.fromEntries(outcomes)).toMatchObject({ livepatch: 'stuck', kpatch: 'failed', ksplice: 'failed', kgraft: 'stuck', 'livepatch-4.0': 'complete', kexec: 'complete', reboot: 'complete' });
  });

  it('rehearses an edit on it', () => {
    const { status, document } = simulate('--patch', join(sampleEdits, 'clean.patch'), '--snapshot', fixture('sysrq-6.1-dmesg.log'));
    expect(status).toBe(0);
    expect(document.runs.map(({ outcome }) => outcome)).toEqual(['complete']);
  });

  it('says that a transition was under way, and who had not switched', () => {
    expect(simulate('--snapshot', fixture('patch-state.txt'), '--functions', 'f').stderr).toContain('a transition was in progress when the snapshot was taken: 2 tasks had not switched (?:834, ?:931)');
    expect(simulate('--snapshot', fixture('sysrq-5.10-level.log'), '--functions', 'f').stderr).toContain('1 task had not switched (tmux: server:2345)');
  });

  it('says where an unconfirmed entry is a patched function', () => {
    expect(simulate('--snapshot', fixture('sysrq-6.1-dmesg.log'), '--functions', 'process_one_work').stderr).toContain('process_one_work is a stale entry (marked ?) on the stack of 1 task (rcu_gp:3)');
  });
});
