import type { Blocker, Pass, Trace } from '../../server/src/simulate/types';
import { family } from './lanes';
import { seconds } from './time';

/** What happens, in two or three sentences that need no knowledge of livepatch to follow. */
export interface Story {
  readonly tone: 'good' | 'bad';
  readonly headline: string;
  readonly sentences: readonly string[];
}

export function storyOf(trace: Trace): Story {
  return { tone: trace.outcome === 'complete' ? 'good' : 'bad', headline: headlineOf(trace), sentences: [...whyOf(trace), ...eventsOf(trace)] };
}

function headlineOf(trace: Trace): string {
  const end = trace.completeMs === null ? trace.endNs : trace.completeMs * 1e6;
  const pass = trace.passes.at(-1);
  switch (trace.outcome) {
    case 'complete':
      return `Completes after ${seconds(end)}${pass ? `, at pass ${pass.index}` : ''}.`;
    case 'stuck':
      return `Does not complete: given up after ${seconds(trace.endNs)} and ${count(trace.passes.length, 'pass', 'passes')}.`;
    case 'unsafe':
      return `Completes after ${seconds(end)} by force, which is not safe.`;
    case 'failed':
      return `Is not applied${trace.actions.some(({ kind }) => kind === 'reverse' || kind === 'disable') ? ': it was reversed' : ''}.`;
  }
}

/** Why it took as long as it took: who stood in the way at the last pass that failed. */
function whyOf(trace: Trace): readonly string[] {
  const failed = trace.passes.filter((pass) => pass.blockers.length > 0);
  const last = failed.at(-1);
  if (last === undefined) return ['Nobody was in the patched functions at the first look.'];
  if (trace.outcome === 'stuck') return [`${who(last.blockers)} ${last.blockers.length === 1 ? 'is' : 'are'} still ${where(last.blockers)}.`];
  if (last.index === 0 && last.blockers.every((blocker) => blocker.reason === 'running')) {
    return [`Nobody slept in the patched functions; at pass 0, ${who(last.blockers)} could not be looked at while running.`];
  }
  return [`${who(last.blockers)} ${last.blockers.length === 1 ? 'was' : 'were'} ${where(last.blockers)} ${untilWhat(trace, last)}.`];
}

/** A blocker that let go right after a signal did so because of it: passes come a second apart. */
function untilWhat(trace: Trace, last: Pass): string {
  const signal = trace.signals.find(({ atNs }) => atNs >= last.atNs && atNs - last.atNs < 1e9);
  if (signal !== undefined) return `until the kernel signaled remaining tasks at ${seconds(signal.atNs)}`;
  const action = trace.actions.find(({ atNs, kind }) => atNs >= last.atNs && kind !== 'signal');
  return action === undefined ? `until after pass ${last.index} at ${seconds(last.atNs)}` : `until ${actionWords[action.kind]} at ${seconds(action.atNs)}`;
}

function eventsOf(trace: Trace): readonly string[] {
  // That an action went through shows in the picture and in what was said before; that it was refused does not.
  return trace.actions
    .filter(({ result }) => result !== 'ok')
    .map(({ atNs, kind, result }) => sentence(`${capital(actionWords[kind])} at ${seconds(atNs)}: ${result}`));
}

const actionWords: Record<Trace['actions'][number]['kind'], string> = {
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

function who(blockers: readonly Blocker[]): string {
  const families = new Map<string, Blocker[]>();
  for (const blocker of blockers) families.set(family(blocker.comm), [...(families.get(family(blocker.comm)) ?? []), blocker]);
  const names = [...families].map(([name, members]) => (members.length === 1 ? (members[0]?.comm ?? name) : `${name} ×${members.length}`));
  return names.length <= 3 ? list(names) : `${names.slice(0, 2).join(', ')} and ${blockersBeyond([...families.values()].slice(2))} more tasks`;
}

function blockersBeyond(families: readonly (readonly Blocker[])[]): number {
  return families.reduce((sum, members) => sum + members.length, 0);
}

function where(blockers: readonly Blocker[]): string {
  const functions = [...new Set(blockers.flatMap((blocker) => blocker.function ?? []))];
  if (functions.length > 0) return `in ${functions.length <= 3 ? list(functions) : `${functions.length} of the patched functions`}`;
  const reasons = new Set(blockers.map((blocker) => blocker.reason));
  return list([...reasons].map((reason) => reasonWords[reason]));
}

export const reasonWords: Record<Blocker['reason'], string> = {
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

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function sentence(text: string): string {
  return text.endsWith('.') ? text : `${text}.`;
}
