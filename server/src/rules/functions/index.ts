/** Whether a function can be replaced where it stands. */
import type { Rule } from '../rule';
import { initCode } from './initCode';
import { notrace } from './notrace';

export const functionRules: readonly Rule[] = [initCode, notrace];
