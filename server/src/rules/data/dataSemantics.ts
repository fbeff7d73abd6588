import type { FunctionFact } from '../../syntax/facts';
import { bodyTokens, callsIn, type BodyToken } from '../body';
import type { Rule, RuleContext, RuleFinding } from '../rule';
import { constantChanges } from './constants';

export const dataSemantics: Rule = {
  slug: 'data-semantics',
  title: 'Data means something else than before, with the same type',
  severity: { 'klp-build': 'warning', kpatch: 'warning' },
  manual: `
A flag, mask or magic number gets another value; a member is set in another unit (jiffies, milliseconds, bytes, pages); it gets another value for
"none"; or a list is filled at its other end.

**What happens.** The types stay, so the patch builds and loads without a word. But objects that the running kernel made obey the old rule, and
new code reads them by the new one; while the transition lasts, both kinds of code write.

**The way out.** Mark the objects made by new code, and go by the old rule for all others. A shadow variable without data does it:

\`\`\`c
	if (klp_shadow_get(demo, DEMO_NEW_RULE))    /* allocated where new code makes a demo */
		return demo->timeout;                   /* milliseconds */
	return jiffies_to_msecs(demo->timeout);
\`\`\`

Or give the new meaning a name of its own: another flag, another member in a shadow variable. What belongs to the whole system instead of an object is versioned by
klp_state.

**How sure.** This goes by what the text shows; only a person can tell what data means.

**Source.** kpatch patch author guide, "Data semantic changes"; Documentation/livepatch/shadow-vars.rst, system-state.rst.
`,
  check(context) {
    const functions = context.changes.flatMap(({ path, functions: changes }) => changes.flatMap(({ before, after }) => (before === undefined || after === undefined || before.bodyHash === after.bodyHash ? [] : [{ path, before, after }])));
    return [...flags(context), ...functions.flatMap(({ path, before, after }) => [...members(before, after, path, context), ...lists(before, after, path, context)])];
  },
};

