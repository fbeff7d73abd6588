/** Runs an order in a thread (dist/indexWorker.js), and what goes between threads. */
import { MessageChannel, Worker } from 'node:worker_threads';
import type { Segment } from '../kernel/index/segment';

/** What the thread answers; rejects with what it throws, and when it ends without an answer. */
export function inThread<T>(script: string, order: object): Promise<T> {
  return new Promise((resolve, reject) => {
    const thread = new Worker(script, { workerData: order });
    thread.once('message', resolve);
    thread.once('error', reject);
    thread.once('exit', (code) => { reject(new Error(`an indexing thread ended with ${code}`)); });
  });
}

/** The memory a segment lies in, to be given to another thread. */
export const buffersOf = (segment: Segment | undefined): ArrayBuffer[] => [...new Set((segment?.parts ?? []).flat().map((piece) => piece.buffer as ArrayBuffer))];

/** Gives a segment's memory back at once: the collector, which sees only a small object, leaves it for many seconds. */
export function release(segment: Segment): void {
  const { port1, port2 } = new MessageChannel();
  port1.postMessage(undefined, buffersOf(segment));
  port1.close();
  port2.close();
}
