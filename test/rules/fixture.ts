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
 *     //- fix RULE: TITLE             what each mechanical way out takes out and puts in, file by file
 *
 * `//- profile kpatch` and `//- kernel 5.4.0` at the top judge for another build tool or kernel.
 *
 * A fixture is read, the annotations are taken out, the edit is judged, and the findings are written back as annotations:
 * that text must equal the fixture. UPDATE_GOLDEN=1 writes it instead.
 */
import { diffLines } from 'diff';
import { analyze, type Analysis, type EditedFile } from '../../server/src/analysis';
import type { Profile, TextChange } from '../../server/src/rules/finding';
import { compareTexts } from '../../server/src/syntax/text';
import { memoryHost } from '../support/memoryHost';

interface Section {
  readonly kind: 'before' | 'after' | 'tree' | 'says' | 'fix';
  readonly path: string;
  readonly lines: string[];
}

/** What is judged: the files of the edit in both versions, and the rest of the tree. */
export interface Input {
  readonly before: ReadonlyMap<string, string>;
  readonly after: ReadonlyMap<string, string>;
  readonly tree: ReadonlyMap<string, string>;
  readonly profile: Profile;
  readonly kernelVersion: string;
}

export interface Judged {
  readonly input: Input;
  readonly analysis: Analysis;
}

const ANNOTATION = /^\/\/\s*\^+ (error|warning|info|undecided)\b/;
const KERNEL = '6.1.192';
/** What every fixture's tree has, unless it has its own. */
const TREE: Readonly<Record<string, string>> = { Makefile: 'VERSION = 6\nPATCHLEVEL = 1\nSUBLEVEL = 192\n', Kbuild: 'obj-y += kernel/ drivers/\n', 'kernel/Makefile': 'obj-y += demo.o\n' };

/** Judges the fixture and gives it back with what was found. */
export async function judged(fixture: string): Promise<string> {
  const { sections, input } = read(fixture);
  return render(sections, await analyzed(input));
}

/** The edit a fixture describes. */
export const parse = (fixture: string): Input => read(fixture).input;

export async function analyzed(input: Input): Promise<Judged> {
  const { before, after, profile, kernelVersion } = input;
  // What a fix changed of the rest of the tree is part of the edit from then on.
  const edit = [...new Set([...before.keys(), ...after.keys()])].map((path): EditedFile => {
    const [old, now] = [before.get(path) ?? input.tree.get(path), after.get(path)];
    return { path, ...(old === undefined ? {} : { before: old }), ...(now === undefined ? {} : { after: now }) };
  });
  const tree = new Map([...Object.entries(TREE), ...input.tree, ...after]);
  return { input, analysis: await analyze(edit, { root: '/tree', host: memoryHost('/tree', tree) }, { profile, kernelVersion }) };
}

function read(fixture: string): { sections: Section[]; input: Input } {
  const sections: Section[] = [];
  let profile: Profile = 'klp-build';
  let kernelVersion = KERNEL;
  for (const line of fixture.replace(/\n$/, '').split('\n')) {
    const head = /^\/\/- (before|after|tree|says|fix)(?: (.+))?$/.exec(line);
    if (head !== null) sections.push({ kind: head[1] as Section['kind'], path: head[2] ?? '', lines: [] });
    else if (line === '//- profile kpatch') profile = 'kpatch';
    else if (line.startsWith('//- kernel ')) kernelVersion = line.slice('//- kernel '.length);
    else if (!line.startsWith('//- ')) sections.at(-1)?.lines.push(line);
  }
  const texts = (kind: Section['kind']): Map<string, string> => new Map(sections.filter((section) => section.kind === kind).map((section) => [section.path, section.lines.filter((line) => !ANNOTATION.test(line)).join('\n')]));
  return { sections, input: { before: texts('before'), after: texts('after'), tree: texts('tree'), profile, kernelVersion } };
}

function render(sections: readonly Section[], { input, analysis }: Judged): string {
  const { profile, kernelVersion } = input;
  const functions = analysis.plan.objects.map((object) => `//- plan ${object.name}: ${object.functions.map((planned) => `${planned.name} ${planned.change}${planned.via.length === 0 ? '' : ` via ${planned.via.map((step) => step.name).join(' ')}`}`).join(', ')}`);
  const head = [`//- verdict ${analysis.verdict}`, ...(profile === 'kpatch' ? ['//- profile kpatch'] : []), ...(kernelVersion === KERNEL ? [] : [`//- kernel ${kernelVersion}`]), ...functions];
  const bodies = sections.filter((section) => section.kind !== 'says' && section.kind !== 'fix').flatMap((section) => [`//- ${section.kind} ${section.path}`, ...(section.kind === 'after' ? annotated(section, analysis) : section.lines)]);
  return `${[...head, ...bodies, ...sayings(analysis), ...fixes({ input, analysis })].join('\n')}\n`;
}

/** What each fix would do, as the lines it takes out and puts in. */
function fixes({ input, analysis }: Judged): string[] {
  return analysis.findings.flatMap(({ rule, remedies }) => remedies.flatMap(({ title, fix }) => {
    const edits = fix?.edits() ?? [];
    if (edits.length === 0) return [];
    const after = applied(input, edits);
    const paths = [...new Set(edits.map((edit) => edit.path))];
    const lines = paths.flatMap((path) => [...(paths.length === 1 ? [] : [`@ ${path}`]), ...diffLines(input.after.get(path) ?? input.tree.get(path) ?? '', after.get(path) ?? '').flatMap(({ added, removed, value }) =>
      added || removed ? value.replace(/\n$/, '').split('\n').map((line) => `${added ? '+' : '-'}${line}`) : [])]);
    return [`//- fix ${rule}: ${title}${fix?.isPreferred === true ? ' (preferred)' : ''}`, ...lines];
  }));
}

/** The edit's texts with a fix's changes, and those of other files that it changes. Throws when they are not in the texts, or overlap. */
export function applied({ after, tree }: Input, edits: readonly TextChange[]): Map<string, string> {
  const texts = new Map(after);
  let limit = Infinity;
  let last = '';
  // Of two insertions at one place the first comes first, as an editor has it.
  for (const { path, range, text: put } of [...edits].reverse().sort((one, other) => compareTexts(one.path, other.path) || other.range.start - one.range.start)) {
    const text = texts.get(path) ?? tree.get(path);
    if (text === undefined) throw new Error(`${path} is no file of the edit, nor of the tree`);
    if (path !== last) [last, limit] = [path, text.length];
    if (range.start < 0 || range.start > range.end || range.end > limit) throw new Error(`${range.start}..${range.end} of ${path} is not in the text, or is changed twice`);
    limit = range.start;
    texts.set(path, text.slice(0, range.start) + put + text.slice(range.end));
  }
  return texts;
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
