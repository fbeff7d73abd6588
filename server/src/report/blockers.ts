/** Who stood in the way, by reason, and what to do about it. */
import type { Blocker, Lane, Trace } from '../simulate';
import { listed } from './simulation-words';

/** Blockers that have one reason and one kind of task in common. */
export interface BlockerGroup {
  readonly title: string;
  /** `comm:pid` of the first few. */
  readonly names: string;
  readonly advice: string;
}

export function blockerGroups(blockers: readonly Blocker[], trace: Trace): readonly BlockerGroup[] {
  const kinds = new Map(trace.lanes.flatMap(({ comm, kind, pids }) => pids.map((pid) => [`${comm}:${pid}`, kind])));
  const groups = new Map<string, { title: string; advice: string; names: string[] }>();
  for (const blocker of blockers) {
    const name = `${blocker.comm}:${blocker.pid}`;
    const kind = kinds.get(name) ?? 'user';
    const title = `${kind === 'idle' && blocker.reason === 'running' ? 'idle CPU' : reasonText(blocker)}${blocker.hypothetical === true ? ' (hypothetical)' : ''}`;
    const key = `${title} ${kind}`;
    const group = groups.get(key) ?? { title, advice: adviceFor(blocker, kind), names: [] };
    group.names.push(name);
    groups.set(key, group);
  }
  return [...groups.values()].map(({ title, advice, names }) => ({ title, advice, names: listed(names) }));
}

/** What it does: `asleep in do_select`. */
export function reasonText(blocker: Pick<Blocker, 'reason' | 'function'>): string {
  switch (blocker.reason) {
    case 'running':
      return 'running';
    case 'sleeping':
      return `asleep in ${blocker.function ?? 'the kernel'}`;
    case 'unreliable':
      return 'unreliable stack';
    case 'unknown':
      return blocker.function === undefined ? 'stack not known' : `perhaps asleep in ${blocker.function}`;
  }
}

/** What to expect of such a blocker, and what the operator can do. */
export function adviceFor(blocker: Blocker, kind: Lane['kind']): string {
  switch (blocker.reason) {
    case 'running':
      if (kind === 'idle') return 'an idle CPU: switches once it has something to do, at the latest when a pass wakes it';
      return kind === 'user'
        ? 'switches when it next returns to user space'
        : 'a pass must find it off its CPU; a kernel thread that never sleeps keeps the transition open: reverse';
    case 'sleeping':
      if (kind === 'idle') return 'switches when its CPU comes out of idle once';
      return kind === 'user'
        ? 'switches when the call returns: a signal (kernels from 5.1 on send one after 15 passes) frees interruptible sleeps; otherwise wait or reverse; do not force'
        : 'a kernel thread that always has this function on its stack never switches: reverse and patch a function it calls; do not force';
    case 'unreliable':
      return kind === 'user' ? 'switches when it next returns to user space' : 'no stack check can clear it: reverse, or use a kernel whose stacks can be trusted';
    case 'unknown':
      return 'the recorded stack hides scheduler functions or is empty: take a snapshot with sysrq-t to be sure';
  }
}
