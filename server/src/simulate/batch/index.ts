/** Many simulations at a time: what a thread is sent, and what it does with it. */
import type { Batch } from './batch';
import type { RunOutline } from './outline';
import { fleetBatch, type FleetOrder, type Sample } from '../fleet';
import { sweepBatch, type SweepItem, type SweepOrder } from '../sweep';
import { repeatBatch, type RepeatOrder } from './repeat';

export type { Batch } from './batch';
export { distributions, type Distribution } from './distribution';
export { outlineOf, type LeftOver, type RunOutline } from './outline';
export type { Quantiles } from './quantiles';
export type { RepeatOrder } from './repeat';

/** By kind of order: the order, and what one of its items gives. Both are plain data. */
interface Orders {
  repeat: { order: RepeatOrder; item: readonly RunOutline[] };
  sweep: { order: SweepOrder; item: SweepItem };
  fleet: { order: FleetOrder; item: Sample };
}

export type BatchOrder = Orders[keyof Orders]['order'];
export type ItemOf<O extends BatchOrder> = Orders[O['kind']]['item'];

export function batchOf<O extends BatchOrder>(order: O): Batch<ItemOf<O>>;
export function batchOf(order: BatchOrder): Batch<ItemOf<BatchOrder>> {
  switch (order.kind) {
    case 'repeat':
      return repeatBatch(order);
    case 'sweep':
      return sweepBatch(order);
    case 'fleet':
      return fleetBatch(order);
  }
}
