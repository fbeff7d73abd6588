/** What the compiler makes of the edit beyond the edited text. */
import type { Rule } from '../rule';
import { inlinedCallers } from './inlinedCallers';
import { noFunctionalChange } from './noFunctionalChange';

export const inliningRules: readonly Rule[] = [inlinedCallers, noFunctionalChange];
