/** Where a replaced function holds a branch on a static key or a static call: itself, through what is inlined into it, or through a helper of a header. */
import { inliningOf } from '../../plan/inlining';
import type { PlannedFunction } from '../../plan/plan';
import { unitOf } from '../../plan/unit';
import type { FileFacts, FunctionFact } from '../../syntax/facts';
import { bodyTokens, callsIn, type BodyCall } from '../body';
import { functionNamed } from '../edited';
import type { Location } from '../finding';
import { placeOf, type RuleContext } from '../rule';
import { hiddenSites, isStaticKey, primitives, type Hidden, type PatchSite } from './hidden';

export interface Site extends Location {
  /** The key, or the static call's name; undefined when the text does not tell. */
  readonly key?: string;
  /** The helpers it is hidden in, outermost first; empty when the function holds it itself. */
  readonly through: readonly string[];
  /** Where the outermost helper of a header stands. */
  readonly helper?: Hidden;
  /** False where a function on the way is inlined by guess. */
  readonly isSure: boolean;
  /** The call in the edit's text, where that holds the primitive. */
  readonly call?: BodyCall;
}

const headers = new WeakMap<RuleContext, ReadonlyMap<string, Hidden>>();

/** What helpers of headers hide; asked for once in an analysis. */
export function headersOf(context: RuleContext): ReadonlyMap<string, Hidden> {
  const known = headers.get(context) ?? hiddenSites(context.knowledge, new Set(context.versions.keys())) ?? new Map<string, Hidden>();
  headers.set(context, known);
  return known;
}

/** One for each key, in order. Nothing of headers while they are being looked up. */
export function sitesOf(context: RuleContext, planned: PlannedFunction, wanted: PatchSite): Site[] {
  const facts = context.versions.get(planned.path)?.after;
  const helpers = headersOf(context);
  const macros = facts?.macros.filter((macro) => macro.mentions.some((word) => primitives.get(word) === wanted)) ?? [];
  const found = new Map<string, Site>();
  const visited = new Set<string>();
  const add = (site: Site): void => {
    const id = site.key ?? site.through.join(' ');
    const known = found.get(id);
    if (known === undefined || (site.isSure && !known.isSure)) found.set(id, site);
  };
  visit(planned.fact, [], undefined, planned.via.every((step) => step.isSure));
  return [...found.values()];

  /** @param at the outermost call, in the planned function's text */
  function visit(fact: FunctionFact, through: readonly string[], at: Location | undefined, isSure: boolean): void {
    for (const { name, at: offset } of fact.calls) {
      const place = at ?? placeAt(planned, name, offset);
      if (primitives.get(name) === wanted) {
        for (const site of ownSites(context, planned, fact, offset, facts)) add({ ...place, isSure, through, ...site });
        continue;
      }
      const macro = macros.find((one) => one.name === name);
      if (macro !== undefined) {
        const key = /static_(?:branch_\w+|key_\w+|call\w*)\s*\(\s*&?(\w+)\s*\)/.exec(macro.body)?.[1];
        add({ ...place, isSure, through: [...through, name], ...(key === undefined ? {} : { key }) });
        continue;
      }
      const local = functionNamed(facts, name);
      if (local !== undefined && facts !== undefined) {
        const inlining = inliningOf(local, unitOf(facts));
        if (visited.has(name) || !inlining.inlined) continue;
        visited.add(name);
        visit(local, [...through, name], place, isSure && inlining.isSure);
        continue;
      }
      const hidden = helpers.get(name);
      if (hidden?.site === wanted) add({ ...place, isSure, helper: hidden, through: [...through, name, ...hidden.through], ...(hidden.key === undefined ? {} : { key: hidden.key }) });
    }
  }
}

/** For a function with a text of its own the call, for a reached one the edit that reaches it. */
function placeAt(planned: PlannedFunction, name: string, offset: number): Location {
  if (planned.via.length > 0) return placeOf(planned);
  const start = planned.fact.range.start + offset;
  return { path: planned.path, range: { start, end: start + name.length } };
}

/** The primitive's call with its key: from the text where the edit has it, else from the names the body mentions. */
function ownSites(context: RuleContext, planned: PlannedFunction, fact: FunctionFact, offset: number, facts: FileFacts | undefined): Pick<Site, 'key' | 'call'>[] {
  if (facts !== undefined) {
    const start = fact.range.start + offset;
    const call = callsIn(bodyTokens(context, planned.path, 'after', fact)).find((one) => one.at === start);
    // An array of keys, or the key within a deferred one: `&demo_keys[index]`, `&demo_disabled.key`.
    const key = /^&?\(?(\w+)\)?(\[.*\]|\.\w+)*$/.exec(call?.args.at(-1) ?? '')?.[1];
    if (call !== undefined) return [{ ...(fact === planned.fact && planned.via.length === 0 ? { call } : {}), ...(key === undefined ? {} : { key }) }];
  }
  return [{}];
}

/** The same primitive's uses of the same key in a function's own text: all of them are mended at once. */
export function callsLike(context: RuleContext, { path, fact }: PlannedFunction, call: BodyCall): BodyCall[] {
  return callsIn(bodyTokens(context, path, 'after', fact)).filter((other) => primitives.get(other.name) === primitives.get(call.name) && other.args.at(-1) === call.args.at(-1));
}

export type Owner =
  /** New in this edit: part of the patch module. */
  | { readonly kind: 'patch' }
  | { readonly kind: 'vmlinux' }
  | { readonly kind: 'module'; readonly name: string }
  | { readonly kind: 'unknown' };

/** Where a key or static call is defined; undefined while that is being looked up. Ask only for names that a replaced function uses. */
export function ownerOf(context: RuleContext, key: string | undefined, from: string): Owner | undefined {
  if (key === undefined) return { kind: 'unknown' };
  const versions = context.versions.get(from);
  if (versions?.after !== undefined && defines(versions.after, key)) {
    if (versions.before !== undefined && !defines(versions.before, key)) return { kind: 'patch' };
    return objectOwner(context, from);
  }
  const answer = context.knowledge.ask({ kind: 'key', name: key, from });
  if (answer === undefined) return undefined;
  const file = answer.files.find(({ path, facts }) => path.endsWith('.c') && defines(facts, key));
  if (file === undefined) return { kind: 'unknown' };
  return objectOwner(context, file.path);
}

function objectOwner({ knowledge }: RuleContext, path: string): Owner | undefined {
  const object = knowledge.ask({ kind: 'object', path });
  if (object === undefined) return undefined;
  if (object.name === undefined) return { kind: 'unknown' };
  return object.isModule ? { kind: 'module', name: object.name } : { kind: 'vmlinux' };
}

const defines = (facts: FileFacts, key: string): boolean =>
  facts.variables.some((variable) => variable.name === key && !variable.isExtern && isStaticKey(variable)) ||
  facts.registrations.some(({ macro, args }) => macro.startsWith('DEFINE_STATIC_KEY_') && args.includes(key)) ||
  facts.generated.some(({ name }) => name === `__SCK__${key}`);
