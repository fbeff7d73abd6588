/** The door to what the size of a machine means for the systems. */
export { sweepBatch, type SweepItem } from './batch';
export { BETWEEN_MS, VISIT_MS } from './machines';
export { sweepUpTo, SWEPT_MODELS, type SweepOrder } from './order';
export { sweepOf, type Crowd, type Stop, type Sweep } from './sweep';
