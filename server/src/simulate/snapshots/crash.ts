/** What the crash utility prints for `foreach bt`, `bt` and `bt -a`. Its stacks are whole, scheduler functions included. */
import { createFrameReader } from './frames';
import { linesOf, pidOf, wholeNumber } from './lines';
import type { Parser } from './parser';
import { createTaskList, newDraft, type Draft } from './taskList';
import type { MachineFacts } from './types';

/** What a CPU does while it is being dumped, or when crash looks at a live machine: its task was running. */
const STOPPED_WHILE_RUNNING = new Set(['machine_kexec', '__crash_kexec', 'crash_kexec', 'crash_nmi_callback', 'crash_save_cpu', 'panic_smp_self_stop', 'sysrq_handle_crash', '(active)']);

export const parseCrash: Parser = (text, complaints) => {
  const tasks = createTaskList(false);
  const facts: MachineFacts = {};
  const frames = createFrameReader('none');
  let current: Draft | undefined;
  let highestCpu = -1;
  const finish = (): void => {
    if (current !== undefined) tasks.add(current);
    current = undefined;
  };
  for (const lines = linesOf(text); lines.next();) {
    const { line, number } = lines;
    const told = line.trim();
    if (told.startsWith('PID: ')) {
      finish();
      const header = readHeader(told);
      if (header === undefined) complaints.add(number, 'a task needs PID, TASK, CPU and COMMAND');
      else {
        highestCpu = Math.max(highestCpu, header.cpu);
        if (header.pid > 0) {
          current = newDraft(header.pid);
          current.comm = header.comm;
        }
      }
    } else if (told.startsWith('#')) {
      const symbol = frameText(told);
      if (symbol === '(active)') setRunning(current);
      else {
        const found = symbol === undefined ? undefined : frames.read(symbol);
        if (found === undefined || found === 'end') {
          complaints.add(number, 'no stack entry');
          if (current !== undefined) current.incomplete = 'a line of it could not be read';
        } else if (current !== undefined) {
          current.frames.push(found.frame);
          if (STOPPED_WHILE_RUNNING.has(found.frame.name)) setRunning(current);
        }
      }
    } else if (told === '(active)') setRunning(current);
    else if (told.startsWith('[exception RIP: ')) {
      const found = frames.read(told.slice(16, -1));
      if (found !== undefined && found !== 'end') current?.frames.push(found.frame);
    } else if (told.startsWith('bt: ')) {
      complaints.add(number, 'crash could not show this stack');
      if (current !== undefined) current.incomplete = 'crash could not show it';
    } else if (told.startsWith('RELEASE: ')) facts.kernelVersion = told.slice(9).trim();
    else if (told.startsWith('MACHINE: ')) facts.arch = told.slice(9).trim().split(' ', 1)[0] ?? '';
    else if (told.startsWith('CPUS: ')) facts.cpus = wholeNumber(told.slice(6).trim().split(' ', 1)[0]) ?? 0;
  }
  finish();
  if ((facts.cpus ?? 0) < 1) {
    delete facts.cpus;
    if (highestCpu >= 0) facts.cpus = highestCpu + 1;
  }
  return { tasks, facts, untold: [] };
};

function setRunning(draft: Draft | undefined): void {
  if (draft !== undefined) draft.state = 'R';
}

/** `PID: 930    TASK: ffffa14b5f9032c0  CPU: 1   COMMAND: "jbd2/nvme2n1p4-"` */
function readHeader(told: string): { pid: number; cpu: number; comm: string } | undefined {
  const at = told.indexOf('COMMAND: "');
  if (at < 0 || at > 200 || told.length > 300 || !told.endsWith('"')) return undefined;
  const words = told.slice(0, at).split(' ').filter((word) => word !== '');
  const after = (name: string): string | undefined => words[words.indexOf(name) + 1];
  const pid = after('PID:') === '0' ? 0 : pidOf(after('PID:'));
  const cpu = wholeNumber(after('CPU:'));
  return pid === undefined || cpu === undefined ? undefined : { pid, cpu, comm: told.slice(at + 10, -1) };
}

/** `#0 [ffffa2b9c0f3bdf8] __schedule at ffffffff9a1b2c3d [module]` -> `__schedule [module]`. */
function frameText(told: string): string | undefined {
  const open = told.indexOf('[');
  const close = told.indexOf('] ', open);
  if (open < 0) return told.endsWith('(active)') ? '(active)' : undefined;
  if (open > 8 || close < 0 || close - open > 20) return undefined;
  const rest = told.slice(close + 2);
  if (rest === '(active)') return rest;
  const at = rest.indexOf(' at ');
  if (at <= 0) return undefined;
  const module = rest.indexOf(' [', at);
  return module < 0 ? rest.slice(0, at) : rest.slice(0, at) + rest.slice(module);
}
