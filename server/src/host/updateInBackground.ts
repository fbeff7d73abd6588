/** Brings an index up to date in a thread, so that whoever waits for it can do other things. */
import type { IndexOptions, IndexSummary } from './indexing';
import { Shared, sharedCounters } from './indexJob';
import { inThread } from './indexThread';
import type { UpdateAnswer, UpdateOrder } from './indexWorker';

export interface BackgroundOptions extends Pick<IndexOptions, 'jobs' | 'memory' | 'signal' | 'progress'> {
  /** Path of the built indexWorker.js. */
  readonly worker: string;
}

/** As `updateIndex`, whose errors become rejections with their message; so does the thread's own end. Settles when nothing is being written any more. */
export async function updateInBackground(root: string, path: string, { jobs, memory, worker, signal, progress }: BackgroundOptions): Promise<IndexSummary> {
  signal?.throwIfAborted();
  const shared = sharedCounters();
  const stop = (): void => { Atomics.store(shared, Shared.stop, 1); };
  signal?.addEventListener('abort', stop);
  const timer = progress && setInterval(() => { progress(Atomics.load(shared, Shared.done), Atomics.load(shared, Shared.total)); }, 100);
  const order: UpdateOrder = { kind: 'update', root, path, jobs, shared, ...(jobs > 1 ? { worker } : {}), ...(memory === undefined ? {} : { memory }) };
  try {
    const answer = await inThread<UpdateAnswer>(worker, order);
    if ('summary' in answer) return answer.summary;
    signal?.throwIfAborted();
    throw new Error(answer.failure);
  } finally {
    clearInterval(timer);
    signal?.removeEventListener('abort', stop);
  }
}
