/** What an edit does to data: records, variables, constants. */
import type { Rule } from '../rule';
import { structLayout } from './structLayout';
import { variableInitializer } from './variableInitializer';

export const dataRules: readonly Rule[] = [structLayout, variableInitializer];
