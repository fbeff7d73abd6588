/** What sysrq-t and the hung task detector print (dmesg, journalctl, a console's log). */
import { createFrameReader } from './frames';
import { LARGEST_PID, linesOf } from './lines';
import { withoutLogPrefix } from './logPrefix';
import type { Parser } from './parser';
import { patchPendingBit } from './patchPending';
import { kindByStack } from './stackFacts';
import { readSysrqHeader, type SysrqHeader } from './sysrqHeader';
import { createTaskList, newDraft, type Draft } from './taskList';
import type { MachineFacts } from './types';

/** PF_KTHREAD of include/linux/sched.h. */
const PF_KTHREAD = 0x0020_0000;
const KTHREADD_PID = 2;

/** `trace`: frames are due. `marked`: within `<TASK>`, where only frames are due. `registers`: the user's, behind the frames. */
type Where = 'outside' | 'header' | 'trace' | 'marked' | 'registers';

export const parseSysrq: Parser = (text, complaints) => {
  const tasks = createTaskList(false);
  const facts: MachineFacts = {};
  const frames = createFrameReader('offset');
  const headers = new Map<Draft, SysrqHeader>();
  let current: Draft | undefined;
  let where: Where = 'outside';
  let lostLines = 0;
  let cpus = 0;

  const finish = (): void => {
    if (current !== undefined && !tookTheSnapshot(current)) tasks.add(current);
    current = undefined;
    where = 'outside';
  };
  const cut = (why: string): void => {
    if (current !== undefined) current.incomplete = why;
  };

  for (const lines = linesOf(text); lines.next();) {
    const { line, number } = lines;
    const message = withoutLogPrefix(line);
    if (where === 'trace' || where === 'marked') {
      // Most lines are these; the reader knows them by their text.
      const found = frames.read(message);
      if (found !== undefined) {
        if (found !== 'end') (found.reliable ? current?.frames : current?.possible)?.push(found.frame);
        continue;
      }
    }
    const header = readSysrqHeader(message);
    if (header !== undefined) {
      if (where === 'marked') cut('its end is missing');
      finish();
      if (header === 'broken') complaints.add(number, 'a task\'s first line, damaged');
      else if (header.pid >= 1 && header.pid <= LARGEST_PID) {
        current = draftOf(header);
        headers.set(current, header);
        where = 'header';
      }
      continue;
    }
    const told = message.trim();
    if (where !== 'outside' && told === '<TASK>') where = 'marked';
    else if (told === '</TASK>') finish();
    else if (/^Call [Tt]race:?$/.test(told)) {
      if (where === 'header') where = 'trace';
      else {
        if (where === 'marked') cut('its end is missing');
        finish();
        // Only where there are tasks: any warning has a call trace.
        if (tasks.size() > 0) complaints.add(number, 'a stack without its task\'s first line');
      }
    } else if (where === 'trace' || where === 'marked') takeInTrace(told, number);
    else if (isLoss(told)) lostLines++;
    else takeOutside(told);
  }
  if (where === 'marked') cut('its end is missing');
  finish();
  if (cpus > 0) facts.cpus = cpus;

  for (const [draft, { threadFlags, taskFlags }] of headers) {
    const bit = patchPendingBit(draft.frames, facts.kernelVersion, taskFlags !== undefined);
    if (bit !== undefined && Math.floor(threadFlags / 2 ** bit) % 2 === 1) draft.pending = true;
  }
  const untold = lostLines > 0 ? ['the log lost messages: tasks may be missing'] : [];
  if ([...headers.keys()].every(({ state }) => state === 'D')) untold.push('only blocked tasks are told (sysrq-w, or the hung task detector): sysrq-t tells all');
  return { tasks, facts, untold };

  function takeInTrace(told: string, number: number): void {
    if (/^<\/?(IRQ|NMI|SOFTIRQ|#DF|ENTRY_TRAMPOLINE|TASK)>$/.test(told)) return;
    else if (isRegister(told)) where = where === 'marked' ? 'registers' : 'outside';
    else if (isLoss(told)) {
      lostLines++;
      cut('the log lost messages within it');
    } else if (where === 'marked') {
      complaints.add(number, 'no stack entry');
      cut('a line of it could not be read');
    } else {
      // Kernels before 5.17 do not mark the end.
      where = 'outside';
    }
  }

  function takeOutside(told: string): void {
    if (/^cpu#\d+,/.test(told)) cpus++;
    else if (told.startsWith('Linux version ')) {
      facts.kernelVersion = told.split(' ', 3)[2] ?? '';
      if (told.includes(' PREEMPT_DYNAMIC ')) facts.preemption = 'dynamic';
      else if (/ PREEMPT(_RT|_LAZY)? /.test(told.slice(0, 1000))) facts.preemption = 'full';
    } else if (told.startsWith('Sched Debug Version: ')) facts.kernelVersion ??= told.split(', ', 2)[1]?.split(' ', 1)[0] ?? '';
  }
};

function draftOf({ pid, comm, state, tgid, ppid, taskFlags }: SysrqHeader): Draft {
  const draft = newDraft(pid);
  draft.comm = comm;
  draft.state = state;
  if (tgid !== undefined && tgid > 0) draft.tgid = tgid;
  if (taskFlags !== undefined) draft.kthread = Math.floor(taskFlags / PF_KTHREAD) % 2 === 1;
  else if (ppid === KTHREADD_PID || pid === KTHREADD_PID) draft.kthread = true;
  return draft;
}

/** The task that wrote to sysrq-trigger: what it does is over with the snapshot. */
function tookTheSnapshot({ frames }: Draft): boolean {
  return kindByStack(frames) !== 'kthread' && frames.some(({ name }) => name === 'sysrq_handle_showstate');
}

/** The first of the registers with which the task entered the kernel. */
function isRegister(told: string): boolean {
  return /^(RIP|RSP|Code|EIP|ESP|NIP|LR|PSW|pc|--- interrupt)\b/.test(told);
}

function isLoss(told: string): boolean {
  return told.length < 80 && told.includes(' messages dropped');
}
