import type { Group, TraceView } from '../../../server/src/simulate/types';
import { seconds } from '../../webview/time';

/** Whom a patched function kept from switching, as far as the trace shows lanes. */
export interface HeldUp {
  /** Tasks that were seen in it. */
  readonly tasks: number;
  /** Imagined ones: nobody was seen there, but they can sleep in it. */
  readonly imagined: number;
  /** When the last of them was out of its way; undefined when it never was. */
  readonly untilNs: number | undefined;
}

/** By function. */
export function heldUpBy({ groups, passes }: Pick<TraceView, 'groups' | 'passes'>): ReadonlyMap<string, HeldUp> {
  const held = new Map<string, HeldUp>();
  for (const group of groups.families) {
    for (const name of new Set(group.blocks.flatMap((block) => block.function ?? []))) {
      const before = held.get(name) ?? { tasks: 0, imagined: 0, untilNs: 0 };
      const until = endOf(group, name, passes);
      // A task that is imagined has a ? before its name (simulate/hypothetical.ts).
      const kind = group.label.startsWith('?') ? 'imagined' : 'tasks';
      held.set(name, { ...before, [kind]: before[kind] + group.tasks, untilNs: until === undefined || before.untilNs === undefined ? undefined : Math.max(until, before.untilNs) });
    }
  }
  return held;
}

/** A group that was found elsewhere later was out of the function by the pass behind. */
function endOf({ blocks, fate }: Group, name: string, passes: TraceView['passes']): number | undefined {
  const at = blocks.findLastIndex((block) => block.function === name);
  const next = blocks[at + 1];
  if (next !== undefined) return passes.find(({ index }) => index >= next.fromPass)?.atNs ?? 0;
  return fate.kind === 'switched' ? fate.atNs : fate.kind === 'none' ? 0 : undefined;
}

/** "holds up 12 tasks until 16.3 s" */
export function heldUpWords({ tasks, imagined, untilNs }: HeldUp): string {
  const all = tasks + imagined;
  const until = untilNs === undefined ? 'for good' : `until ${seconds(untilNs)}`;
  return `${tasks === 0 ? 'can hold up' : 'holds up'} ${all === 1 ? (tasks === 0 ? 'a task' : '1 task') : `${all} tasks`} ${until}`;
}
