/** The threads of indexing (dist/indexWorker.js): one job of several, or a whole update behind whoever waits for it. */
import { parentPort, workerData } from 'node:worker_threads';
import { messageOf } from './files';
import { updateIndex, type IndexSummary } from './indexing';
import { runJob, type JobOrder } from './indexJob';
import { buffersOf } from './indexThread';

export interface UpdateOrder {
  readonly kind: 'update';
  readonly root: string;
  readonly path: string;
  readonly jobs: number;
  /** In MB. */
  readonly memory?: number;
  /** Path of this script, for the jobs when there are several. */
  readonly worker?: string;
  readonly shared: Int32Array;
}

export type UpdateAnswer = { readonly summary: IndexSummary } | { readonly failure: string };

const order = workerData as JobOrder | UpdateOrder;
if (order.kind === 'job') {
  const segment = runJob(order);
  parentPort?.postMessage(segment, buffersOf(segment));
} else {
  void updateIndex(order.root, order.path, order)
    .then((summary): UpdateAnswer => ({ summary }), (error: unknown): UpdateAnswer => ({ failure: messageOf(error) }))
    .then((answer) => { parentPort?.postMessage(answer); });
}
