/**
 * Kernel stacks as bpftrace prints them: a map with `kstack`, a comm and a tid in its key, whichever comes first, or
 * printf("%s %d%s\n", comm, tid, kstack); and bcc's offcputime, whose stacks end with `-  comm (tid)`.
 */
import { createFrameReader, type FrameReader } from './frames';
import { linesOf, pidOf } from './lines';
import type { Parser } from './parser';
import { createTaskList, newDraft } from './taskList';
import type { Frame } from './types';

interface Block {
  /** Keys of a map: texts between commas, in order. */
  readonly keys: string[];
  frames: Frame[];
  /** Behind the kernel's stack: what follows is the user's. */
  closed: boolean;
  broken: boolean;
}

export const parseBpftrace: Parser = (text, complaints) => {
  const tasks = createTaskList(false);
  const reader = createFrameReader('none');
  let block: Block | undefined;
  let inMap = false;

  const finish = (number: number, keys: readonly string[]): void => {
    const done = block;
    block = undefined;
    inMap = false;
    if (done === undefined) return;
    const task = taskOf(keys);
    if (task === undefined) complaints.add(number, 'a stack without a tid');
    // What has died is no task any more.
    else if (task.pid > 0 && !done.frames.some(({ name }) => name === 'do_task_dead')) {
      const draft = newDraft(task.pid);
      draft.comm = task.comm;
      draft.frames = done.frames;
      // In user mode there is no kernel stack.
      if (done.frames.length === 0) draft.state = 'R';
      if (done.broken) draft.incomplete = 'a line of it could not be read';
      tasks.add(draft);
    }
  };

  for (const lines = linesOf(text); lines.next();) {
    const { line, number } = lines;
    const told = line.trim();
    const indented = line !== '' && told !== '' && (line.charCodeAt(0) === 32 || line.charCodeAt(0) === 9);
    if (told.startsWith('@') && !indented && told.includes('[')) {
      block = newBlock();
      inMap = true;
      const rest = told.slice(told.indexOf('[') + 1);
      const close = rest.lastIndexOf(']: ');
      // An empty kernel stack is an empty key; what follows is the user's then.
      if (rest.split(',').slice(0, -1).some((key) => key.trim() === '')) block.closed = true;
      block.keys.push(...keysOf(close < 0 ? rest : rest.slice(0, close)));
      if (close >= 0) finish(number, block.keys);
    } else if (inMap && block !== undefined && !indented) {
      const close = told.lastIndexOf(']');
      if (block.frames.length > 0) block.closed = true;
      block.keys.push(...keysOf(close < 0 ? told : told.slice(0, close)));
      if (close >= 0) finish(number, block.keys);
    } else if (indented) {
      const owner = offcputimeOwner(told);
      if (owner !== undefined && !inMap) finish(number, owner);
      else takeFrame(told, number);
    } else {
      if (!inMap && block !== undefined && block.keys.length > 0) finish(number, block.keys);
      if (!inMap && told !== '' && !isNoise(told)) {
        block = newBlock();
        block.keys.push(...told.split(' '));
      }
    }
  }
  if (block !== undefined && !inMap && block.keys.length > 0) finish(0, block.keys);
  else if (block !== undefined && inMap) complaints.add(0, 'the last map breaks off');
  return { tasks, facts: {}, untold: ['tasks that did nothing while it was traced are missing', 'modules are not told: functions are compared by name alone'] };

  function takeFrame(told: string, number: number): void {
    // offcputime's times stand alone behind their stack.
    if (block === undefined && /^\d+$/.test(told)) return;
    block ??= newBlock();
    if (block.closed) return;
    const frame = readFrame(reader, told);
    if (frame !== undefined) block.frames.push(frame);
    else {
      complaints.add(number, 'no stack entry');
      block.broken = true;
    }
  }
};

const newBlock = (): Block => ({ keys: [], frames: [], closed: false, broken: false });

const keysOf = (text: string): string[] => text.split(',').map((key) => key.trim()).filter((key) => key !== '');

/** `Attaching 2 probes...`, column titles, counters. */
function isNoise(told: string): boolean {
  return told.startsWith('Attaching ') || told.startsWith('Tracing ') || told.startsWith('@') || told.startsWith('^C');
}

/** With `kstack(perf)` the address stands before the name. */
function readFrame(reader: FrameReader, told: string): Frame | undefined {
  const space = told.indexOf(' ');
  const found = reader.read(space === 16 && /^[0-9a-f]{16}$/.test(told.slice(0, 16)) ? told.slice(17) : told);
  return found === undefined || found === 'end' ? undefined : found.frame;
}

/** `-                tar (18235)` -> `tar`, `18235`. */
function offcputimeOwner(told: string): readonly string[] | undefined {
  if (!told.startsWith('- ') || !told.endsWith(')')) return undefined;
  const open = told.lastIndexOf(' (');
  return open < 0 ? undefined : [told.slice(2, open).trim(), told.slice(open + 2, -1)];
}

/** The last number is the tid; what else is told is the comm. */
function taskOf(keys: readonly string[]): { readonly pid: number; readonly comm: string } | undefined {
  const numbers = keys.filter((key) => key === '0' || pidOf(key) !== undefined);
  const last = numbers.at(-1);
  if (last === undefined) return undefined;
  const comm = keys.filter((key) => !numbers.includes(key)).join(' ');
  return { pid: Number(last), comm: comm === '' ? '?' : comm };
}
