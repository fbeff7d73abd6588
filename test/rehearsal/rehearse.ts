/** npm run rehearse:qemu: prints, for each patch, what the kernel did beside what the simulator said. Ends with 1 where they differ. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RehearsalParts } from '../../scripts/rehearsal.mjs';
import { compare } from './compare';
import { read } from './console';
import { rehearse, type Plan } from './guest';

/** What scripts/rehearse-qemu.mjs hands on. */
interface Order {
  readonly parts: RehearsalParts;
  readonly plan: Plan;
  /** The top of this project. */
  readonly root: string;
  /** Where what the guest said is kept; nowhere when empty. */
  readonly keep: string;
}

async function run({ parts, plan, root, keep }: Order): Promise<boolean> {
  const recorded = await rehearse(parts, plan, root);
  if (keep !== '') {
    mkdirSync(keep, { recursive: true });
    writeFileSync(join(keep, 'console'), recorded.console);
    writeFileSync(join(keep, 'found'), recorded.found);
  }
  let isRight = true;
  for (const rehearsed of read(recorded)) {
    const functions = plan.patches[rehearsed.id - 1] ?? [];
    process.stdout.write(`\n${functions.join(', ')}\n`);
    if (keep !== '') writeFileSync(join(keep, `${rehearsed.id}.klpsnap`), rehearsed.snapshot);
    for (const { what, kernel, simulated, agrees } of compare(rehearsed, functions, plan.seconds)) {
      isRight &&= agrees;
      process.stdout.write(`  ${agrees ? 'agree ' : 'DIFFER'}  ${what}\n            kernel     ${kernel}\n            simulated  ${simulated}\n`);
    }
  }
  return isRight;
}

void run(JSON.parse(process.argv[2] ?? '') as Order).then(
  (isRight) => { process.exitCode = isRight ? 0 : 1; },
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 2;
  },
);
