/** What the tree's .config leaves out of the build: there is nothing of it in the running kernel, and nothing to replace. (The config-inactive rule speaks of edits to it.) */
import { evaluateCondition } from '../kernel/conditions';
import type { Knowledge } from '../kernel/knowledge';

/** False where that cannot be told, as without a .config. */
export function isLeftOut({ conditions }: { readonly conditions: readonly string[] }, knowledge: Knowledge): boolean {
  return conditions.some((condition) => evaluateCondition(condition, (name) => knowledge.config(name)) === false);
}
