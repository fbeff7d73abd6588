/** Whether a function may be called through a pointer. */
import { unitOf } from '../../plan/unit';
import type { FileFacts } from '../../syntax/facts';

/** Macros that keep a function's address in a table nobody calls it through: kprobes' and error injection's lists, BTF sets. */
const LISTS = /^(NOKPROBE_SYMBOL|ALLOW_ERROR_INJECTION|BTF_\w+)$/;

/** Whether the file stores the function's address where somebody may call it. */
export function isStored(facts: FileFacts, name: string): boolean {
  if (!unitOf(facts).isAddressTaken(name)) return false;
  const isListed = facts.registrations.some(({ macro, args }) => LISTS.test(macro) && args.includes(name));
  if (!isListed) return true;
  return [...facts.functions, ...facts.variables, ...facts.generated].some((fact) => fact.mentions.includes(name)) || facts.registrations.some(({ macro, args }) => !LISTS.test(macro) && args.includes(name));
}
