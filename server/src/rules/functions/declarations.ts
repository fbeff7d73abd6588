/** What signature-change says of a declaration whose definition the edit leaves as it is. */
import type { FileChanges } from '../../change/changes';
import type { FunctionFact, PrototypeFact } from '../../syntax/facts';
import { asBefore } from '../asBefore';
import type { RuleContext, RuleFinding } from '../rule';

/** Those that make no difference to who calls the function, or to how it is compiled: include/linux/compiler_attributes.h; what section-attribute and notrace do not speak of. */
const WITHOUT_EFFECT: ReadonlySet<string> = new Set(['extern', '__must_check', '__printf', '__scanf', '__maybe_unused', '__always_unused', '__deprecated', '__user', '__iomem', '__rcu', '__percpu', '__force', '__bitwise', '__acquires', '__releases', '__must_hold']);

export function declarations(context: RuleContext, path: string, prototypes: FileChanges['prototypes']): RuleFinding[] {
  return prototypes.flatMap(({ kind, before, after }) => (kind === 'changed' ? declared(context, path, before, after) : []));
}

function declared(context: RuleContext, path: string, before: PrototypeFact, after: PrototypeFact): RuleFinding[] {
  const { name, nameRange } = after;
  const isSame = before.signatureHash === after.signatureHash;
  if (isSame && effects(before) === effects(after)) return [];
  const { definitions: all, isPartial } = definitionsOf(context, path, after);
  const definitions = all.filter((one) => !one.path.endsWith('.c') || context.knowledge.ask({ kind: 'object', path: one.path })?.isBuilt !== false);
  // Of a function that is not built there are no callers.
  if (definitions.some(({ isEdited }) => isEdited) || (all.length > 0 && definitions.length === 0 && !isPartial)) return [];
  const finding = { path, range: nameRange, function: name };
  const [first] = definitions;
  // In other words before, and now not even that: no type is taken for another because it is written differently.
  if (!isSame && first !== undefined && !isPartial && definitions.every(({ fact }) => fact.signatureHash === before.signatureHash)) {
    // A stub for another configuration beside it would be another function then.
    const hasStub = context.versions.get(path)?.after?.functions.some((fact) => fact.name === name) === true;
    const fix = hasStub ? undefined : asBefore(context, path, before.range, after.range);
    return [{
      ...finding,
      message: `The declaration of ${name} changes, and its definition in ${first.path} does not: the edit does not compile.`,
      related: definitions.map((one) => ({ path: one.path, range: one.fact.nameRange, message: `${name} is defined here` })),
      remedies: [{ kind: 'rewrite', title: `Leave the declaration of ${name} as it is`, ...(fix === undefined ? {} : { fix }) }],
    }];
  }
  return [{ ...finding, severity: 'warning', isOpen: true, message: `The declaration of ${name} changes: its callers may be compiled differently.` }];
}

const effects = ({ attributes }: PrototypeFact): string => attributes.filter((word) => !WITHOUT_EFFECT.has(word)).join(' ');

interface Definition {
  readonly path: string;
  readonly fact: FunctionFact;
  /** The edit changes its signature: that is judged there. */
  readonly isEdited: boolean;
}

/** Definitions of what is declared: of a static function in its own file, of others wherever they are. A header's stub for another configuration is none. */
function definitionsOf({ versions, knowledge }: RuleContext, from: string, { name, attributes }: PrototypeFact): { definitions: Definition[]; isPartial: boolean } {
  const isStatic = attributes.includes('static');
  const answer = knowledge.ask({ kind: 'mentions', word: name, from });
  const files = new Map((answer?.files ?? []).map((file) => [file.path, file.facts]));
  for (const [path, { before, after }] of versions) for (const facts of [before, after]) if (facts !== undefined) files.set(path, facts);
  const definitions = [...files].flatMap(([path, { functions }]) => functions.filter((fact) => fact.name === name && fact.isStatic === isStatic && (!isStatic || path === from)).map((fact): Definition => {
    const old = versions.get(path)?.before?.functions.find((one) => one.name === name && one.ordinal === fact.ordinal);
    return { path, fact, isEdited: old !== undefined && old.signatureHash !== fact.signatureHash };
  }));
  return { definitions, isPartial: answer === undefined || answer.incomplete !== undefined };
}
