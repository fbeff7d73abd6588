import type { FunctionFact } from '../../syntax/facts';
import { bodyTokens, callsIn, type BodyCall } from '../body';
import type { Rule, RuleContext, RuleFinding } from '../rule';
import { configuredInitMarker, initHandler, initMarker } from './initMarkers';

export const alreadyRan: Rule = {
  slug: 'already-ran',
  title: 'The function sets something up, and has done so already',
  severity: { 'klp-build': 'warning', kpatch: 'warning' },
  manual: `
A function changes that a table names as \`.probe\`, \`.bind\`, \`.init\`, \`.setup\`, \`.mount\` and the like, or one whose calls that register something
change: a proc, sysfs or debugfs file, a notifier, an interrupt, a thread, a work queue, a slab cache.

**What happens.** The function can be replaced. But it ran when the device, the file system or the network namespace came up, and what it set up then stays as it is:
the change holds only for what comes up later. Some changes to how hardware is set up cannot be made up for at all.

**The way out.** Walk over what exists in a pre- or post-patch callback, and do for each what the new code would have done.

\`\`\`c
static int demo_probe(struct platform_device *pdev)
{
	…
	demo_write(demo, DEMO_LIMIT, 16);          /* has been written for each device there is */
}
\`\`\`

**Source.** kpatch's patch author guide, "Init code changes"; Documentation/livepatch/callbacks.rst.
`,
  check(context) {
    return context.changes.flatMap(({ path, functions }) => functions.flatMap(({ before, after }): RuleFinding[] => {
      if (before === undefined || after === undefined || before.bodyHash === after.bodyHash) return [];
      if (configuredInitMarker(before, context.knowledge) !== undefined || initHandler(context.versions.get(path)?.before, before.name) !== undefined) return [];
      const remedies = [{ kind: 'callback' as const, title: 'Do it for what exists in a pre- or post-patch callback' }];
      const finding = { path, range: after.nameRange, function: after.name, remedies };
      const namespace = initMarker(before);
      if (namespace !== undefined) return [{ ...finding, message: `${after.name} is ${namespace}: what it has set up for the namespaces, memory or modules there are stays as it is.` }];
      const member = setupMember(context, path, after.name);
      if (member !== undefined) return [{ ...finding, message: `${after.name} is ${member}: it has run for all that is up, and the change holds only for what comes up later.` }];
      const call = changedRegistration(context, path, before, after);
      return call === undefined ? [] : [{ ...finding, range: { start: call.at, end: call.at + call.name.length }, symbol: call.name, message: `${call.name}() in ${after.name} changes: what was registered before stays as it is.` }];
    }));
  },
};

/** Members that are called once for a device, a mount, a namespace, a codec, … */
const SETUP = /\.(probe|probe_new|bind|init|setup|attach|mount|init_fs_context|fill_super|ndo_init|module_init|component_probe|hw_init|sw_init|early_init|late_init|preinstall|postinstall)\s*=\s*&?\s*(\w+)/g;

/** `.probe of demo_driver`, when a table of the file names the function so. */
function setupMember({ versions }: RuleContext, path: string, name: string): string | undefined {
  for (const variable of versions.get(path)?.after?.variables ?? []) {
    if (!variable.mentions.includes(name) || variable.initializer === undefined) continue;
    for (const [, member, value] of variable.initializer.matchAll(SETUP)) if (value === name) return `.${member ?? ''} of ${variable.name}`;
  }
  return undefined;
}

/** fs/proc, fs/sysfs, drivers/base, fs/debugfs, kernel/{notifier,kthread,workqueue}.c, kernel/irq, mm/slab_common.c. */
const REGISTERS = /^(proc_(create|mkdir|symlink|net_create)\w*|sysfs_create_\w+|debugfs_create_\w+|device_create\w*|class_create|class_register|(devm_)?(request|threaded)_(threaded_)?irq|(devm_)?request_(any_context_)?irq|(devm_)?request_threaded_irq|\w*_notifier_chain_register|register_\w+|kthread_(run|create)\w*|alloc_(ordered_)?workqueue|create_(singlethread_|freezable_)?workqueue|kmem_cache_create\w*|\w+_register_(driver|device))$/;

/** The first call that registers something which the baseline does not make with these arguments, or one that stood beside a call that is gone. */
function changedRegistration(context: RuleContext, path: string, before: FunctionFact, after: FunctionFact): BodyCall | undefined {
  if (![...before.calls, ...after.calls].some(({ name }) => REGISTERS.test(name))) return undefined;
  const callsOf = (fact: FunctionFact, version: 'before' | 'after'): BodyCall[] => callsIn(bodyTokens(context, path, version, fact)).filter((call) => REGISTERS.test(call.name));
  const old = new Set(callsOf(before, 'before').map(textOf));
  return callsOf(after, 'after').find((call) => !old.has(textOf(call)));
}

const textOf = ({ name, args }: BodyCall): string => `${name}(${args.join(',')})`;
