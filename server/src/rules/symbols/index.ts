/** Symbols, exports and what is checked when the module is loaded. */
import type { Rule } from '../rule';

export const symbolRules: readonly Rule[] = [];
