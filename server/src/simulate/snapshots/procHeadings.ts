/** Lines that say which file of /proc comes next, or which file a line comes from. */
import { pidOf } from './lines';

export interface ProcFile {
  /** `stack`, `comm`, ...; where only a pid was printed, its stack is what follows. */
  readonly name: string;
  readonly pid?: number;
  /** The path went through /proc/PID/task. */
  readonly thread: boolean;
  /** The live patch whose file in /sys/kernel/livepatch this is. */
  readonly patch?: string;
}

export interface ProcHeading {
  readonly file: ProcFile;
  /** What the line holds of the file (`grep`). */
  readonly content?: string;
  readonly comm?: string;
  readonly unreadable?: boolean;
  /** The task ended before it was read. */
  readonly gone?: boolean;
}

/** @returns `ignore` for lines that say nothing; undefined for what is no heading */
export function readProcHeading(line: string, current: ProcFile | undefined): ProcHeading | 'ignore' | undefined {
  if (line.length > 400) return undefined;
  const text = line.trim();
  if (text === '') return current?.name === 'stack' || current === undefined ? 'ignore' : undefined;
  if (text.startsWith('==> ') && text.endsWith(' <==')) return headingOf(text.slice(4, -4));
  const trouble = troubleWith(text);
  if (trouble !== undefined) return trouble;
  if (text.startsWith('/proc/') || text.startsWith('/sys/kernel/livepatch/')) return pathAndMore(line);
  // Within another file than a stack, a bare number is its content.
  if (current !== undefined && current.name !== 'stack') return undefined;
  return bareTask(text);
}

/** `/proc/834/task/835/stack:[<0>] nfsd+0x8c/0xe0 [nfsd]`, `/proc/834`, `/proc/834 nginx`, `/proc/834/stack:`. */
function pathAndMore(line: string): ProcHeading | undefined {
  const end = /[:\s]/.exec(line)?.index ?? line.length;
  const heading = headingOf(line.slice(0, end));
  if (heading === undefined) return undefined;
  const rest = line.slice(end + 1);
  if (line[end] === ':' && rest.trim() !== '') return { ...heading, content: rest };
  const comm = rest.trim();
  return line[end] !== ':' && comm !== '' ? { ...heading, comm: comm.replace(/^\((.*)\)$/, '$1') } : heading;
}

function headingOf(path: string): ProcHeading | undefined {
  const parts = path.split('/').filter((part) => part !== '');
  if (parts[0] === 'sys' && parts[2] === 'livepatch') {
    const [, , , patch, name] = parts;
    return patch === undefined || name === undefined ? undefined : { file: { name: parts.at(-1) ?? name, thread: false, patch } };
  }
  if (parts[0] !== 'proc') return undefined;
  const thread = parts[2] === 'task' && parts.length > 3;
  const pid = pidOf(thread ? parts[3] : parts[1]);
  const name = parts[thread ? 4 : 2];
  return pid === undefined ? undefined : { file: { name: name === undefined || name === 'task' ? 'stack' : name, pid, thread } };
}

/** `cat: /proc/1/stack: Permission denied`, `grep: /proc/834/task/835/stack: Operation not permitted`, `tail: cannot open '...'`. */
function troubleWith(text: string): ProcHeading | 'ignore' | undefined {
  if (!/^(cat|grep|egrep|tail|head|sudo|bash|sh): /.test(text)) return undefined;
  const path = /\/proc\/[\w/]{1,100}/.exec(text)?.[0];
  const heading = path === undefined ? undefined : headingOf(path);
  if (heading === undefined) return 'ignore';
  if (/No such (file|process)/.test(text)) return { ...heading, gone: true };
  return /not permitted|denied/.test(text) ? { ...heading, unreadable: true } : 'ignore';
}

/** `834`, `834 (nginx)`, `834: nginx`, `PID 834`, `=== 834 nginx ===`, and bpf_iter's `pid:      834 num_entries:        5`. */
function bareTask(text: string): ProcHeading | undefined {
  const plain = text.replace(/^[-=#*:]+/, '').replace(/[-=#*:]+$/, '').trim().replace(/^(pid|tid|task|process)[:=#]? */i, '');
  const [, digits, more = ''] = /^(\d{1,7})(?:$|[\s:,]+(.{0,64})$)/.exec(plain) ?? [];
  const pid = pidOf(digits);
  if (pid === undefined) return undefined;
  const comm = more.trim().replace(/^\((.*)\)$/, '$1');
  const file: ProcFile = { name: 'stack', pid, thread: true };
  return comm === '' || comm.startsWith('num_entries:') ? { file } : { file, comm };
}
