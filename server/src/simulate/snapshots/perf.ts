/**
 * What `perf script` prints of a recording with call graphs (`perf record -a -g`): samples of tasks at work, and, with
 * `-e sched:sched_switch`, the stacks with which tasks went to sleep. A task's last record counts.
 */
import type { TaskState } from '../types';
import { frameOf } from './frames';
import { linesOf, pidOf, wholeNumber } from './lines';
import type { Parser } from './parser';
import { createTaskList, newDraft, taskState, type Draft } from './taskList';
import type { Frame, MachineFacts } from './types';

export const parsePerf: Parser = (text, complaints) => {
  const tasks = createTaskList(false);
  const facts: MachineFacts = {};
  const known = new Map<string, Frame | 'user' | undefined>();
  let current: Draft | undefined;
  let highestCpu = -1;
  let sleepers = false;
  const finish = (): void => {
    if (current !== undefined) tasks.add(current);
    current = undefined;
  };
  for (const lines = linesOf(text); lines.next();) {
    const { line, number } = lines;
    if (line.startsWith('#')) readComment(line, facts);
    else if (isStackLine(line)) {
      let frame = known.get(line);
      if (frame === undefined && !known.has(line)) {
        frame = readStackLine(line);
        known.set(line, frame);
      }
      if (frame === undefined) {
        complaints.add(number, 'no stack entry');
        if (current !== undefined) current.incomplete = 'a line of it could not be read';
      } else if (frame !== 'user') current?.frames.push(frame);
    } else if (line.trim() !== '') {
      finish();
      const record = readRecord(line);
      if (record === undefined) complaints.add(number, 'a record needs a command, a pid and a time');
      else {
        highestCpu = Math.max(highestCpu, record.cpu);
        sleepers ||= record.switched;
        // perf itself was there only to record.
        if (record.pid > 0 && record.comm !== 'perf' && record.comm !== 'perf-exec') {
          current = newDraft(record.pid);
          current.comm = record.comm;
          current.state = record.state;
          current.tgid = record.tgid;
        }
      }
    }
  }
  finish();
  if (highestCpu >= 0) facts.cpus ??= highestCpu + 1;
  const untold = ['tasks that did nothing during the recording are missing'];
  if (!sleepers) untold.push('the recording has no sched:sched_switch events: every task is shown as it runs, and where they sleep is not told');
  return { tasks, facts, untold };
};

function readComment(line: string, facts: MachineFacts): void {
  const colon = line.indexOf(' : ');
  if (colon < 0) return;
  const value = line.slice(colon + 3).trim();
  if (line.startsWith('# os release')) facts.kernelVersion = value;
  else if (line.startsWith('# arch')) facts.arch = value;
  else if (line.startsWith('# nrcpus online')) {
    const cpus = wholeNumber(value);
    if (cpus !== undefined && cpus > 0) facts.cpus = cpus;
  }
}

interface Record {
  readonly comm: string;
  readonly pid: number;
  readonly tgid: number | undefined;
  readonly cpu: number;
  readonly state: TaskState;
  readonly switched: boolean;
}

/** `redis-server  4735/4736  [002]   921.700317:     250000 cpu-clock:`; a command may hold spaces. */
function readRecord(line: string): Record | undefined {
  const words = line.slice(0, 600).trim().split(/[ \t]+/);
  const time = words.findIndex((word) => /^\d{1,12}\.\d{1,9}:$/.test(word));
  if (time < 2) return undefined;
  const cpuWord = /^\[(\d{1,6})\]$/.exec(words[time - 1] ?? '')?.[1];
  const at = cpuWord === undefined ? time - 1 : time - 2;
  const [first, second] = (words[at] ?? '').split('/');
  const own = second ?? first;
  const pid = own === '0' ? 0 : pidOf(own);
  const comm = words.slice(0, at).join(' ');
  if (pid === undefined || comm === '') return undefined;
  const tgid = second === undefined ? undefined : pidOf(first);
  const switched = words.includes('sched:sched_switch:');
  return { comm, pid, cpu: cpuWord === undefined ? -1 : Number(cpuWord), switched, state: switched ? switchedState(words) : 'R', tgid };
}

/** The state a task left its CPU in, before ` ==> `: `prev_state=S`, or `S` where perf's plugin prints it; `R+` was preempted. */
function switchedState(words: readonly string[]): TaskState {
  const before = words[words.indexOf('==>') - 1] ?? '';
  const letters = before.startsWith('prev_state=') ? before.slice(11) : before;
  return taskState(letters[0]) ?? 'D';
}

/** Indented, and an address first. */
function isStackLine(line: string): boolean {
  const first = line.charCodeAt(0);
  return (first === 9 || first === 32) && /^\s{1,40}[0-9a-f]{1,16} /.test(line) && line.endsWith(')') && !/^\s{1,40}\d+ +\[\d+\] /.test(line);
}

/** `ffffffff821fb643 schedule+0x23 ([kernel.kallsyms])`; what is not the kernel's is the task's user stack. */
function readStackLine(line: string): Frame | 'user' | undefined {
  const open = line.lastIndexOf(' (');
  const text = line.trim();
  const space = text.indexOf(' ');
  const dso = line.slice(open + 2, -1);
  const module = moduleOf(dso);
  // Inlined functions have no frame of their own.
  if (dso === 'inlined' || module === undefined) return 'user';
  const symbol = line.slice(0, open).trim().slice(space + 1).trim();
  if (symbol === '[unknown]' || symbol === '') return { ...frameOf(`0x${text.slice(0, space)}`), unresolved: true };
  const name = symbol.split('+', 1)[0] ?? '';
  return /^[\w.$]{1,512}$/.test(name) ? frameOf(name, module === 'vmlinux' ? undefined : module) : undefined;
}

/** `vmlinux`, a module's name, or undefined for a file of user space. */
function moduleOf(dso: string): string | undefined {
  if (dso.startsWith('[kernel') || /(^|\/)vmlinux[^/]*$/.test(dso.slice(-80))) return 'vmlinux';
  const bracketed = /^\[([\w-]{1,64})\]$/.exec(dso)?.[1];
  if (bracketed !== undefined) return ['vdso', 'vsyscall', 'unknown', 'heap', 'stack'].includes(bracketed) ? undefined : bracketed.replaceAll('-', '_');
  return /\/([\w-]{1,64})\.ko(\.[a-z]{2,3})?$/.exec(dso.slice(-80))?.[1]?.replaceAll('-', '_');
}
