/** Runs a batch of simulations in threads (dist/batchWorker.js). */
import { Worker } from 'node:worker_threads';
import { batchOf, type BatchOrder, type ItemOf } from '../simulate/batch';

/** What threads share: how many items are taken, and whether to stop. */
export const Shared = { taken: 0, stop: 1, numbers: 2 } as const;

export interface ThreadOrder {
  readonly order: BatchOrder;
  readonly shared: Int32Array;
}

export interface ThreadAnswer {
  readonly index: number;
  readonly item: unknown;
}

export interface BatchOptions {
  /** Threads, at least 1. The results do not depend on it. */
  readonly jobs: number;
  /** Path of the built batchWorker.js. */
  readonly worker: string;
  /** Ends it with what is done by then. */
  readonly signal?: AbortSignal;
  /** Ten times a second at most. */
  readonly progress?: (done: number, total: number) => void;
}

/**
 * @returns the items' results in their order: all of them, or when it was aborted those in front of the first that is not done. What was done
 * behind it is left out: items that end soon would count too much
 */
export async function runBatch<O extends BatchOrder>(order: O, { jobs, worker, signal, progress }: BatchOptions): Promise<ItemOf<O>[]> {
  const { count } = batchOf(order);
  const shared = new Int32Array(new SharedArrayBuffer(Shared.numbers * Int32Array.BYTES_PER_ELEMENT));
  const results = new Map<number, ItemOf<O>>();
  const stop = (): void => { Atomics.store(shared, Shared.stop, 1); };
  if (signal?.aborted === true) return [];
  signal?.addEventListener('abort', stop);
  const timer = progress && setInterval(() => { progress(results.size, count); }, 100);
  // The thread made it from the order, so it is of the order's kind.
  const take = ({ index, item }: ThreadAnswer): void => { results.set(index, item as ItemOf<O>); };
  try {
    await Promise.all(Array.from({ length: Math.min(jobs, count) }, () => thread(worker, { order, shared }, take).catch((error: unknown) => {
      stop();
      throw error;
    })));
  } finally {
    clearInterval(timer);
    signal?.removeEventListener('abort', stop);
  }
  const done: ItemOf<O>[] = [];
  for (let item = results.get(0); item !== undefined; item = results.get(done.length)) done.push(item);
  return done;
}

/** Until it has ended: every answer has come by then. */
function thread(worker: string, order: ThreadOrder, take: (answer: ThreadAnswer) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const running = new Worker(worker, { workerData: order });
    running.on('message', take);
    running.once('error', reject);
    running.once('exit', (code) => {
      if (code === 0) resolve();
      else reject(new Error(`a simulating thread ended with ${code}`));
    });
  });
}
