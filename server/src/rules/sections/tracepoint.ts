import type { FileChanges } from '../../change/changes';
import { registrationKind } from '../../plan/registrations';
import type { PlannedFunction } from '../../plan/plan';
import type { FileFacts, Range, RegistrationFact } from '../../syntax/facts';
import { asBefore } from '../asBefore';
import { functionNamed } from '../edited';
import type { Fix } from '../finding';
import { enumerate } from '../words';
import { placeOf, relatedWay, type Rule, type RuleContext, type RuleFinding } from '../rule';

export const tracepoint: Rule = {
  slug: 'tracepoint',
  title: "A trace event changes, or a replaced function passes one of a module's",
  severity: { 'klp-build': 'error', kpatch: 'error' },
  manual: `
A \`TRACE_EVENT\`, \`DEFINE_EVENT\` or one of their kin is added, removed or changed: an error. Or a function that is replaced calls \`trace_x()\`, and a
module defines the event \`x\`: a warning.

**What happens.** Trace events are registered when the kernel boots or the module loads, with their fields and formats, and every file that includes
the event's header is compiled with them. A live patch's are not registered, and what the running kernel has keeps the old fields. A tracepoint that a
replaced function passes is a branch on a static key: those of vmlinux work, those of a module are switched off in the patched copy (klp-build:
\`disabling unsupported tracepoint\`), so the event is seen no longer from there.

**The way out.** Leave trace events as they are; for a moment's look use a kprobe on the patched function. If somebody relies on
a module's event, patch a function that does not pass it.

\`\`\`c
trace_demo_request(request);    /* an event of the module itself: silent in the patched copy */
\`\`\`

**Source.** include/linux/tracepoint.h; kernel/trace/trace_events.c; tools/objtool/klp-diff.c; kpatch-build/create-diff-object.c.
`,
  check(context) {
    return [...changedEvents(context), ...silenced(context)];
  },
};

/** One finding for each file and kind of change: a member added to a macro changes all events that use it. */
function changedEvents(context: RuleContext): RuleFinding[] {
  return context.changes.flatMap(({ path, registrations }) => {
    const events = registrations.filter(({ before, after }) => registrationKind((after ?? before).macro) === 'trace-event');
    return (['added', 'changed', 'removed'] as const).flatMap((kind): RuleFinding[] => {
      const found = events.filter((event) => event.kind === kind).map(({ before, after }) => after ?? before);
      const [first, ...others] = found;
      if (first === undefined) return [];
      const place = ({ range, macro }: RegistrationFact): Range => (kind === 'removed' ? { start: 0, end: 0 } : { start: range.start, end: range.start + macro.length });
      const names = found.map(({ macro, args }) => eventOf(macro, args));
      return [
        {
          path,
          range: place(first),
          symbol: names[0] ?? '',
          message: `${found.length === 1 ? 'The trace event' : 'The trace events'} ${enumerate(names)} ${found.length === 1 ? 'is' : 'are'} ${kind === 'added' ? 'new' : kind}: such events are registered when the kernel boots or the module loads, and the running kernel keeps those it has.`,
          related: kind === 'removed' ? [] : others.map((fact) => ({ path, range: place(fact), message: `${eventOf(fact.macro, fact.args)} is ${kind === 'added' ? 'new' : kind}, too` })),
          remedies: [{ kind: 'rewrite', title: 'Leave trace events as they are', ...(kind === 'changed' ? eventsAsBefore(context, path, events) : {}) }],
        },
      ];
    });
  });
}

/** The fix for changed events whose parameters are the same: whoever passes them is not concerned. */
function eventsAsBefore(context: RuleContext, path: string, events: FileChanges['registrations']): { readonly fix?: Fix } {
  const parameters = ({ args }: RegistrationFact): string => args.filter((argument) => /^TP_(PROTO|ARGS)\b/.test(argument)).join();
  const fixes = events.flatMap(({ before, after }) => (before === undefined || after === undefined ? [] : [parameters(before) === parameters(after) ? asBefore(context, path, before.range, after.range) : undefined]));
  return fixes.includes(undefined) ? {} : { fix: { edits: () => fixes.flatMap((fix) => fix?.edits() ?? []) } };
}

