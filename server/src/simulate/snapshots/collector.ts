/**
 * The form `livepatch-studio snapshot`'s script writes: per thread `task comm="nfsd" pid=834 tgid=834 state=S kthread=1`,
 * its /proc/PID/task/TID/stack, an empty line. Offsets may be missing, attributes may come that are not known here.
 */
import type { Preemption } from '../types';
import { createFrameReader } from './frames';
import { linesOf, pidOf, wholeNumber } from './lines';
import type { Parser } from './parser';
import { createTaskList, newDraft, taskState, type Draft } from './taskList';
import type { MachineFacts } from './types';

/** MAX_STACK_TRACE_DEPTH of fs/proc/base.c: /proc/PID/stack ends there, whatever comes behind. */
export const PROC_DEPTH = 64;

export const parseCollector: Parser = (text, complaints) => {
  const tasks = createTaskList(true);
  const facts: MachineFacts = {};
  const frames = createFrameReader('address');
  let current: Draft | undefined;
  let described = false;
  let ended = false;
  const finish = (): void => {
    if (current !== undefined) tasks.add(cutAtDepth(current));
    current = undefined;
  };
  for (const lines = linesOf(text); lines.next();) {
    const { line, number } = lines;
    if (line === '') finish();
    else if (line.startsWith('[<')) {
      const found = frames.read(line);
      if (found === undefined) {
        complaints.add(number, 'no stack entry');
        if (current !== undefined) current.incomplete = 'a line of it could not be read';
      } else if (current === undefined) complaints.add(number, 'a stack entry without a task');
      else if (found !== 'end') (found.reliable ? current.frames : current.possible).push(found.frame);
    } else if (line.startsWith('task ')) {
      finish();
      current = readHeader(line);
      if (current === undefined) complaints.add(number, 'a task needs comm="...", pid=, state= and kthread=');
    } else if (line.startsWith('machine ')) {
      described = true;
      readMachine(line, facts);
    } else if (line.startsWith('end ')) ended = true;
    else if (!line.startsWith('#')) complaints.add(number, 'neither a task nor a stack entry');
  }
  // Without the empty line that closes it, the last task's stack may go on.
  if (current !== undefined && described) current.incomplete = 'the snapshot breaks off in it';
  finish();
  return { tasks, facts, untold: described && !ended ? ['the snapshot breaks off: tasks behind its end are missing'] : [] };
};

/** /proc/PID/stack holds 64 entries at most: with that many there may be more. */
export function cutAtDepth(draft: Draft): Draft {
  if (draft.frames.length >= PROC_DEPTH) draft.incomplete ??= `/proc shows ${PROC_DEPTH} entries at most`;
  return draft;
}

function readHeader(line: string): Draft | undefined {
  const close = line.lastIndexOf('"');
  if (!line.startsWith('task comm="') || close < 11 || line.length > 600) return undefined;
  // A space before each: `pid=` is no part of `tgid=`.
  const attributes = line.slice(close + 1);
  const pid = pidOf(attribute(attributes, ' pid='));
  const state = taskState(attribute(attributes, ' state='));
  const kthread = attribute(attributes, ' kthread=');
  if (pid === undefined || state === undefined || (kthread !== '0' && kthread !== '1')) return undefined;
  const draft = newDraft(pid);
  draft.comm = unescape(line.slice(11, close));
  draft.state = state;
  draft.kthread = kthread === '1';
  draft.tgid = pidOf(attribute(attributes, ' tgid='));
  if (attribute(attributes, ' stack=') === 'unreadable') draft.incomplete = 'it could not be read';
  const patchState = attribute(attributes, ' patch_state=');
  if (patchState === '0' || patchState === '1') draft.patchState = patchState === '1' ? 1 : 0;
  return draft;
}

function attribute(attributes: string, name: string): string | undefined {
  const at = attributes.indexOf(name);
  if (at < 0) return undefined;
  const end = attributes.indexOf(' ', at + name.length);
  return attributes.slice(at + name.length, end < 0 ? attributes.length : end);
}

/** A comm may hold any character; the script writes `\n`, `\"` and `\\`. */
function unescape(comm: string): string {
  return comm.includes('\\') ? comm.replace(/\\([n"\\])/g, (_, letter: string) => (letter === 'n' ? '\n' : letter)) : comm;
}

const PREEMPTION: Readonly<Record<string, Preemption>> = { none: 'none', voluntary: 'voluntary', full: 'full', lazy: 'full', rt: 'full', dynamic: 'dynamic' };

/** `machine release="6.1.0-56-amd64" arch="x86_64" cpus="4" hz="250" ...`; a fact that was not known is absent. */
function readMachine(line: string, facts: MachineFacts): void {
  for (const [, key, value = ''] of line.slice(0, 2000).matchAll(/ ([a-z_]{1,20})="([^"]{0,200})"/g)) {
    const number = wholeNumber(value);
    const preemption = PREEMPTION[value];
    if (key === 'release' && value !== '') facts.kernelVersion = value;
    else if (key === 'arch' && value !== '') facts.arch = value;
    else if (key === 'cpus' && number !== undefined && number > 0) facts.cpus = number;
    else if (key === 'hz' && number !== undefined) facts.hz = number;
    else if (key === 'preempt' && preemption !== undefined) facts.preemption = preemption;
    else if (key === 'unwinder' && (value === 'orc' || value === 'frame-pointer' || value === 'none')) facts.unwinder = value;
    else if (key === 'reliable_stacks' && (value === '1' || value === '0')) facts.reliableStacks = value === '1';
  }
}
