/** What the plan says of one file's edit, from its two texts, the configuration, what headers teach of their macros and how its records are laid out; nothing else of the tree is asked. */
import type { TreeAccess } from '../../server/src/analysis';
import type { FileChanges } from '../../server/src/change/changes';
import { diffFacts } from '../../server/src/change/diff';
import { createAnswers, type Answering } from '../../server/src/kernel/answers';
import { localHeaders } from '../../server/src/kernel/definers';
import type { Around } from '../../server/src/kernel/kept';
import { recording } from '../../server/src/kernel/knowledge';
import { makePlan } from '../../server/src/plan/makePlan';
import type { Plan, Step } from '../../server/src/plan/plan';
import { unitOf } from '../../server/src/plan/unit';
import { extractFacts } from '../../server/src/syntax/extract';
import type { FileFacts } from '../../server/src/syntax/facts';

export interface Texts {
  readonly before: string;
  readonly after: string;
}

export interface Planned {
  readonly facts: { readonly before: FileFacts; readonly after: FileFacts };
  /** The functions the plan lists, by name; those that macros make and that it says hold what changed among them. */
  readonly functions: ReadonlyMap<string, { readonly via: readonly Step[] }>;
  /** Functions written in either text. */
  readonly names: ReadonlySet<string>;
  /** What the inlining heuristics go by, in words; and whether its own text changed. */
  readonly described: ReadonlyMap<string, { readonly text: string; readonly isSeed: boolean }>;
  /** Functions that a macro makes around another: `__x64_sys_read` -> `sys_read`. */
  readonly wrapped: ReadonlyMap<string, string>;
}

/** Of asking what a layout rests on; an analysis has as many. */
const MOST_ROUNDS = 24;

export class Planner {
  readonly #answers: Answering;

  constructor(tree: TreeAccess) {
    this.#answers = createAnswers(tree, (_path, text) => extractFacts(text));
  }

  async isBuilt(path: string): Promise<boolean> {
    await this.#answers.prepare();
    return (await this.#answers.answer({ kind: 'object', path })).isBuilt === true;
  }

  async plan(path: string, texts: Texts): Promise<Planned> {
    await this.#answers.prepare();
    await this.#answers.answer({ kind: 'object', path });
    const common = await this.#answers.answer({ kind: 'definers', headers: [] });
    const read = (text: string, taught = common): FileFacts => extractFacts(text, taught);
    const taught = await this.#answers.answer({ kind: 'definers', headers: localHeaders(path, read(texts.after).includes) });
    const facts = { before: read(texts.before, taught), after: read(texts.after, taught) };
    const change = diffFacts(path, facts.before, facts.after);
    const plan = await this.#planOf(change, { versions: new Map([[path, facts]]), textOf: (_path, version) => texts[version] });
    const both = [facts.before, facts.after];
    const seeds = new Set(change.functions.map((one) => (one.after ?? one.before).name));
    const described = both.flatMap((one) => one.functions.map((fact) => {
      const unit = unitOf(one);
      const words = [fact.isStatic ? 'static' : 'global', ...(fact.inline === 'no' ? [] : [fact.inline]), `${unit.callCount(fact.name)} calls`, `${fact.bodyTokens} tokens`, ...(unit.isAddressTaken(fact.name) ? ['address taken'] : [])];
      return [fact.name, { text: words.join(', '), isSeed: seeds.has(fact.name) }] as const;
    }));
    return {
      facts,
      functions: new Map([...plan.unjudged.flatMap(({ functions: made = [] }) => made.map((name) => ({ name, via: [] }))), ...plan.objects.flatMap((object) => object.functions)].map((planned) => [planned.name, planned])),
      names: new Set(both.flatMap((one) => one.functions.map((fact) => fact.name))),
      described: new Map(described),
      wrapped: new Map(both.flatMap((one) => one.functions.flatMap((fact) => (fact.wrappers ?? []).map((name) => [name, fact.name] as const)))),
    };
  }

  /** Asks for types and constants until every layout that can be told is. */
  async #planOf(change: FileChanges, around: Omit<Around, 'knowledge'>): Promise<Plan> {
    for (let round = 0; ; round += 1) {
      const { knowledge, open } = recording(this.#answers);
      const plan = makePlan([change], { ...around, knowledge });
      const questions = [...open.values()].filter(({ kind }) => kind === 'type' || kind === 'constant');
      if (questions.length === 0 || round === MOST_ROUNDS) return plan;
      await this.#answers.ahead(questions);
      for (const question of questions) await this.#answers.answer(question);
    }
  }
}
