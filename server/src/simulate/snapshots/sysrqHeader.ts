/**
 * A task's first line in what sysrq-t prints (sched_show_task() of kernel/sched/core.c), which changed over time:
 *
 *     bash            S ffff880170e47a08     0  1234   1200 0x00000080                                          up to 4.13
 *     bash            S    0  1234   1200 0x00000080                                                            up to 5.9
 *     task:bash            state:S stack:    0 pid: 1234 ppid:  1200 flags:0x00000000                           from 5.10
 *     task:bash            state:S stack:0     pid:1234  ppid:1200   flags:0x00000000                           6.1
 *     task:bash            state:S stack:0     pid:1234  tgid:1234  ppid:1200   flags:0x00000000                from 6.6
 *     task:bash            state:S stack:0     pid:1234  tgid:1234  ppid:1200   task_flags:0x400100 flags:0x... from 6.15
 *
 * A running task has `  running task    ` behind its state. A comm may hold anything, and takes 15 columns.
 */
import type { TaskState } from '../types';
import { wholeNumber } from './lines';
import { taskState } from './taskList';

export interface SysrqHeader {
  readonly comm: string;
  readonly state: TaskState;
  /** 0 for an idle task. */
  readonly pid: number;
  readonly tgid: number | undefined;
  readonly ppid: number | undefined;
  /** PF_*, of kernels that print them. */
  readonly taskFlags: number | undefined;
  /** thread_info flags (TIF_*). */
  readonly threadFlags: number;
}

/** @returns `broken` for a line that begins like a header and is none */
export function readSysrqHeader(message: string): SysrqHeader | 'broken' | undefined {
  if (message.length > 300) return undefined;
  if (message.startsWith('task:')) return message.includes(' state:') ? (readNew(message) ?? 'broken') : undefined;
  return readOld(message);
}

const COMM_WIDTH = 15;

function readNew(message: string): SysrqHeader | undefined {
  // Columns count bytes; where a comm has characters of several bytes, the last ` state:` is the one.
  const column = 5 + COMM_WIDTH;
  const at = message.startsWith(' state:', column) ? column : message.lastIndexOf(' state:');
  const state = taskState(message[at + 7]);
  const pid = wholeNumber(field(message, ' pid:', at));
  const threadFlags = hex(field(message, ' flags:', at));
  if (state === undefined || pid === undefined || threadFlags === undefined) return undefined;
  return {
    comm: message.slice(5, at).trimEnd(), state, pid, threadFlags,
    tgid: wholeNumber(field(message, ' tgid:', at)), ppid: wholeNumber(field(message, ' ppid:', at)), taskFlags: hex(field(message, ' task_flags:', at)),
  };
}

/** A value may stand apart from its name: `pid: 1234`. */
function field(message: string, name: string, from: number): string | undefined {
  let at = message.indexOf(name, from);
  if (at < 0) return undefined;
  for (at += name.length; message.charCodeAt(at) === 32;) at++;
  const end = message.indexOf(' ', at);
  return message.slice(at, end < 0 ? message.length : end);
}

/** The four numbers at the end tell an old header from any other line. */
function readOld(message: string): SysrqHeader | undefined {
  if (message.charCodeAt(COMM_WIDTH) !== 32) return undefined;
  const state = taskState(message[COMM_WIDTH + 1]);
  if (state === undefined || message.charCodeAt(COMM_WIDTH + 2) !== 32) return undefined;
  const words = message.slice(COMM_WIDTH + 2).split(' ').filter((word) => word !== '');
  const [flags, ppid, pid, free] = [hex(words.pop()), wholeNumber(words.pop()), wholeNumber(words.pop()), wholeNumber(words.pop())];
  if (flags === undefined || ppid === undefined || pid === undefined || free === undefined) return undefined;
  const rest = words.join(' ');
  if (rest !== '' && rest !== 'running task' && !/^[0-9a-f]{8,16}$/.test(rest)) return undefined;
  return { comm: message.slice(0, COMM_WIDTH).trimEnd(), state, pid, ppid, threadFlags: flags, tgid: undefined, taskFlags: undefined };
}

function hex(text: string | undefined): number | undefined {
  return text !== undefined && /^0x[0-9a-f]{1,16}$/.test(text) ? Number(text) : undefined;
}
