import type { FunctionFact } from '../../syntax/facts';
import { bodyTokens, callsIn } from '../body';
import type { Location } from '../finding';
import { editedFunctions } from '../edited';
import { enumerate } from '../words';
import type { Rule, RuleContext, RuleFinding } from '../rule';

export const addressEscapes: Rule = {
  slug: 'address-escapes',
  title: 'The address of a function that only the patch has is stored',
  severity: { 'klp-build': 'warning', kpatch: 'warning' },
  manual: `
The edit adds a function and stores its address: in a field, in a new operations structure, or by handing it to a function that keeps it. (Timers, work
items, threads and registrations are unpatch-hazard's.)

**What happens.** The address of a function that the kernel already had goes on pointing at the original, whose entry is redirected: that is safe after the
patch is gone. A new function lies in the patch module. When the patch is disabled and unloaded, or replaced by the next one, whatever still holds the
address jumps into memory that is no longer there.

**The way out.** Store the address of an existing function and change that one instead. Or cancel and wait for everything that may hold the
address in a pre-unpatch callback (\`cancel_work_sync()\`, \`timer_delete_sync()\`, \`rcu_barrier()\`), or never unload the patch.

\`\`\`c
static void demo_retry(struct demo *demo) { … }    /* new */

int demo_open(struct demo *demo)
{
	demo->again = demo_retry;    /* demo outlives the patch */
\`\`\`

**Source.** kpatch-build/create-diff-object.c (pointers to functions the kernel has become relocations to the original);
Documentation/livepatch/livepatch.rst.
`,
  check(context) {
    return context.changes.flatMap(({ path, functions }) => {
      const places = new Map<number, { readonly place: Escape; readonly facts: FunctionFact[] }>();
      for (const { kind, after } of functions) {
        const place = kind === 'added' ? placeOfEscape(context, path, after) : undefined;
        if (kind !== 'added' || place === undefined) continue;
        const known = places.get(place.range.start);
        if (known === undefined) places.set(place.range.start, { place, facts: [after] });
        else known.facts.push(after);
      }
      return [...places.values()].map(({ place, facts }) => findingOf(path, place, facts));
    });
  },
};

type Escape = Location & { readonly function?: string; readonly symbol: string };

/** @param facts the new functions whose addresses are stored at the place, of which a table has several */
function findingOf(path: string, place: Escape, facts: readonly FunctionFact[]): RuleFinding {
  const names = enumerate(facts.map(({ name }) => name));
  return {
    ...place,
    message: `The address of ${names} is stored, and only the patch has ${facts.length === 1 ? 'that function' : 'these functions'}: once the patch is unloaded or replaced, the pointer leads nowhere.`,
    related: facts.map((fact) => ({ path, range: fact.nameRange, message: `${fact.name} is new` })),
    remedies: [
      { kind: 'patch-callee', title: 'Store the address of an existing function, and change that one' },
      { kind: 'callback', title: `Cancel what holds the address of ${names} in a pre-unpatch callback` },
    ],
  };
}

/** Functions that call what they are given before they return: lib/sort.c, list_sort.c, bsearch.c, drivers/base/, kernel/smp.c, stop_machine.c. */
const atOnce: ReadonlySet<string> = new Set(
  ('sort sort_r list_sort bsearch stop_machine on_each_cpu on_each_cpu_mask smp_call_function smp_call_function_single smp_call_function_many work_on_cpu ' +
    'bus_for_each_dev bus_for_each_drv bus_find_device class_for_each_device class_find_device device_for_each_child device_for_each_child_reverse ' +
    'device_find_child driver_for_each_device driver_find_device pci_walk_bus idr_for_each iterate_fd walk_page_range kallsyms_on_each_symbol').split(' '),
);

/** Timers, work items and the like are unpatch-hazard's: it knows what undoes them. Constructors and destructors of shadow variables are called at once. */
const handsOver = /^(kthread_(run|create)\w*|(__)?INIT_(DELAYED_|DEFERRABLE_|RCU_)?WORK(_ONSTACK)?|(timer_setup|setup_timer|hrtimer_setup|hrtimer_init)\w*|call_s?rcu\w*|(devm_)?request_\w*irq|tasklet_(setup|init)|init_irq_work|init_task_work|(debugfs|proc|sysfs)_create\w*|(\w+_)?register(_\w+)?|klp_shadow_\w+)$/;

/** The first place of the edit where the function is named without being called, unless it is given to one that calls it at once. */
function placeOfEscape(context: RuleContext, path: string, { name }: FunctionFact): Escape | undefined {
  for (const edited of editedFunctions(context.changes)) {
    if (edited.path !== path || !edited.after.mentions.includes(name)) continue;
    const tokens = bodyTokens(context, path, 'after', edited.after);
    const harmless = callsIn(tokens).filter((call) => atOnce.has(call.name) || handsOver.test(call.name));
    const use = tokens.find((token, index) => token.text === name && tokens[index + 1]?.text !== '(' && !isCompared(tokens[index - 1]?.text, tokens[index + 1]?.text) && !harmless.some((call) => call.at < token.at && token.at < call.end));
    if (use !== undefined) return { path, range: { start: use.at, end: use.at + name.length }, function: edited.after.name, symbol: name };
  }
  for (const { variables } of context.changes.filter((change) => change.path === path)) {
    for (const { kind, after } of variables) if (kind === 'added' && after.mentions.includes(name)) return { path, range: after.nameRange, symbol: name };
  }
  return undefined;
}

const isCompared = (left = '', right = ''): boolean => [left, right].some((text) => text === '==' || text === '!=');
