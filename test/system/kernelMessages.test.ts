/** Every line of the hybrid model is one that kernel/livepatch of Debian's kernel source prints, at its level. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { kernelSource } from '../../scripts/setup.mjs';
import type { Action, LogLine, SimulatedPatch } from '../../server/src/simulate';
import { forever, kthread, loadBy, quietMachine, user } from '../simulate/machines';
import { runSelftest } from '../simulate/selftests/run';
import { SELFTESTS } from '../simulate/selftests/scenarios';

const LEVELS: Readonly<Record<string, LogLine['level']>> = { debug: 'debug', notice: 'notice', warn: 'warn', err: 'warn' };

interface Message {
  readonly level: LogLine['level'];
  readonly pattern: RegExp;
}

/** The formats handed to printk, as patterns of what comes out. */
function messagesOf(folder: string): readonly Message[] {
  return readdirSync(folder).filter((name) => name.endsWith('.c')).flatMap((name) => {
    const text = readFileSync(join(folder, name), 'utf8');
    return [...text.matchAll(/\bpr_(debug|notice|warn|err)\("((?:[^"\\]|\\.)*)\\n"/g)].map(([, level = '', format = '']): Message => {
      const escaped = format.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replace(/%s/g, '.+').replace(/%l?[du]/g, '-?\\d+');
      return { level: LEVELS[level] ?? 'warn', pattern: new RegExp(`^livepatch: ${escaped}$`) };
    });
  });
}

const patch: SimulatedPatch = { name: 'lp', functions: [{ name: 'f', object: 'vmlinux' }, { name: 't', object: 'target', ftraceError: -16 }] };
const sleeper = user(9, 'cat', ['f'], forever(false), 'D');
const load = (options: Parameters<typeof loadBy>[1], tasks = [sleeper], changes = {}) => loadBy('livepatch', { patch, machine: quietMachine(tasks, { modules: [], ...changes }), ...options });
const coming: Action = { atMs: 20_000, kind: 'load module', module: 'target' };

/** What the selftests leave out: who blocks and why, signals, a force, a module that is refused, no reliable stacks. */
const others = [
  load({ actions: [coming, { atMs: 30_000, kind: 'force' }] }),
  load({ giveUpAfterMs: 5000 }, [], { reliableStacks: false }),
  load({ giveUpAfterMs: 5000 }, [kthread(9, 'k', Array.from({ length: 100 }, (_, i) => `deep${i}`), forever(true))]),
  load({ patch: { ...patch, functions: [{ name: 'f', object: 'vmlinux', noFtrace: true }] } }),
];

it('in its words', () => {
  const messages = messagesOf(join(kernelSource, 'kernel/livepatch'));
  expect(messages.length).toBeGreaterThan(30);
  const lines = [...SELFTESTS.map((each) => runSelftest(each)), ...others].flatMap(({ log }) => log).filter(({ text }) => text.startsWith('livepatch: '));
  // What the selftests' own shell writes with that prefix.
  const kernel = lines.filter(({ text }) => !/^livepatch: (?:kernel\.ftrace_enabled = |sysctl: )/.test(text));
  const unknown = kernel.filter(({ text, level }) => !messages.some((message) => message.pattern.test(text) && message.level === level));
  expect([...new Set(unknown.map(({ text, level }) => `${level}: ${text}`))]).toEqual([]);

  // Enough of them come up for this to mean something.
  const used = messages.filter(({ pattern }) => kernel.some(({ text }) => pattern.test(text)));
  expect(used.length).toBeGreaterThanOrEqual(25);
  process.stdout.write(`${used.length} of ${messages.length} messages; never: ${messages.filter((message) => !used.includes(message)).map(({ pattern }) => pattern.source).join(' ')}\n`);
});
