/** What single lines of /proc/PID/{comm,stat,status,patch_state} say of a task (proc(5); fs/proc/array.c). */
import { pidOf } from './lines';
import { taskState, type Draft } from './taskList';

/** PF_KTHREAD of include/linux/sched.h, in the flags of /proc/PID/stat. */
const PF_KTHREAD = 0x0020_0000;

/** @returns false when the line is not what the file holds; files that say nothing here are passed over */
export function readProcFile(file: string, line: string, draft: Draft): boolean {
  switch (file) {
    case 'comm':
      if (line !== '') draft.comm = line;
      return line.length <= 64;
    case 'patch_state': {
      const value = line.trim();
      if (value === '') return true;
      if (value !== '-1' && value !== '0' && value !== '1') return false;
      draft.patchState = value === '-1' ? -1 : value === '0' ? 0 : 1;
      return true;
    }
    case 'stat':
      return line === '' || readStat(line, draft);
    case 'status':
      readStatus(line, draft);
      return true;
    default:
      return true;
  }
}

/** `834 (nfsd) S 2 0 0 0 -1 2129984 ...`: the comm may hold parentheses, the last one closes it. */
function readStat(line: string, draft: Draft): boolean {
  const open = line.indexOf('(');
  const close = line.lastIndexOf(') ');
  const fields = line.slice(close + 2).split(' ', 8);
  const state = taskState(fields[0]);
  const flags = Number(fields[6]);
  if (open < 0 || close < open || state === undefined || !Number.isSafeInteger(flags)) return false;
  draft.comm = line.slice(open + 1, close);
  draft.state = state;
  draft.kthread = Math.floor(flags / PF_KTHREAD) % 2 === 1;
  return true;
}

function readStatus(line: string, draft: Draft): void {
  const colon = line.indexOf(':');
  const value = line.slice(colon + 1).trim();
  switch (line.slice(0, colon)) {
    case 'Name':
      draft.comm = value;
      break;
    case 'State': {
      const state = taskState(value[0]);
      if (state !== undefined) draft.state = state;
      break;
    }
    case 'Tgid': {
      const tgid = pidOf(value);
      if (tgid !== undefined) draft.tgid = tgid;
      break;
    }
    case 'Kthread':
      draft.kthread = value === '1';
  }
}
