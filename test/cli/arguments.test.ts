/** What the command line takes, and the one clear line it answers what it does not take. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import packageJson from '../../package.json';
import { rules } from '../../server/src/rules/registry';
import { WORKLOADS } from '../../server/src/simulate';
import { cli, program, sample, sampleEdits } from './program';

const clean = join(sampleEdits, 'clean.patch');
const notrace = join(sampleEdits, 'notrace.patch');
const snapshotFile = join(sample, '../../simulate/snapshots/fixtures/collector.klpsnap');
const ACTIONS = 'signal, force, reverse, disable, patch:F,G, replace:F,G, load-module:MODULE, unload-module:MODULE, poke:PID';
const warning = join(sampleEdits, 'struct-hole.patch');

describe('refused with one line and status 2', () => {
  it.each<[readonly string[], string]>([
    [[], 'give a command: check, simulate, index, rules or snapshot (--help tells more)'],
    [['judge'], 'there is no command "judge": check, simulate, index, rules or snapshot (--help tells more)'],
    [['constructor'], 'there is no command "constructor": check, simulate, index, rules or snapshot (--help tells more)'],
    [['index', '--jobs', '0'], '--jobs is a whole number from 1 on, not "0"'],
    [['index', tmpdir()], `"${tmpdir()}" is in no kernel tree`],
    [['generate', '--out', 'x'], 'generate is not available yet in this version'],
    [['rules', 'fs'], 'there is no rule "fs" (livepatch-studio rules lists them)'],
    [['rules', 'notrace', 'init-code'], 'one rule at a time: "notrace" and "init-code" are two words'],
    [['check', '--quick'], 'unknown option --quick'],
    [['check', '-q'], 'unknown option -q'],
    [['check', '--base'], '--base needs a value'],
    [['check', '--base', '--patch'], '--base needs a value, and one that begins with - is none'],
    [['check', 'nowhere'], '"nowhere" is no folder'],
    [['check', '.', 'fs'], 'one TREE at a time: "." and "fs" are two'],
    [['check', '--format', 'xml'], '--format is one of human, json, sarif, github, not "xml"'],
    [['check', '--profile', 'ksplice'], '--profile is one of klp-build, kpatch, not "ksplice"'],
    [['check', '--fail-on', 'info'], '--fail-on is one of error, warning, never, not "info"'],
    [['check', '--kernel-version', 'six'], '--kernel-version is X.Y.Z, not "six"'],
    [['check', '--jobs', '0'], '--jobs is a whole number from 1 on, not "0"'],
    [['check', '--jobs', 'two'], '--jobs is a whole number from 1 on, not "two"'],
    [['check', '--evidence', 'build'], '--evidence is not available yet in this version'],
    [['check', '--config', 'none', '--patch', clean], '--config "none": there is no such file'],
    [['check', '--base', 'HEAD', '--base-dir', '.'], 'the edit is named twice, by --base and --base-dir: give one of them'],
    [['check', '--base', 'HEAD', '--patch', clean], 'the edit is named twice, by --base and --patch: give one of them'],
    [['check', '--patch', 'none.patch'], 'the patch none.patch could not be read: there is no such file'],
    [['check', '--patch', clean, clean], `${clean}:4: hunk 1 of 1 does not apply to kernel/parcel/core.c (line 173 there)`],
    [['check', '--base-dir', 'nowhere'], `${join(sample, 'nowhere')} could not be read: there is no such file`],
    [['simulate', '--functions', 'f', '--machine', 'm.json'], '--machine "m.json": there is no such file'],
    [['simulate', '--functions', 'f', '--machine', 'm.json', '--workload', 'idle'], '--machine says all of the machine: leave --workload out'],
    [['simulate', '--functions', 'f', '--snapshot', 'none'], '--snapshot "none": there is no such file'],
    [['simulate', '--functions', 'f', '--snapshot', clean], `--snapshot ${JSON.stringify(clean)} is in no known format: docs/snapshots.md lists them`],
    [['snapshot', 'here'], 'snapshot takes no arguments: it prints a script, to be run as root on the machine to be patched'],
    [['simulate', '--sweep', '--functions', 'f'], 'a sweep brings its own patch, machines and systems: leave --functions out'],
    [['simulate', '--sweep', '--format', 'log'], '--format is one of human, json, svg, not "log"'],
    [['simulate', '--sweep', '--cpus', '9000'], '--cpus is a whole number from 1 to 8192, not "9000"'],
    [['simulate', '--sweep', '--tasks', '99'], '--tasks is a whole number from 100 to 1000000, not "99"'],
    [['simulate', '--sweep', '--cpus', '1', '--tasks', '100', '--hz', '7'], 'HZ is one of 100, 250, 300 and 1000, not 7.'],
    [['simulate', '--functions', 'f', '--repeat', '0'], '--repeat is a whole number from 1 to 1000000, not "0"'],
    [['simulate', '--functions', 'f', '--repeat', '99999999'], '--repeat is a whole number from 1 to 1000000, not "99999999"'],
    [['simulate', '--functions', 'f', '--repeat', '3', '--jobs', '0'], '--jobs is a whole number from 1 on, not "0"'],
    [['simulate', '--functions', 'f', '--repeat', '3', '--format', 'log'], '--format log is of one run: --repeat has human and json; leave it out, and give the --seed of the run'],
    [['simulate', '--functions', 'f', '--repeat', '3', '--format', 'svg'], '--format svg is of one run: --repeat has human and json; leave it out, and give the --seed of the run'],
    [['simulate', '--functions', 'f', '--repeat', '3', '--hz', '7'], 'HZ is one of 100, 250, 300 and 1000, not 7.'],
    [['simulate', '--functions', 'f', '--fleet', '3', '--sweep'], 'a fleet brings its own machines: leave --sweep out, --rollout FILE says what they are'],
    [['simulate', '--functions', 'f', '--workload', 'w'], '--workload is list, or one of mixed, idle, web, database, nfs-client, kvm-host, batch, build, containers; not "w"'],
    [['simulate', '--functions', 'f', '--tasks', '0'], '--tasks is a whole number from 1 to 4000000, not "0"'],
    [['simulate', '--functions', 'f', '--cpus', '8193'], '--cpus is a whole number from 1 to 8192, not "8193"'],
    [['simulate', '--functions', 'f', '--preemption', 'lazy'], '--preemption is one of none, voluntary, full, dynamic, not "lazy"'],
    [['simulate', '--functions', 'f', '--unwinder', 'dwarf'], '--unwinder is one of orc, frame-pointer, none, not "dwarf"'],
    [['simulate', '--functions', 'f', '--reliable-stacks', '1'], '--reliable-stacks is one of yes, no, not "1"'],
    [['simulate', '--functions', 'f', '--snapshot', snapshotFile, '--workload', 'idle'], 'a snapshot brings its own tasks: leave --workload out'],
    [['simulate', '--functions', 'f', '--action', 'force'], `--action is KIND@TIME, as in force@30s or poke:17@500ms; KIND is one of ${ACTIONS}; "force" is none`],
    [['simulate', '--functions', 'f', '--action', 'kill@3s'], `--action is KIND@TIME, as in force@30s or poke:17@500ms; KIND is one of ${ACTIONS}; "kill@3s" is none`],
    [['simulate', '--functions', 'f', '--action', 'force:x@3s'], '--action force takes no "x": it is force@TIME'],
    [['simulate', '--functions', 'f', '--action', 'replace@3s'], '--action replace needs a F,G: replace:F,G@TIME'],
    [['simulate', '--functions', 'f', '--action', 'replace:a b@3s'], '--action takes function names with commas between them; "a b" is none'],
    [['simulate', '--functions', 'f', '--action', 'poke:init@3s'], '--action poke:PID@TIME takes a task\'s number, not "init"'],
    [['simulate', '--functions', 'f', '--action', 'poke:99999@3s'], 'No task has pid 99999 to be poked.'],
    [['simulate', '--scenario', 'lock-order', '--workload', 'idle'], 'a scenario brings its own patch and machine: leave --workload out'],
    [['simulate', '--scenario', 'lock-order', '--action', 'force@3s'], 'a scenario brings its own patch and machine: leave --action out'],
    [['simulate', '--format', 'png'], '--format is one of human, json, log, svg, markdown, not "png"'],
    [['simulate', '--model', 'kpatch,magic'], '--model is all, or some of livepatch, livepatch-4.0, kgraft, kpatch, ksplice, kernelcare, checkpoint-restart, kexec, reboot; not "magic"'],
    [['simulate', '--scenario', 'none'], '--scenario is one of signature-change, lock-order, lock-between-calls, object-lifetime, always-asleep, interrupt-handler, immediate-stack, inlined-function, no-ftrace-entry, or a file in JSON; not "none"'],
    [['simulate', '--scenario', 'lock-order', '--seed', '2'], 'a scenario brings its own patch and machine: leave --seed out'],
    [['simulate', '--functions', 'do select'], '--functions takes function names with commas between them; "do select" is none'],
    [['simulate', '--functions', 'f', '--patch', clean], 'the patch is named twice, by --functions and by an edit: give one of them'],
    [['simulate', '--functions', 'f', '--hz', '7'], 'HZ is one of 100, 250, 300 and 1000, not 7.'],
    [['simulate', '--functions', 'f', '--cpus', '0'], '--cpus is a whole number from 1 to 8192, not "0"'],
    [['simulate', '--patch', join(sampleEdits, 'no-functional-change.patch')], 'the edit replaces no function, so there is nothing to simulate'],
    [['rules', '--format', 'log'], '--format is one of human, json, not "log"'],
  ])('%j', (args, message) => {
    expect(cli(args)).toEqual({ status: 2, stdout: '', stderr: `livepatch-studio: ${message}\n` });
  });
});

describe('exit statuses', () => {
  it.each<[string, readonly string[], number]>([
    ['patchable', ['--patch', clean], 0],
    ['unpatchable', ['--patch', notrace], 1],
    ['unpatchable, but not to fail', ['--patch', notrace, '--fail-on', 'never'], 0],
    ['patchable with a warning', ['--patch', warning], 0],
    ['a warning is to fail', ['--patch', warning, '--fail-on', 'warning'], 1],
    ['no warning', ['--patch', clean, '--fail-on', 'warning'], 0],
  ])('%s', (_, args, status) => {
    expect(cli(['check', ...args]).status).toBe(status);
  });
});

describe('what is taken', () => {
  it('help and version', () => {
    expect(cli(['--version'])).toEqual({ status: 0, stdout: `livepatch-studio ${packageJson.version}\n`, stderr: '' });
    for (const args of [['--help'], ['check', '--help'], ['simulate', '-h'], ['help', 'rules']]) {
      const { status, stdout } = cli(args);
      expect(status).toBe(0);
      expect(stdout).toMatch(/^Usage: livepatch-studio/);
    }
  });

  it('TREE before or behind the patches, and the patch on standard input', () => {
    const expected = cli(['check', sample, '--patch', clean, '--format', 'json'], { cwd: '/' });
    expect(expected.status).toBe(0);
    expect(cli(['check', '--patch', clean, sample, '--format', 'json'], { cwd: '/' })).toEqual(expected);
    expect(cli(['check', '--format=json', `--patch=${clean}`])).toEqual(expected);
    expect(cli(['check', '--format', 'json', '--patch', '-'], { input: execFileSync('cat', [clean]) })).toEqual(expected);
  });

  it('several patches behind one --patch', () => {
    const { status, stdout } = cli(['check', '--patch', clean, notrace, '--format', 'json']);
    expect(status).toBe(1);
    const { objects } = JSON.parse(stdout) as { objects: { functions: { name: string }[] }[] };
    expect(objects.flatMap((object) => object.functions.map((each) => each.name))).toContain('depot_find');
  });

  it('profile and kernel version, which the report names', () => {
    const { stdout } = cli(['check', '--patch', clean, '--format', 'json', '--profile', 'kpatch', '--kernel-version', '5.10.0', '--jobs', '2']);
    expect(JSON.parse(stdout)).toMatchObject({ profile: 'kpatch', kernelVersion: '5.10.0' });
  });

  it('no color but on a terminal', () => {
    expect(cli(['check', '--patch', notrace]).stdout).not.toContain('\x1b');
    const onTerminal = (env: string): string => execFileSync('script', ['-qec', `${env} ${program} check '${sample}' --patch '${notrace}'`, '/dev/null'], { encoding: 'utf8', env: { ...process.env, TERM: 'xterm' } });
    expect(() => onTerminal('NO_COLOR=')).toThrow(/Command failed/);
    const shown = (env: string): string => {
      try {
        return onTerminal(env);
      } catch (error) {
        return (error as { stdout: string }).stdout;
      }
    };
    expect(shown('NO_COLOR=')).toContain('\x1b[31munpatchable');
    expect(shown('NO_COLOR=1')).not.toContain('\x1b[31m');
    const lines = shown('stty cols 60; NO_COLOR=1').trimEnd().split(/\r?\n/).map((line) => line.slice(line.lastIndexOf('\r') + 1)); // without what showed the progress
    expect(lines.length).toBeGreaterThan(10);
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(60);
  });

  it('a reader that closes the pipe, and a disk that is full', () => {
    const shell = (command: string): string => execFileSync('bash', ['-c', command], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
    expect(shell(`${program} check '${sample}' --patch '${notrace}' | true; echo "status \${PIPESTATUS[0]}"`)).toBe('status 1\n');
    expect(shell(`${program} rules 2>&1 >/dev/full; echo "status $?"`)).toMatch(/^livepatch-studio: the result could not be written: ENOSPC.*\nstatus 2\n$/);
  });
});

describe('rules', () => {
  it('lists every rule, by profile', () => {
    const { status, stdout } = cli(['rules', '--format', 'json']);
    expect(status).toBe(0);
    const document = JSON.parse(stdout) as { schema: number; rules: { slug: string; severity: Record<string, string>; text: string; manual: string }[] };
    expect(document.schema).toBe(1);
    expect(document.rules).toEqual(rules.map((rule) => ({ slug: rule.slug, severity: rule.severity, text: rule.title, manual: `docs/rules/${rule.slug}.md` })));
    const list = cli(['rules']).stdout;
    for (const rule of rules) expect(list).toContain(rule.title);
  });

  it('explains one', () => {
    expect(cli(['rules', 'notrace']).stdout).toBe(readFileSync(join(import.meta.dirname, '../../docs/rules/notrace.md'), 'utf8'));
    expect(JSON.parse(cli(['rules', '--format', 'json', 'notrace']).stdout)).toMatchObject({ schema: 1, rules: [{ slug: 'notrace' }] });
  });
});

describe('simulate', () => {
  it('compares systems, and leaves out what does not go with the version', () => {
    const { stdout, stderr } = cli(['simulate', '--functions', 'do_select', '--model', 'all', '--kernel-version', '4.4']);
    expect(stdout.match(/^(livepatch-4\.0|kgraft|kpatch|ksplice|kernelcare|checkpoint-restart|kexec|reboot) {2}/gm)).toHaveLength(8);
    expect(stderr).toBe('livepatch-studio: note: left out: The livepatch model began with 4.12; the machine runs 4.4.\n');
  });

  it('lists the workloads, and simulates on each', () => {
    const { status, stdout } = cli(['simulate', '--workload', 'list']);
    expect(status).toBe(0);
    expect(stdout.trimEnd().split('\n').map((line) => line.split(' ')[0])).toEqual(WORKLOADS.map(({ name }) => name));
    const run = cli(['simulate', '--functions', 'cmdline_proc_show', '--workload', 'nfs-client', '--tasks', '300', '--cpus', '2', '--hz', '1000', '--preemption', 'none', '--unwinder', 'frame-pointer', '--format', 'json']);
    expect(JSON.parse(run.stdout)).toMatchObject({ machine: { workload: 'nfs-client', tasks: 300, cpus: 2, hz: 1000, preemption: 'none', unwinder: 'frame-pointer', reliableStacks: true } });
    expect(cli(['simulate', '--functions', 'cmdline_proc_show', '--reliable-stacks', 'no']).stdout).toMatch(/^Linux 6\.1\.192, 4 CPUs, 250 Hz, 93 tasks \(workload mixed\), stacks not reliable, seed 1\n/);
  });

  it('does what the operator does, at its time, and says what came of it', () => {
    const args = ['simulate', '--functions', 'rpc_wait_bit_killable', '--workload', 'nfs-client'];
    expect(cli(args).status).toBe(1);
    const { stdout } = cli([...args, '--action', 'signal@1500ms', '--action', 'force@80s', '--format', 'json']);
    const { runs } = JSON.parse(stdout) as { runs: { outcome: string; complete_ms: number; actions: unknown }[] };
    expect(runs[0]).toMatchObject({ outcome: 'unsafe', actions: [{ at_ms: 1500, action: 'signal', result: 'No such file or directory' }, { at_ms: 80_000, action: 'force', result: 'ok' }] });
    expect(runs[0]?.complete_ms).toBeGreaterThan(80_000);
    expect(cli([...args, '--action', 'reverse@20s']).stdout).toMatch(/^ {2}operator at 20\.000 s: reverse: ok$/m);
  });

  it('plays a scenario', () => {
    const { status, stdout } = cli(['simulate', '--scenario', 'lock-order', '--model', 'livepatch,kpatch', '--format', 'json']);
    expect(status).toBe(1);
    const { runs } = JSON.parse(stdout) as { runs: { model: string; outcome: string; violations: { invariant: string }[] }[] };
    expect(runs.map(({ model, outcome }) => `${model} ${outcome}`)).toEqual(['livepatch unsafe', 'kpatch complete']);
    expect(runs[0]?.violations[0]?.invariant).toBe('I1');
  });

  it('rehearses an edit and gives the same for the same seed', () => {
    const args = ['simulate', '--patch', clean, '--format', 'json', '--seed', '7', '--cpus', '2'];
    const first = cli(args);
    expect(first.status).toBe(0);
    const document = JSON.parse(first.stdout) as { seed: number; machine: { cpus: number; kernelVersion: string }; runs: { model: string; outcome: string }[] };
    expect(document).toMatchObject({ seed: 7, machine: { cpus: 2, kernelVersion: '6.1.192' } });
    expect(document.runs.map((run) => run.outcome)).toEqual(['complete']);
    expect(cli(args)).toEqual(first);
  });

  it('prints the kernel\'s lines', () => {
    const { status, stdout } = cli(['simulate', '--functions', 'do_select,ext4:ext4_sync_file', '--format', 'log']);
    expect(status).toBe(0);
    expect(stdout).toMatch(/livepatch: enabling patch 'livepatch_edit'/);
    expect(stdout).toMatch(/livepatch: 'livepatch_edit': patching complete\n$/);
  });

  it('says when the rehearsed patch could not be built', () => {
    const { status, stderr } = cli(['simulate', '--patch', notrace]);
    expect(status).toBe(1);
    expect(stderr).toBe('livepatch-studio: note: the edit is unpatchable (see livepatch-studio check); simulated as if it could be loaded\n');
  });
});
