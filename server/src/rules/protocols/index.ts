/** Rules that functions keep with one another: locks, references, allocations. */
import type { Rule } from '../rule';

export const protocolRules: readonly Rule[] = [];
