/** What the changed code refers to in the kernel's special sections. */
import type { Rule } from '../rule';
import { bootRegistration } from './bootRegistration';
import { staticCall } from './staticCall';
import { staticKeyBranch } from './staticKeyBranch';
import { tracepoint } from './tracepoint';

export const sectionRules: readonly Rule[] = [tracepoint, staticKeyBranch, staticCall, bootRegistration];