/** `DEFINE_EVENT(class, name, …)`; the others have the name first. */
const eventOf = (macro: string, args: readonly string[]): string => (/^DEFINE_EVENT(_FN|_CONDITION|_PRINT)?$/.test(macro) ? args[1] : args[0]) ?? '';

/** Functions of modules that pass an event which a module defines, or may: when the tree could not be searched in full. */
function silenced(context: RuleContext): RuleFinding[] {
  return context.plan.objects.flatMap((object) =>
    !object.isModule ? [] : object.functions.flatMap((planned): RuleFinding[] => {
      const owners = eventsOf(context, planned).map((event) => ({ event, isModules: isModules(context, event, planned.path) }));
      const sure = owners.filter((one) => one.isModules === true);
      const events = (sure.length > 0 ? sure : owners.filter((one) => typeof one.isModules === 'string')).map((one) => one.event);
      const [first] = events;
      if (first === undefined) return [];
      const reason = owners.find((one) => one.event === first)?.isModules;
      const which = `${events.length === 1 ? 'the trace event' : 'trace events'} ${enumerate(events)}`;
      const use = planned.fact.calls.find(({ name }) => eventIn(name) === first);
      const start = planned.fact.range.start + (use?.at ?? 0);
      return [
        {
          ...placeOf(planned),
          ...(planned.via.length > 0 || use === undefined ? {} : { range: { start, end: start + use.name.length } }),
          symbol: first,
          severity: 'warning',
          evidence: 'symbols',
          ...(typeof reason === 'string'
            ? { isOpen: true as const, message: `${planned.name} of ${object.name} passes ${which}. Could not tell whether a module defines ${events.length === 1 ? 'it' : 'them'}, which would switch ${events.length === 1 ? 'it' : 'them'} off in the patched copy: ${reason}.` }
            : { message: `${planned.name} of ${object.name} passes ${which} of a module: in the patched copy ${events.length === 1 ? 'it is' : 'they are'} switched off.` }),
          related: relatedWay(planned),
        },
      ];
    }),
  );
}

/** `trace_x(…)` and `trace_x_enabled()` pass the event x. */
const eventIn = (name: string): string | undefined => (/^trace_\w/.test(name) && !notEvents.test(name) ? name.slice('trace_'.length).replace(/_(enabled|rcuidle)$/, '') : undefined);

/** include/linux/trace_events.h, trace_seq.h, kernel.h, trace.h: functions with the same beginning. */
const notEvents = /^trace_(printk|puts|dump_stack|seq_\w+|array_\w+|event_\w+|define_field|set_clr_event|clock\w*|print_\w+|output_call|hardirqs_\w+|buffer_\w+|handle_return|parser_\w+)$/;

function eventsOf(context: RuleContext, { path, fact, change }: PlannedFunction): string[] {
  if (change === 'removed') return [];
  const own = context.versions.get(path)?.after;
  return [...new Set(fact.calls.flatMap(({ name }) => {
    const event = eventIn(name);
    return event === undefined || functionNamed(own, name) !== undefined ? [] : event;
  }))];
}

/** Whether a module defines the event: false also while that is being looked up; why it cannot be told where the search was cut off. */
function isModules({ knowledge }: RuleContext, event: string, from: string): boolean | string {
  const headers = knowledge.ask({ kind: 'holding', phrases: [event], files: '*.h', from });
  const header = headers?.files.find(({ path, facts }) => path.endsWith('.h') && hasEvent(facts, event));
  if (header === undefined) return headers?.incomplete ?? false;
  // A header beside the code is the module's own.
  if (!header.path.startsWith('include/')) return true;
  const users = knowledge.ask({ kind: 'mentions', word: `trace_${event}`, from });
  if (users === undefined) return false;
  // What vmlinux passes is defined in vmlinux.
  const isVmlinux = users.files.some(({ path, facts }) => path.endsWith('.c') && facts.functions.some((fact) => fact.calls.some(({ name }) => eventIn(name) === event)) && knowledge.ask({ kind: 'object', path })?.isModule !== true);
  return isVmlinux ? false : (users.incomplete ?? true);
}

const hasEvent = (facts: FileFacts, event: string): boolean => facts.registrations.some(({ macro, args }) => registrationKind(macro) === 'trace-event' && eventOf(macro, args) === event);
