/** An analysis for a person at a terminal: the answer, what would be replaced, what is wrong with it and the way out, what was set aside. */
import { plural } from '../rules/words';
import type { Analysis, JudgedFunction } from '../result';
import type { Verdict } from '../rules/finding';
import { positionAt } from '../syntax/positions';
import { capped, restLine } from './capped';
import { functionsByObject, lineStartsOf, type ObjectFunctions } from './check';
import { findingBlocks, setAsideLines } from './humanFindings';
import { contextOf, countsOf, doubtsOf, gistOf } from './gist';
import { grouped } from './grouped';
import { plain, printable, type HumanOptions, type Style } from './style';
import { wayReached } from './why';
import { table, wrapped } from './wrap';

/** What a list shows before it says how many more there are. */
const MOST_DOUBTS = 8;
const MOST_OBJECTS = 20;
const MOST_FUNCTIONS = 12;

/** Ends with a newline. Lines and columns count from 1 here, as compilers do and editors read. */
export function checkText(analysis: Analysis, options: HumanOptions = {}): string {
  const objects = functionsByObject(analysis).filter((object) => object.functions.length > 0);
  const { shown, rest } = capped(objects, MOST_OBJECTS);
  const replaced = objects.slice(shown.length).reduce((sum, object) => sum + object.functions.length, 0);
  const blocks = [
    answerLines(analysis, options),
    ...shown.map((object) => objectLines(analysis, object, options)),
    restLine(rest, 0, `objects with ${plural(replaced, 'function')}`),
    ...findingBlocks(analysis, options),
    setAsideLines(analysis, options),
    closingLines(analysis, options),
  ];
  return `${blocks.filter((block) => block.length > 0).map((block) => block.join('\n')).join('\n\n')}\n`;
}

const verdictColor: Readonly<Record<Verdict, 'green' | 'red' | 'yellow'>> = { patchable: 'green', unpatchable: 'red', undecided: 'yellow' };

const urgency: Readonly<Record<Verdict, number>> = { unpatchable: 0, undecided: 1, patchable: 2 };

/** The answer in one line; below it what could not be told and no finding says. */
function answerLines(analysis: Analysis, { style = plain, width }: HumanOptions): string[] {
  const verdict = style.bold(style[verdictColor[analysis.verdict]](analysis.verdict));
  const gist = gistOf(analysis);
  const said = new Set(analysis.findings.map(({ message }) => message));
  const { shown, rest } = capped(doubtsOf(analysis).filter((doubt) => !said.has(doubt) && gist !== doubt), MOST_DOUBTS);
  return [
    wrapped(`${verdict}: ${printable(gist)} ${style.dim(printable(contextOf(analysis)))}`, width),
    ...shown.map((doubt) => wrapped(`  ${printable(`${placeOfDoubt(analysis, doubt)}${doubt}`)}`, width)),
    ...restLine(rest, 2),
  ];
}

/** `kernel/x.c:12: ` before a doubt about one place. */
function placeOfDoubt(analysis: Analysis, doubt: string): string {
  const part = analysis.plan.unjudged.find(({ reason }) => reason === doubt);
  return part === undefined ? '' : `${part.path}:${positionAt(lineStartsOf(analysis, part.path), part.range.start).line + 1}: `;
}

/** What the edit changes itself, then what is reached, by the reason, which is said once. */
function objectLines(analysis: Analysis, { name, isModule, note, functions }: ObjectFunctions, { style = plain, width }: HumanOptions): string[] {
  const reached = grouped(functions.filter(({ planned }) => planned.via.length > 0), ({ planned }) => wayReached(planned) ?? '');
  const edited = functions.filter(({ planned }) => planned.via.length === 0);
  const rows = (list: readonly JudgedFunction[], indent: number, ...more: readonly ((judged: JudgedFunction) => string)[]): string[] => {
    // In a list that is cut, what stands in the way comes first.
    const { shown, rest } = capped(list.length > MOST_FUNCTIONS + 1 ? [...list].sort((one, other) => urgency[one.verdict] - urgency[other.verdict]) : list, MOST_FUNCTIONS);
    const cells = shown.map((judged) => [`${mark(judged.verdict, style)} ${printable(judged.planned.name)}`, ...more.map((cell) => cell(judged)), placeText(analysis, judged)]);
    return [...table(cells, indent, width), ...restLine(rest, indent)];
  };
  return [
    wrapped(`${style.bold(name)}${isModule ? ' (module)' : ''}: ${plural(functions.length, 'function')}${note === undefined ? '' : style.dim(` – ${printable(note)}`)}`, width),
    ...rows(edited, 2, changeText),
    ...[...reached].flatMap(([why, list]) => [wrapped(`  ${style.dim('reached:')} ${printable(why)}`, width), ...rows(list, 4)]),
  ];
}

/** A function that is inlined wherever it is called has no entry in the patch: those that hold its code have. */
function changeText({ planned: { change, ownSymbol, inKernel } }: JudgedFunction): string {
  if (change === 'added' || change === 'removed') return change;
  return `${change}${ownSymbol === 'no' ? ', inlined' : inKernel === 'no' ? ', inlined until now' : ''}`;
}

function mark(verdict: Verdict, style: Style): string {
  return style[verdictColor[verdict]]({ patchable: '+', unpatchable: '!', undecided: '?' }[verdict]);
}

function placeText(analysis: Analysis, { planned }: JudgedFunction): string {
  return printable(`${planned.path}:${positionAt(lineStartsOf(analysis, planned.path), planned.fact.nameRange.start).line + 1}`);
}

/** The sum, where a long report leaves the reader, and where to read on. */
function closingLines(analysis: Analysis, { style = plain, width }: HumanOptions): string[] {
  const objects = analysis.plan.objects.filter((object) => object.functions.length > 0).length;
  const [worst] = analysis.findings.filter(({ severity }) => severity === 'error').concat(analysis.findings.filter(({ severity }) => severity === 'warning'));
  return [
    wrapped(`${plural(analysis.functions.length, 'function')} in ${plural(objects, 'object')}; ${countsOf(analysis.findings) ?? 'no findings'}`, width),
    ...(worst === undefined ? [] : [style.dim(wrapped(`More about a rule: livepatch-studio rules ${worst.rule}`, width))]),
  ];
}
