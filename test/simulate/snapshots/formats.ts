/** Prints tasks in every format, so that one situation can be told in all of them. Our own writing, after the samples beside it. */
import type { TaskState } from '../../../server/src/simulate';

export interface Printed {
  readonly pid: number;
  readonly comm: string;
  readonly kthread: boolean;
  readonly state: TaskState;
  /** Innermost first; `name`, or `name [module]`. Empty: in user mode. */
  readonly stack: readonly string[];
  /** Which of the frames (by name) /proc leaves out. */
  readonly hidden?: readonly string[];
}

const symbol = (frame: string): { name: string; module: string } => {
  const [name = '', module = ''] = frame.split(' [');
  return { name, module: module === '' ? '' : ` [${module}` };
};
const located = (frame: string): string => `${symbol(frame).name}+0x1a/0x30${symbol(frame).module}`;
const visible = ({ stack, hidden = [] }: Printed): readonly string[] => stack.filter((frame) => !hidden.includes(symbol(frame).name));
const proc = (task: Printed): string => visible(task).map((frame) => `[<0>] ${located(frame)}\n`).join('');

export const escapeComm = (comm: string): string => comm.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('"', '\\"');

export const collector = (tasks: readonly Printed[]): string =>
  tasks.map((task) => `task comm="${escapeComm(task.comm)}" pid=${task.pid} tgid=${task.pid} state=${task.state} kthread=${task.kthread ? 1 : 0}\n${proc(task)}\n`).join('');

type Header = (task: Printed) => string;
const column = (comm: string): string => comm.slice(0, 15).padEnd(15);
const running = ({ state }: Printed): string => (state === 'R' ? '  running task    ' : '');
const ppid = ({ kthread }: Printed): number => (kthread ? 2 : 1);

/** sched_show_task() through the years. */
export const SYSRQ_HEADERS: Readonly<Record<string, Header>> = {
  '3.10, with the PC': (task) => `${column(task.comm)} ${task.state}${task.state === 'R' ? running(task) : ' ffff880170e47a08 '}${'0'.padStart(5)} ${String(task.pid).padStart(5)} ${String(ppid(task)).padStart(6)} 0x00000080`,
  '5.4': (task) => `${column(task.comm)} ${task.state}${running(task)}${'0'.padStart(5)} ${String(task.pid).padStart(5)} ${String(ppid(task)).padStart(6)} 0x00004000`,
  '5.10': (task) => `task:${column(task.comm)} state:${task.state}${running(task)} stack:${'0'.padStart(5)} pid:${String(task.pid).padStart(5)} ppid:${String(ppid(task)).padStart(6)} flags:0x00000000`,
  '6.1': (task) => `task:${column(task.comm)} state:${task.state}${running(task)} stack:0     pid:${String(task.pid).padEnd(5)} ppid:${String(ppid(task)).padEnd(6)} flags:0x00004000`,
  '6.6': (task) => `task:${column(task.comm)} state:${task.state}${running(task)} stack:0     pid:${String(task.pid).padEnd(5)} tgid:${String(task.pid).padEnd(5)} ppid:${String(ppid(task)).padEnd(6)} flags:0x00004000`,
  '6.15': (task) => `task:${column(task.comm)} state:${task.state}${running(task)} stack:0     pid:${String(task.pid).padEnd(5)} tgid:${String(task.pid).padEnd(5)} ppid:${String(ppid(task)).padEnd(6)} task_flags:${task.kthread ? '0x4208040' : '0x400100'} flags:0x00000000`,
};

/** What dmesg, journalctl and syslog put before a line; `n` counts lines. */
export const LOG_PREFIXES: Readonly<Record<string, (n: number) => string>> = {
  none: () => '',
  dmesg: (n) => `[${(148.323 + n / 1e6).toFixed(6).padStart(12)}] `,
  'dmesg -T': () => '[Sat Nov 21 18:24:32 2026] ',
  'dmesg --time-format iso': (n) => `[2026-11-21T18:24:32,${String(n % 1e6).padStart(6, '0')}+01:00] `,
  'dmesg -x': (n) => `kern  :info  : [${(148.323 + n / 1e6).toFixed(6).padStart(12)}] `,
  'raw console': (n) => `<6>[${(148.323 + n / 1e6).toFixed(6).padStart(12)}] `,
  'level only': () => '<6>',
  'caller id': (n) => `[${(148.323 + n / 1e6).toFixed(6).padStart(12)}][ T1234] `,
  '/dev/kmsg': (n) => `6,${n},${148323000 + n},-;`,
  journalctl: () => 'Nov 21 18:24:32 db1 kernel: ',
  'journalctl -o short-iso': () => '2026-11-21T18:24:32+0100 db1 kernel: ',
  'journalctl -o short-monotonic': (n) => `[${(148.323 + n / 1e6).toFixed(6).padStart(12)}] db1 kernel: `,
  syslog: (n) => `Nov 21 18:24:32 db1 kernel: [${(148.323 + n / 1e6).toFixed(6).padStart(12)}] `,
};

