/** Runs an order in a thread (dist/indexWorker.js). */
import { Worker } from 'node:worker_threads';

/** What the thread answers; rejects with what it throws, and when it ends without an answer. */
export function inThread<T>(script: string, order: object): Promise<T> {
  return new Promise((resolve, reject) => {
    const thread = new Worker(script, { workerData: order });
    thread.once('message', resolve);
    thread.once('error', reject);
    thread.once('exit', (code) => { reject(new Error(`an indexing thread ended with ${code}`)); });
  });
}