/** Constants that are stored bit by bit, or compared for what they are: counts and limits are not. */
function flags(context: RuleContext): RuleFinding[] {
  return constantChanges(context).flatMap(({ path, name, range, before, after }): RuleFinding[] => {
    const isMacro = context.versions.get(path)?.after?.macros.some((macro) => macro.name === name && macro.parameters === undefined) === true;
    if (!isMacro || before === undefined || after === undefined || /["']/.test(before + after)) return [];
    const isNamed = /FLAG|MASK|MAGIC|STATE|SHIFT|_BIT$/.test(name) && /\d/.test(before + after);
    if (!isNamed && ![before, after].every(isBit)) return [];
    return [
      {
        path,
        range,
        symbol: name,
        message: `${name} goes from ${before} to ${after}: what the running kernel has stored with the old value, new code reads with the new one.`,
        remedies: [{ kind: 'rewrite', title: `Leave ${name} as it is and give the new meaning a value of its own` }],
      },
    ];
  });
}

/** One bit, or bits by the kernel's own macros; any other number may be an address or a length. */
const isBit = (value: string): boolean => /^\(?\s*(0x0*[1248]0*[uUlL]*|BIT(_ULL)?\s*\(.*\)|GENMASK(_ULL)?\s*\(.*\)|\(?1[uUlL]*\s*<<.*)\s*\)?$/s.test(value);

/** Words that give a value its unit, or say "none". */
const MEANINGS: readonly (readonly [string, RegExp])[] = [
  ['jiffies', /^(HZ|jiffies\w*|\w+_to_jiffies|get_jiffies_64|round_jiffies\w*)$/],
  ['milliseconds', /^(jiffies_to_msecs|ktime_(to|get)_ms\w*|ktime_ms_delta|MSEC_PER_SEC)$/],
  ['microseconds', /^(jiffies_to_usecs|ktime_to_us|ktime_us_delta|USEC_PER_\w+)$/],
  ['nanoseconds', /^(jiffies_to_nsecs|ktime_(get|to)_\w*ns|ktime_get|local_clock|sched_clock|NSEC_PER_\w+)$/],
  ['seconds', /^(ktime_get_(real_|boottime_)?seconds|jiffies_delta_to_secs)$/],
  ['pages', /^(PAGE_SHIFT|PFN_(UP|DOWN)|virt_to_pfn)$/],
  ['bytes', /^(PAGE_SIZE|PFN_PHYS|sizeof)$/],
  ['NULL', /^NULL$/],
  ['an error pointer', /^ERR_PTR$/],
];

interface Assignment {
  readonly member: string;
  readonly at: number;
  readonly meanings: string;
}

function members(before: FunctionFact, after: FunctionFact, path: string, context: RuleContext): RuleFinding[] {
  const old = assignments(bodyTokens(context, path, 'before', before));
  const now = assignments(bodyTokens(context, path, 'after', after));
  const once = (list: readonly Assignment[], member: string): boolean => list.filter((one) => one.member === member).length === 1;
  return now.flatMap(({ member, at, meanings }): RuleFinding[] => {
    const was = old.find((one) => one.member === member);
    if (was === undefined || was.meanings === meanings || was.meanings === '' || meanings === '' || !once(old, member) || !once(now, member)) return [];
    return [
      {
        path,
        range: { start: at, end: at + member.length },
        function: after.name,
        symbol: member,
        message: `${after.name} sets ${member} to ${meanings} instead of ${was.meanings}: objects that are already there hold the old kind of value.`,
        remedies: [{ kind: 'shadow-variable', title: 'Mark objects made by new code with a shadow variable, and go by the old rule for the others' }],
      },
    ];
  });
}

/** `x->member = …;` with what gives the value its meaning. */
function assignments(tokens: readonly BodyToken[]): Assignment[] {
  return tokens.flatMap((token, index): Assignment[] => {
    if (token.text !== '=' || !/^(->|\.)$/.test(tokens[index - 2]?.text ?? '')) return [];
    const member = tokens[index - 1];
    if (member === undefined) return [];
    const end = tokens.findIndex((one, at) => at > index && one.text === ';');
    const words = tokens.slice(index + 1, end < 0 ? undefined : end).map((one) => one.text);
    const found = MEANINGS.filter(([, pattern]) => words.some((word) => pattern.test(word))).map(([meaning]) => meaning);
    return [{ member: member.text, at: member.at, meanings: found.join(' and ') }];
  });
}

const OTHER_END: ReadonlyMap<string, string> = new Map([['list_add', 'list_add_tail'], ['list_add_rcu', 'list_add_tail_rcu'], ['hlist_add_head_rcu', 'hlist_add_tail_rcu'], ['__skb_queue_head', '__skb_queue_tail'], ['skb_queue_head', 'skb_queue_tail']]);

function lists(before: FunctionFact, after: FunctionFact, path: string, context: RuleContext): RuleFinding[] {
  const swapped = [...OTHER_END].flatMap(([head, tail]) => [[head, tail], [tail, head]] as const).filter(([from, to]) => before.calls.some((call) => call.name === from) && after.calls.some((call) => call.name === to));
  if (swapped.length === 0) return [];
  const old = callsIn(bodyTokens(context, path, 'before', before));
  const now = callsIn(bodyTokens(context, path, 'after', after));
  const same = (one: readonly string[], other: readonly string[]): boolean => one.join() === other.join();
  return now.flatMap((call): RuleFinding[] => {
    const from = swapped.find(([, to]) => to === call.name)?.[0];
    if (from === undefined || !old.some((one) => one.name === from && same(one.args, call.args)) || old.some((one) => one.name === call.name && same(one.args, call.args))) return [];
    return [
      {
        path,
        range: { start: call.at, end: call.at + call.name.length },
        function: after.name,
        message: `${after.name} adds to ${call.args[1] ?? 'the list'} with ${call.name} instead of ${from}: what is already in it stands in the old order.`,
        remedies: [{ kind: 'rewrite', title: 'Let the readers of the list cope with both orders' }],
      },
    ];
  });
}
