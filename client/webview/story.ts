import type { BlockerRow, PassView, TraceView } from '../../server/src/simulate/types';
import { duration, seconds } from './time';

/** What happens, in two or three sentences that need no knowledge of livepatch to follow. */
export interface Story {
  readonly tone: 'good' | 'bad';
  readonly headline: string;
  readonly sentences: readonly string[];
}

export function storyOf(trace: TraceView): Story {
  return { tone: trace.outcome === 'complete' ? 'good' : 'bad', headline: headlineOf(trace), sentences: [...whyOf(trace), ...eventsOf(trace)] };
}

function headlineOf(trace: TraceView): string {
  const end = trace.completeMs === null ? trace.endNs : trace.completeMs * 1e6;
  const pass = trace.passes.at(-1);
  switch (trace.outcome) {
    case 'complete':
      return `Completes after ${end < 1e9 ? duration(end) : seconds(end)}${pass ? `, at ${turn(trace, pass.index)}` : ''}.`;
    case 'stuck':
      return `Does not complete: given up after ${seconds(trace.endNs)} and ${tries(trace)}.`;
    case 'unsafe':
      return `Completes after ${seconds(end)} by force, which is not safe.`;
    case 'failed':
      return `Is not applied${trace.actions.some(({ kind }) => kind === 'reverse' || kind === 'disable') ? ': it was reversed' : trace.attempts > 1 ? `: it was given up after ${trace.attempts} attempts` : ''}.`;
  }
}

/** Systems that stop the machine try; the others look, pass after pass. */
const stops = ({ pauses }: TraceView): boolean => pauses.length > 0;

const turn = (trace: TraceView, index: number): string => (!stops(trace) ? `pass ${index}` : trace.attempts === 1 ? 'the first attempt' : `the last of ${trace.attempts} attempts`);

const tries = (trace: TraceView): string => (stops(trace) ? count(trace.attempts, 'attempt', 'attempts') : count(trace.passes.length, 'pass', 'passes'));

/** Why it took as long as it took: who stood in the way at the last pass that failed. */
function whyOf(trace: TraceView): readonly string[] {
  const failed = trace.passes.filter((pass) => pass.blocking > 0);
  const last = failed.at(-1);
  if (last === undefined) return [trace.passes.length === 0 ? 'Nobody is asked what they are doing.' : 'Nobody was in the patched functions at the first look.', ...pauseOf(trace)];
  if (trace.outcome === 'stuck') return [`${who(last)} ${last.blocking === 1 ? 'is' : 'are'} still ${where(trace, last)}.`];
  if (last.index === 0 && last.rows.every((row) => row.reason === 'running')) {
    return [`Nobody slept in the patched functions; at pass 0, ${who(last)} could not be looked at while running.`];
  }
  return [`${who(last)} ${last.blocking === 1 ? 'was' : 'were'} ${where(trace, last)} ${untilWhat(trace, last)}.`];
}

function pauseOf({ pauseMs }: TraceView): readonly string[] {
  return pauseMs === 0 ? [] : [`Everything stands still for ${duration(pauseMs * 1e6)}.`];
}

/** A blocker that let go right after a signal did so because of it: passes come a second apart. */
function untilWhat(trace: TraceView, last: PassView): string {
  const signal = trace.signals.find(({ atNs }) => atNs >= last.atNs && atNs - last.atNs < 1e9);
  if (signal !== undefined) return `until the kernel signaled remaining tasks at ${seconds(signal.atNs)}`;
  const action = trace.actions.find(({ atNs, kind }) => atNs >= last.atNs && kind !== 'signal');
  if (trace.outcome === 'failed' && action === undefined) return `at ${turn(trace, last.index)}, ${seconds(last.atNs)}`;
  return action === undefined ? `until after ${turn(trace, last.index)} at ${seconds(last.atNs)}` : `until ${actionWords[action.kind]} at ${seconds(action.atNs)}`;
}

function eventsOf(trace: TraceView): readonly string[] {
  // That an action went through shows in the picture and in what was said before; that it was refused does not.
  return trace.actions
    .filter(({ result }) => result !== 'ok')
    .map(({ atNs, kind, result }) => sentence(`${capital(actionWords[kind])} at ${seconds(atNs)}: ${result}`));
}

const actionWords: Record<TraceView['actions'][number]['kind'], string> = {
  enable: 'a patch was enabled',
  replace: 'a patch that replaces all others was loaded',
  reverse: 'the transition was reversed',
  disable: 'the patch was disabled',
  force: 'the remaining tasks were forced',
  signal: 'tasks were signaled by hand',
  'load module': 'a module was loaded',
  'unload module': 'a module was removed',
  poke: 'a task was stopped and continued',
  parameter: 'a module parameter was written',
  ftrace: 'kernel.ftrace_enabled was written',
  call: 'a process called a function',
  sysfs: 'sysfs was looked at',
};

function who({ rows, blocking, moreRows }: PassView): string {
  const families = new Map<string, { readonly tasks: number; readonly name: string }>();
  for (const { family, only, tasks } of rows) {
    const all = tasks + (families.get(family)?.tasks ?? 0);
    families.set(family, { tasks: all, name: all === 1 && only !== undefined ? only.comm : `${family} ×${all}` });
  }
  const names = [...families.values()];
  if (names.length <= 3 && moreRows === 0) return list(names.map(({ name }) => name));
  const first = names.slice(0, 2);
  return `${first.map(({ name }) => name).join(', ')} and ${blocking - first.reduce((sum, { tasks }) => sum + tasks, 0)} more tasks`;
}

function where({ patch }: TraceView, { rows }: PassView): string {
  const functions = [...new Set(rows.flatMap((row) => row.function ?? []))];
  const checked = new Set(patch.functions.flatMap(({ name, inlinedInto = [] }) => [name, ...inlinedInto]));
  // kGraft waits for whoever has not left the kernel, in whatever function.
  if (functions.length > 3 && functions.some((name) => !checked.has(name))) return 'asleep in the kernel';
  if (functions.length > 0) return `in ${functions.length <= 3 ? list(functions) : `${functions.length} of the patched functions`}`;
  const reasons = new Set(rows.map((row) => row.reason));
  return list([...reasons].map((reason) => reasonWords[reason]));
}

export const reasonWords: Record<BlockerRow['reason'], string> = {
  running: 'running on a CPU',
  sleeping: 'asleep',
  unreliable: 'on a stack the kernel cannot walk reliably',
  unknown: 'possibly in a patched function',
};

export function list(words: readonly string[]): string {
  return words.length < 2 ? (words[0] ?? '') : `${words.slice(0, -1).join(', ')} and ${words.at(-1) ?? ''}`;
}

export function count(n: number, one: string, many: string): string {
  return `${n} ${n === 1 ? one : many}`;
}

export function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function sentence(text: string): string {
  return text.endsWith('.') ? text : `${text}.`;
}
