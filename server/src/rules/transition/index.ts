/** Whether all tasks can ever cross over, and what is left behind. */
import type { Rule } from '../rule';

export const transitionRules: readonly Rule[] = [];
