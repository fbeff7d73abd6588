import type { Block, BlockerRow, Group, SwitchCause, TaskState, TraceView } from '../../server/src/simulate/types';
import { isInterrupts } from './interrupts';
import { labelOf } from './lanes';
import { list, reasonWords } from './story';
import { seconds } from './time';

/** A lane in one sentence: what a screen reader says for it. */
export function laneSentence(group: Group, trace: TraceView): string {
  if (isInterrupts(group)) return `${labelOf(group)}: ${interruptsFate(group, trace)}`;
  return `${labelOf(group)}: ${[...group.blocks.map(blockText), fateOf(group, trace)].join('; ')}`;
}

/** For lanes of interrupts. */
export function interruptsFate({ fate, tasks }: Group, { actions }: TraceView): string {
  const from = fate.kind === 'switched' ? seconds(fate.atNs) : '';
  const universe = wasReversed({ actions }) ? 'the universe changed last' : 'new code';
  return `${tasks > 1 ? `on all CPUs in ${universe} from` : `in ${universe} from`} ${from} on`;
}

/** Whether the operator took the patch back and the kernel agreed. */
export const wasReversed = ({ actions }: Pick<TraceView, 'actions'>): boolean => actions.some(({ kind, result }) => (kind === 'reverse' || kind === 'disable') && result === 'ok');

const blockText = (block: Block): string => `${passesOf(block)}: ${reasonWords[block.reason]}${block.function === undefined ? '' : ` in ${block.function}`}`;

export function passesOf({ fromPass, toPass }: Block): string {
  return fromPass === toPass ? `pass ${fromPass}` : `passes ${fromPass}–${toPass}`;
}

export function fateOf({ fate, tasks, blocks }: Pick<Group, 'fate' | 'tasks' | 'blocks'>, trace: TraceView): string {
  if (fate.kind === 'pending') return `not switched when the preview ends at ${seconds(trace.endNs)}`;
  if (fate.kind === 'none') return blocks.length > 0 && wasReversed(trace) ? 'not switched: the patch was taken back' : 'needed no switch';
  if (tasks > 1) return `all switched by ${seconds(fate.atNs)}, the last one: ${causeWords[fate.cause]}`;
  return `switched at ${seconds(fate.atNs)}: ${causeWords[fate.cause]}`;
}

/** What lets a blocker go in this run. */
export function releaseOf({ fate, tasks }: Pick<BlockerRow, 'fate' | 'tasks'>, trace: TraceView): string {
  if (fate.kind === 'pending') return `Not released before the preview ends at ${seconds(trace.endNs)}.`;
  if (fate.kind === 'none') return trace.outcome === 'failed' ? 'Let go when the patch was taken back.' : 'Ends before it has to switch.';
  return `${tasks > 1 ? 'The last goes on' : 'Goes on'} at ${seconds(fate.atNs)}: ${causeWords[fate.cause]}.`;
}

export const causeWords: Record<SwitchCause, string> = {
  'stack check': 'stack found clean',
  'exit to user': 'returned to user space',
  idle: 'left the idle loop',
  cond_resched: 'at cond_resched()',
  'freezable sleep': 'when it went to sleep',
  fork: 'inherited at fork',
  forced: 'forced',
  offline: 'CPU is offline',
  'system call': 'at the beginning of a system call',
  'safe point': 'at a safe point of its main loop',
  'machine stopped': 'with everybody else, while the machine stood still',
  'new kernel': 'with the new kernel',
  redirection: 'when the last function was redirected',
};

const kindWords = { user: 'user task', kthread: 'kernel thread', idle: 'idle task' } as const;

export function kindsOf(kinds: Group['kinds']): string {
  return list(kinds.map((kind) => kindWords[kind]));
}

/** The letter that ps shows, and what it stands for. */
export const stateWords: Record<TaskState, string> = {
  R: 'R, running',
  S: 'S, interruptible sleep',
  D: 'D, uninterruptible sleep',
  I: 'I, idle',
  T: 'T, stopped',
  t: 't, traced',
  Z: 'Z, zombie',
};

export function nameOf({ family, only, tasks }: BlockerRow): string {
  return only === undefined ? `${family} ×${tasks}` : `${only.comm}${only.pid === 0 ? '' : ` (${only.pid})`}`;
}
