/** The machine to rehearse on when there is no snapshot of a real one: a small server, our own making. */
import type { Machine } from '../types';
import { about, every, numbered, untilWork, user, type Draft } from './drafts';
import { SYSTEM_THREADS, threadsOfCpu } from './kernelThreads';
import { USER_STACKS } from './stacks';

/** Debian 12's kernel, the one the simulator was measured against. */
export const DEFAULT_KERNEL_VERSION = '6.1.192';

/** What a machine is where nothing is said: Debian 12. */
export const DEBIAN = { hz: 250, kernelVersion: DEFAULT_KERNEL_VERSION, preemption: 'dynamic', unwinder: 'orc', reliableStacks: true } as const;

export const SERVICES: readonly Draft[] = [
  user('systemd-journal', 'epoll', every(3000)),
  user('systemd-udevd', 'epoll'),
  user('systemd-resolve', 'epoll', every(8000)),
  user('systemd-logind', 'epoll'),
  user('dbus-daemon', 'epoll', every(4000)),
  user('rsyslogd', 'select', every(6000)),
  user('in:imuxsock', 'poll'),
  user('cron', 'nanosleep', { kind: 'sleep', interruptible: true, lasts: { kind: 'uniform', minMs: 1, maxMs: 60_000 } }),
  user('sshd', 'poll'),
  user('sshd', 'poll'),
  user('bash', 'wait4'),
  user('agetty', 'tty'),
  user('nginx', 'pause'),
  user('nginx', 'epoll', every(250)),
  user('nginx', 'epoll', every(250)),
  user('httpd', 'accept'),
  user('postgres', 'epoll', every(1000)),
  user('mysqld', 'futex'),
  user('mysqld', 'poll'),
  user('java', 'futex', every(50)),
  user('java', 'futex'),
  user('logger', 'pipe'),
  user('tail', 'inotify'),
  user('rsync', 'nfsRead', { kind: 'sleep', interruptible: false, lasts: about(30) }, 'D'),
  user('unix-server', 'recv'),
  user('lockfile', 'flock'),
  user('sigwaiter', 'sigtimedwait'),
  user('vim', 'stopped', untilWork, 'T'),
  { comm: 'make', kind: 'user', state: 'S', stack: USER_STACKS.wait4, behavior: { kind: 'fork', every: about(400), child: { comm: 'cc1', stack: USER_STACKS.pipe, lives: about(900) } } },
  { comm: 'ffmpeg', kind: 'user', state: 'R', stack: [], behavior: { kind: 'busy' } },
  { comm: 'redis-bench', kind: 'user', state: 'R', stack: [], behavior: { kind: 'busy', syscallEveryUs: 20 } },
];

/** About 90 tasks on 4 CPUs, where nothing else is said: one busy task, one that makes system calls all the time, one that forks, and sleepers of every kind. */
export function builtinMachine(settings: Partial<Omit<Machine, 'tasks'>> = {}): Machine {
  const { cpus = 4 } = settings;
  const drafts = [user('systemd', 'epoll', every(5000)), ...SYSTEM_THREADS, ...Array.from({ length: cpus }, (_, cpu) => threadsOfCpu(cpu)).flat(), ...SERVICES];
  return { cpus, ...DEBIAN, ...settings, tasks: numbered(drafts) };
}
