/** What runs on every Debian server. */
import { every, user, type Draft } from '../machine/drafts';

export const DAEMONS: readonly Draft[] = [
  user('systemd', 'epoll', every(5000)),
  user('systemd-journal', 'epoll', every(3000)),
  user('systemd-udevd', 'epoll'),
  user('systemd-logind', 'epoll'),
  user('dbus-daemon', 'epoll', every(4000)),
  user('cron', 'nanosleep', { kind: 'sleep', interruptible: true, lasts: { kind: 'uniform', minMs: 1, maxMs: 60_000 } }),
  user('sshd', 'poll'),
  user('agetty', 'tty'),
];
