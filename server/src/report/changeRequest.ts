/** A report for a change request, in Markdown: what is patched, whether it can be, what will happen on the machine, what to do there, and what all this rests on. It can be pasted as it is. */
import { enumerate, plural } from '../rules/words';
import type { Analysis } from '../result';
import type { Evidence } from '../rules/finding';
import { patchedFunctions } from '../plan/patchedSet';
import type { ModelName, ScenarioFile, Trace } from '../simulate/index';
import { editLines, findingLines } from './changeRequest/edit';
import { limitLines } from './changeRequest/limits';
import { stepLines } from './changeRequest/steps';
import { blockerLines, transitionLines } from './changeRequest/transition';
import type { Tool } from './check';
import { gistOf } from './gist';
import { code, prose } from './markdown';
import { ending } from './simulation-words';

export interface ChangeRequest {
  readonly tool: Tool;
  /** Absent where functions were named, and nobody judged an edit. */
  readonly judged?: JudgedEdit;
  /** Absent for a report of the judgement alone. */
  readonly simulated?: Rehearsed;
}

export interface JudgedEdit {
  readonly analysis: Analysis;
  readonly evidence: Evidence;
  /** For people: `HEAD (1a2b3c4d)`. */
  readonly baseline?: string | undefined;
}

export interface Rehearsed {
  /** At least one, of one machine and patch. The first one is told in full. */
  readonly traces: readonly Trace[];
  readonly refused: readonly { readonly model: ModelName; readonly why: string }[];
  /** What was simulated, to do it again. */
  readonly scenario?: ScenarioFile;
}

/** Ends with a newline; the same bytes for the same input. */
export function changeRequest({ tool, judged, simulated }: ChangeRequest): string {
  const [first] = simulated?.traces ?? [];
  const version = first?.machine.kernelVersion ?? judged?.analysis.kernelVersion;
  const sections: readonly (readonly string[])[] = [
    [`# ${titleOf(judged, first)}`],
    summaryLines(judged, simulated),
    section('What is patched', judged === undefined ? namedLines(first) : editLines(judged)),
    ...(judged === undefined ? [] : [section('Findings and the ways out', findingLines(judged.analysis))]),
    ...(simulated === undefined ? [] : [section('Expected transition', transitionLines(simulated)), section('Who stands in the way', blockerLines(simulated.traces))]),
    section('On the machine', [...(judged?.analysis.verdict === 'unpatchable' ? ['As it stands, the patch cannot be built: a way out comes first.', ''] : []), ...stepLines(simulated?.traces.find(({ model }) => model === 'livepatch'), version, simulated !== undefined)]),
    section('What this rests on', limitLines(judged, simulated)),
    ['---', `Made by ${tool.name} ${tool.version}.`],
  ];
  return `${sections.filter((lines) => lines.length > 0).map((lines) => lines.join('\n')).join('\n\n')}\n`;
}

const section = (title: string, lines: readonly string[]): readonly string[] => (lines.length === 0 ? [] : [`## ${title}`, '', ...lines]);

function titleOf(judged: JudgedEdit | undefined, trace: Trace | undefined): string {
  const names = (trace?.patch.functions ?? (judged === undefined ? [] : patchedFunctions(judged.analysis.plan))).map(({ name }) => name);
  if (names.length === 0) return 'Live patch that replaces no function';
  return `Live patch of ${names.length <= 3 ? enumerate(names.map(code)) : `${names.slice(0, 2).map(code).join(', ')} and ${names.length - 2} more functions`}`;
}

/** The answer first: can it be built, and what will the machine make of it. */
function summaryLines(judged: JudgedEdit | undefined, simulated: Rehearsed | undefined): readonly string[] {
  const verdict = judged === undefined ? [] : [`- **${judged.analysis.verdict}**: ${prose(gistOf(judged.analysis))} (${BASIS[judged.evidence]})`];
  const runs = (simulated?.traces ?? []).slice(0, 1).map((trace) => {
    const left = trace.passes.at(-1)?.blockers.length ?? 0;
    return `- **Rehearsed with ${trace.model}**: ${ending(trace)}${trace.outcome !== 'complete' && left > 0 ? `, with ${plural(left, 'task')} in the way` : ''}`;
  });
  return [...verdict, ...runs];
}

const BASIS: Readonly<Record<Evidence, string>> = { source: 'rests on the source text', symbols: 'rests on symbols and build files', compiler: "rests on the compiler's output" };

function namedLines(trace: Trace | undefined): readonly string[] {
  return ['Named, not taken from an edit: whether a live patch of these can be built was not judged.', '', ...(trace?.patch.functions ?? []).map(({ name, object }) => `- ${code(name)} in ${code(object)}`)];
}
