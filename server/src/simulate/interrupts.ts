/** Interrupts: they borrow the CPU of whoever runs there, and what they call is resolved in their own context. */
import type { Call, FrameHolder } from './call';
import { inUserMode, type Thread } from './thread';
import type { Interrupt } from './types';
import type { WorldParts } from './world-parts';

type Calling = Interrupt['calls'][number];

/** @param currentOn who is on the CPU: a thread, or its idle thread */
export function planInterrupts({ machine, queue, random, calls, hooks }: WorldParts, currentOn: (cpu: number) => Thread): void {
  const plan = (interrupt: Interrupt, cpu: number): void => {
    const at = interrupt.context === 'nmi' ? queue.atEvenStopped : queue.at;
    at(queue.now() + random.duration(interrupt.every), () => {
      arrive(interrupt, cpu);
      plan(interrupt, cpu);
    });
  };

  function arrive(interrupt: Interrupt, cpu: number): void {
    const thread = currentOn(cpu);
    const holder: FrameHolder = { frames: [], first: undefined };
    for (const each of interrupt.calls) call({ name: each.call, context: interrupt.context, thread, cpu }, each, holder);
    // The way out of an interrupt leads through the same loop as that of a system call; an NMI's does not.
    if (interrupt.context !== 'nmi' && thread.where === 'cpu' && inUserMode(thread)) hooks.exitToUser(thread);
  }

  function call(what: Call, { steps = [] }: Calling, holder: FrameHolder): void {
    const framed = calls.enter(what, holder) !== undefined;
    for (const step of steps) if ('call' in step) call({ ...what, name: step.call }, step, holder);
    if (framed) calls.leave(holder);
  }

  for (const interrupt of machine.interrupts ?? []) {
    if (interrupt.cpu !== undefined) plan(interrupt, interrupt.cpu);
    else for (let cpu = 0; cpu < machine.cpus; cpu++) plan(interrupt, cpu);
  }
}
