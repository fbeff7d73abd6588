/**
 * What a simulation takes and gives. All of it is plain, serialisable data; the same input always gives
 * the same trace, byte for byte.
 *
 * Times: `...Ns` are integer nanoseconds and `...Ms` milliseconds, both counted from the moment the patch
 * is loaded (the kernel's "enabling patch" line). Doubles hold integers exactly up to 2^53 ns = 104 days.
 */
export type * from './costs';
export type * from './input';
export type * from './machine';
export type * from './patch';
export type * from './scenario';
export type * from './switching';
export type * from './trace';
export type * from './view';
