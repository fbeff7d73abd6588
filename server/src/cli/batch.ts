/** Many simulations in threads, with progress; Ctrl-C ends them with what is done. */
import { join } from 'node:path';
import { runBatch } from '../host/batch';
import type { BatchOrder, ItemOf } from '../simulate/batch';
import { untilInterrupted } from './interrupt';
import type { Terminal } from './terminal';

/** Beside the program (scripts/build.mjs). */
const worker = join(__dirname, 'batchWorker.js');

/**
 * @param items what the order's items are called, in the plural
 * @param jobs threads, at least 1; the results do not depend on it
 * @returns all results in the items' order; after Ctrl-C those in front of the first that is not done
 */
export async function simulateBatch<O extends BatchOrder>(order: O, items: string, jobs: number, terminal: Terminal): Promise<ItemOf<O>[]> {
  const progress = (done: number, total: number): void => { terminal.progress(`simulating: ${done} of ${total} ${items}`); };
  const done = await untilInterrupted('cancelled', (signal) => runBatch(order, { jobs, worker, signal, progress }));
  terminal.progress('');
  return done;
}