/** @param marked `<TASK>` around the frames, from 5.17 on */
export function sysrq(tasks: readonly Printed[], header: Header, prefix: (n: number) => string = () => '', marked = true): string {
  const lines = tasks.flatMap((task) => [
    header(task), 'Call Trace:', ...(marked ? [' <TASK>'] : []),
    ...task.stack.map((frame) => ` ${located(frame)}`), ' ? stale_frame+0x10/0x20',
    ...(task.kthread ? [] : ['RIP: 0033:0x7f65b74c67d0', 'RSP: 002b:00007ffdaf1b35c8 EFLAGS: 00000202']),
    ...(marked ? [' </TASK>'] : []),
  ]);
  return lines.map((line, n) => `${prefix(n)}${line}\n`).join('');
}

export const crash = (tasks: readonly Printed[]): string =>
  tasks.map(({ pid, comm, stack }) => {
    const frames = stack.map((frame, i) => ` #${i} [ffffaf568001${(0x3d38 + i * 8).toString(16)}] ${symbol(frame).name} at ffffffff9c34c1ad${symbol(frame).module}\n`);
    return `PID: ${String(pid).padEnd(8)} TASK: ffffa14b5f9032c0  CPU: 0    COMMAND: "${comm.slice(0, 15)}"\n${frames.join('')}\n`;
  }).join('');

export const perf = (tasks: readonly Printed[]): string =>
  tasks.map(({ pid, comm, state, stack }, i) => {
    const frames = stack.map((frame) => `\tffffffff821facd8 ${symbol(frame).name}+0x1a (${symbol(frame).module === '' ? '[kernel.kallsyms]' : symbol(frame).module.trim()})\n`);
    const event = `sched:sched_switch: prev_comm=${comm.slice(0, 15)} prev_pid=${pid} prev_prio=120 prev_state=${state} ==> next_comm=swapper/0 next_pid=0 next_prio=120`;
    return `${comm.slice(0, 15).padStart(16)} ${String(pid).padStart(5)} [000] ${(921 + i / 1e6).toFixed(6)}: ${event}\n${frames.join('')}\n`;
  }).join('');

export const bpftraceMap = (tasks: readonly Printed[]): string =>
  `Attaching 1 probe...\n\n\n${tasks.map(({ pid, comm, stack }) => `@[\n${stack.map((frame) => `    ${symbol(frame).name}+26\n`).join('')}, ${comm.slice(0, 15)}, ${pid}]: 1\n`).join('')}\n`;

export const bpftracePrintf = (tasks: readonly Printed[]): string =>
  `Attaching 1 probe...\n${tasks.map(({ pid, comm, stack }) => `${comm.slice(0, 15)} ${pid}\n${stack.map((frame) => `        ${symbol(frame).name}+26\n`).join('')}\n`).join('')}`;

export const PROC_FORMS: Readonly<Record<string, (tasks: readonly Printed[]) => string>> = {
  'tail -n +1': (tasks) => tasks.map((task) => `==> /proc/${task.pid}/task/${task.pid}/stack <==\n${proc(task)}`).join('\n'),
  grep: (tasks) => tasks.map((task) => proc(task).replaceAll('[<0>]', `/proc/${task.pid}/stack:[<0>]`)).join(''),
  'echo the path': (tasks) => tasks.map((task) => `/proc/${task.pid}\n${proc(task)}`).join(''),
  'echo the pid': (tasks) => tasks.map((task) => `${task.pid}\n${proc(task)}`).join(''),
  'path, name and status': (tasks) => tasks.map((task) => `==> /proc/${task.pid}/comm <==\n${task.comm.slice(0, 15)}\n\n==> /proc/${task.pid}/stack <==\n${proc(task)}\n==> /proc/${task.pid}/status <==\nName:\t${task.comm.slice(0, 15)}\nState:\t${task.state} (whatever)\nTgid:\t${task.pid}\nPid:\t${task.pid}\n`).join('\n'),
};
