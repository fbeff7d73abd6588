/**
 * Rule fixtures: one edit in one file, as text.
 *
 *     //- verdict unpatchable
 *     //- before kernel/demo.c        the baseline's file
 *     //- after kernel/demo.c         the edit's; under a line, what is reported there:
 *     static int __init demo(void)
 *     //                ^^^^ error init-code
 *     //- tree Makefile               a further file of the tree, the same in both
 *     //- says                        what the messages, the ways out and the hovers say
 *
 * A fixture is read, the annotations are taken out, the edit is judged, and the findings are written back as annotations:
 * that text must equal the fixture. UPDATE_GOLDEN=1 writes it instead.
 */
import { analyze, type Analysis, type EditedFile } from '../../server/src/analysis';
import type { Profile } from '../../server/src/rules/finding';
import { memoryHost } from '../support/memoryHost';

interface Section {
  readonly kind: 'before' | 'after' | 'tree' | 'says';
  readonly path: string;
  readonly lines: string[];
}

const ANNOTATION = /^\/\/\s*\^+ (error|warning|info|undecided)\b/;

/** Judges the fixture and gives it back with what was found. */
export async function judged(fixture: string): Promise<string> {
  const { sections, profile } = parse(fixture);
  const tree = new Map<string, string>([['Makefile', 'VERSION = 6\nPATCHLEVEL = 1\nSUBLEVEL = 192\n'], ['Kbuild', 'obj-y += kernel/ drivers/\n'], ['kernel/Makefile', 'obj-y += demo.o\n']]);
  const textOf = (section: Section): string => section.lines.filter((line) => !ANNOTATION.test(line)).join('\n');
  for (const section of sections) if (section.kind === 'after' || section.kind === 'tree') tree.set(section.path, textOf(section));
  const edit: EditedFile[] = [];
  for (const path of new Set(sections.filter((section) => section.kind === 'before' || section.kind === 'after').map((section) => section.path))) {
    const [before, after] = (['before', 'after'] as const).map((kind) => sections.find((section) => section.kind === kind && section.path === path));
    edit.push({ path, ...(before === undefined ? {} : { before: textOf(before) }), ...(after === undefined ? {} : { after: textOf(after) }) });
  }
  const analysis = await analyze(edit, { root: '/tree', host: memoryHost('/tree', tree) }, { profile, kernelVersion: '6.1.192' });
  return render(sections, analysis, profile);
}

function parse(fixture: string): { sections: Section[]; profile: Profile } {
  const sections: Section[] = [];
  let profile: Profile = 'klp-build';
  for (const line of fixture.replace(/\n$/, '').split('\n')) {
    const head = /^\/\/- (before|after|tree|says)(?: (\S+))?$/.exec(line);
    if (head !== null) sections.push({ kind: head[1] as Section['kind'], path: head[2] ?? '', lines: [] });
    else if (line === '//- profile kpatch') profile = 'kpatch';
    else if (!line.startsWith('//- ')) sections.at(-1)?.lines.push(line);
  }
  return { sections, profile };
}

function render(sections: readonly Section[], analysis: Analysis, profile: Profile): string {
  const functions = analysis.plan.objects.map((object) => `//- plan ${object.name}: ${object.functions.map((planned) => `${planned.name} ${planned.change}${planned.via.length === 0 ? '' : ` via ${planned.via.map((step) => step.name).join(' ')}`}`).join(', ')}`);
  const head = [`//- verdict ${analysis.verdict}`, ...(profile === 'kpatch' ? ['//- profile kpatch'] : []), ...functions];
  const bodies = sections.filter((section) => section.kind !== 'says').flatMap((section) => [`//- ${section.kind} ${section.path}`, ...(section.kind === 'after' ? annotated(section, analysis) : section.lines)]);
  return `${[...head, ...bodies, ...sayings(analysis)].join('\n')}\n`;
}

function sayings(analysis: Analysis): string[] {
  const lines = [
    ...analysis.findings.flatMap(({ rule, message, remedies, related, details }) => [
      `${rule}: ${message}`,
      ...remedies.map((remedy) => `\tway out (${remedy.kind}): ${remedy.title}`),
      ...related.map((place) => `\trelated: ${place.message}`),
      ...(details ?? '').split('\n').filter((line) => line !== '').map((line) => `\t${line}`),
    ]),
    ...analysis.plan.unjudged.map((part) => `undecided: ${part.reason}`),
  ];
  return lines.length === 0 ? [] : ['//- says', ...lines];
}

function annotated(section: Section, analysis: Analysis): string[] {
  const lines = section.lines.filter((line) => !ANNOTATION.test(line));
  const starts = lines.reduce<number[]>((sofar, line) => [...sofar, (sofar.at(-1) ?? 0) + line.length + 1], [0]);
  const marks = [
    ...analysis.findings.map((finding) => ({ ...finding, text: `${finding.severity} ${finding.rule}${finding.through === undefined ? '' : ` through ${finding.through}`}` })),
    ...analysis.plan.unjudged.map((part) => ({ ...part, text: 'undecided' })),
  ].filter((mark) => mark.path === section.path);
  return lines.flatMap((line, index) => {
    const start = starts[index] ?? 0;
    const here = marks.filter((mark) => mark.range.start >= start && mark.range.start < start + line.length + 1);
    return [line, ...here.map((mark) => annotation(line, mark.range.start - start, Math.max(1, mark.range.end - mark.range.start), mark.text))];
  });
}

/** Carets under the range where there is room for the slashes before them; tabs stay tabs, so that they line up. */
function annotation(line: string, column: number, width: number, text: string): string {
  const lead = column < 2 ? '' : line.slice(2, column).replace(/[^\t]/g, ' ');
  return `//${lead}${'^'.repeat(width)} ${text}`;
}
