/**
 * Files of /proc/PID, printed one after the other in whatever way: `tail -n +1 FILES` (`==> FILE <==`), `grep . FILES`
 * (`FILE:line`), a shell loop that echoes a path or a pid before each stack, and bpf_iter's task stacks. Of the files
 * `stack`, `comm`, `stat`, `status` and `patch_state` are read, and of /sys/kernel/livepatch `enabled` and `transition`.
 */
import { cutAtDepth } from './collector';
import { createFrameReader } from './frames';
import { linesOf } from './lines';
import type { Parser } from './parser';
import { readProcFile } from './procFileContents';
import { readProcHeading, type ProcFile } from './procHeadings';
import { createTaskList, newDraft, type Draft } from './taskList';
import type { MachineFacts } from './types';

export const parseProcFiles: Parser = (text, complaints) => {
  const drafts = new Map<number, Draft>();
  const facts: MachineFacts = {};
  const patches = new Map<string, { enabled?: string; transition?: string }>();
  const frames = createFrameReader('address');
  let file: ProcFile | undefined;
  let prefix = '';
  const seen = { threads: false, stacks: false };

  const draftOf = (pid: number): Draft => {
    const draft = drafts.get(pid) ?? newDraft(pid);
    drafts.set(pid, draft);
    return draft;
  };

  for (const lines = linesOf(text); lines.next();) {
    const { line, number } = lines;
    if (line.startsWith('[<')) {
      take(line, number);
      continue;
    }
    // grep names the file in every line of it.
    if (prefix !== '' && line.startsWith(prefix)) {
      take(line.slice(prefix.length), number);
      continue;
    }
    prefix = '';
    const heading = readProcHeading(line, file);
    if (heading === 'ignore') continue;
    if (heading === undefined) {
      if (file !== undefined && file.name !== 'stack') take(line, number);
      else complaints.add(number, 'neither a stack entry nor a file\'s name');
      continue;
    }
    if (heading.gone === true) {
      // Of a file that a kernel does not have (patch_state), the task is there all the same.
      if (heading.file.pid !== undefined && heading.file.name === 'stack') drafts.delete(heading.file.pid);
      continue;
    }
    // A thread may be printed twice, as its process and as a task of it: the stack told last counts.
    if (heading.file.pid !== undefined && heading.file.name === 'stack' && !sameFile(heading.file, file)) draftOf(heading.file.pid).frames = [];
    file = heading.file;
    seen.threads ||= file.thread;
    if (file.pid !== undefined) {
      const draft = draftOf(file.pid);
      if (heading.comm !== undefined) draft.comm = heading.comm;
      if (heading.unreadable === true) draft.incomplete = 'it could not be read';
    }
    if (heading.content !== undefined) {
      prefix = line.slice(0, line.length - heading.content.length);
      take(heading.content, number);
    }
  }

  const tasks = createTaskList(true);
  for (const draft of drafts.values()) tasks.add(cutAtDepth(draft));
  const moving = [...patches.values()].find(({ transition }) => transition === '1');
  if (moving?.enabled === '0' || moving?.enabled === '1') facts.transitionTo = moving.enabled === '1' ? 1 : 0;
  const untold: string[] = [];
  if (!seen.stacks) untold.push('no stack is told, so nothing can be said of a task but whether it has switched');
  else if (!seen.threads) untold.push('only the first thread of each process is told: the stacks of all are in /proc/PID/task/TID/stack');
  return { tasks, facts, untold };

  function take(line: string, number: number): void {
    if (file === undefined) {
      complaints.add(number, 'a stack entry without a task');
      return;
    }
    const { pid, name, patch } = file;
    if (patch !== undefined) patches.set(patch, { ...patches.get(patch), [name]: line.trim() });
    else if (pid !== undefined && name !== 'stack') {
      if (!readProcFile(name, line, draftOf(pid))) complaints.add(number, `not what ${name} holds`);
    } else if (pid !== undefined && line !== '') {
      seen.stacks = true;
      const draft = draftOf(pid);
      const found = frames.read(line);
      if (found === undefined) {
        complaints.add(number, 'no stack entry');
        draft.incomplete = 'a line of it could not be read';
      } else if (found !== 'end') (found.reliable ? draft.frames : draft.possible).push(found.frame);
    }
  }
};

function sameFile(one: ProcFile, other: ProcFile | undefined): boolean {
  return other !== undefined && one.pid === other.pid && one.name === other.name && one.thread === other.thread;
}
