/** What a change request rests on: in sight what could change its answer, folded away what adds to times alone, and what other systems rest on. */
import { plural } from '../../rules/words';
import type { Figure, ModelName, ScenarioFile } from '../../simulate/index';
import { grouped } from '../grouped';
import { code, prose } from '../markdown';
import type { Simulated } from './transition';

/** What is simulated, imagined, assumed and noticed, so that nobody takes it for a measurement. */
export function limitLines(judged: unknown, simulated: Simulated | undefined): readonly string[] {
  const traces = simulated?.traces ?? [];
  const [first, ...others] = traces;
  const figures = grouped(traces.flatMap((trace) => trace.figures.map((figure) => ({ figure, model: trace.model }))), ({ figure }) => figure.name);
  const told = [...figures.values()].flatMap((those) => those.slice(0, 1).map(({ figure }) => ({ figure, models: those.map(({ model }) => model) })));
  const decides = ({ figure, models }: Told): boolean => first !== undefined && figure.decides && models.includes(first.model);
  return [
    ...(judged === undefined ? [] : ['- The verdict is that of the rules on the source as it is now; the build tool has the last word.']),
    ...(first === undefined ? [] : ['- The transition is simulated, not measured: another seed, another moment of the machine give other times.']),
    ...(first?.hypothetical ?? []).map((why) => `- Hypothetical: ${prose(why)}`),
    ...said(traces.flatMap(({ notes, model }) => notes.map((text) => ({ text, model }))), traces.length),
    ...(first?.assumptions ?? []).map((text) => `- ${prose(text)}`),
    ...decidingLines(told.filter(decides)),
    ...folded(`What the other systems rest on (${plural(others.flatMap(({ assumptions }) => assumptions).length, 'sentence')})`, said(others.flatMap(({ assumptions, model }) => assumptions.map((text) => ({ text, model }))), traces.length)),
    ...folded(`Figures that times are made of (${told.length - told.filter(decides).length})`, bySource(told.filter((one) => !decides(one)), traces.length)),
    ...(simulated?.scenario === undefined ? [] : scenarioLines(simulated.scenario)),
  ];
}

interface Told {
  readonly figure: Figure;
  readonly models: readonly ModelName[];
}

function decidingLines(figures: readonly Told[]): readonly string[] {
  if (figures.length === 0) return [];
  return ['- Whom a pass finds, and so when it is over, rests on', ...figures.map(({ figure: { name, ms, what, source } }) => `  - ${code(name)}, ${ms} ms: ${prose(what)}; ${prose(source)}`)];
}

/** A source once, with all that comes from it. */
function bySource(figures: readonly Told[], systems: number): readonly string[] {
  return [...grouped(figures, ({ figure }) => figure.source)].map(([source, those]) => {
    const each = those.map(({ figure: { name, ms, what }, models }) => `${code(name)}, ${ms} ms${models.length === systems ? '' : ` (${models.map(code).join(', ')})`}: ${prose(what)}`);
    return `- ${sentence(prose(source))}\n${each.map((text) => `  - ${text}`).join('\n')}`;
  });
}

const sentence = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** Each sentence once, with the systems it is about where these are not all. */
function said(all: readonly { readonly text: string; readonly model: ModelName }[], systems: number): readonly string[] {
  const known = grouped(all, ({ text }) => text);
  return [...known].map(([text, those]) => `- ${those.length === systems ? '' : `${those.map(({ model }) => code(model)).join(', ')}: `}${prose(text)}`);
}

/** To do it again; a machine that was written down is too long to be told here. */
function scenarioLines({ machine, ...rest }: ScenarioFile): readonly string[] {
  const text = JSON.stringify(rest, undefined, 2);
  return folded(`The scenario (.klpsim.json${machine === undefined ? '' : ', without its machine'}), to do it again`, ['```json', text.replaceAll('```', '\\u0060\\u0060\\u0060'), '```']);
}

/** Folded where Markdown is shown with HTML; in sight, between two lines of it, elsewhere. @param title of ours, without marks */
function folded(title: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : ['', '<details>', `<summary>${title}</summary>`, '', ...lines, '', '</details>'];
}
