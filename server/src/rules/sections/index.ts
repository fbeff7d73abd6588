/** What the changed code refers to in the kernel's special sections. */
import type { Rule } from '../rule';

export const sectionRules: readonly Rule[] = [];
