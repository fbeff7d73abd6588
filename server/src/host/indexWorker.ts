/** The thread of one indexing job (dist/indexWorker.js). */
import { parentPort, workerData } from 'node:worker_threads';
import { runJob } from './indexJob';

export interface JobOrder {
  readonly root: string;
  readonly paths: readonly string[];
  readonly shared: Int32Array;
  readonly jobs: number;
}

const { root, paths, shared, jobs } = workerData as JobOrder;
const segment = runJob(root, paths, shared, jobs);
const buffers = new Set((segment?.parts ?? []).flat().map((piece) => piece.buffer as ArrayBuffer));
parentPort?.postMessage(segment, [...buffers]);
