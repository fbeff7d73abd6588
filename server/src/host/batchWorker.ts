/** The threads of a batch (dist/batchWorker.js): each takes the next item until there is none. */
import { parentPort, workerData } from 'node:worker_threads';
import { batchOf } from '../simulate/batch';
import { Shared, type ThreadAnswer, type ThreadOrder } from './batch';

const { order, shared } = workerData as ThreadOrder;
const batch = batchOf(order);
const shouldStop = (): boolean => Atomics.load(shared, Shared.stop) !== 0;
for (let index = Atomics.add(shared, Shared.taken, 1); index < batch.count && !shouldStop(); index = Atomics.add(shared, Shared.taken, 1)) {
  const item = batch.run(index, shouldStop);
  if (item === undefined) break;
  parentPort?.postMessage({ index, item } satisfies ThreadAnswer);
}
