/** Changes as text, one line each. */
import type { Change, FieldChange, FileChanges, FunctionChange, VariableChange } from '../../server/src/change/changes';
import { diffFacts } from '../../server/src/change/diff';
import { extractFacts } from '../../server/src/syntax/extract';

/** The changes between two texts of a file, as text. */
export function changesBetween(before: string | undefined, after: string | undefined): string[] {
  return describeChanges(diffFacts('depot.c', before === undefined ? undefined : extractFacts(before), after === undefined ? undefined : extractFacts(after)));
}

export function describeChanges(changes: FileChanges): string[] {
  return [
    ...changes.functions.flatMap(describeFunction),
    ...changes.records.flatMap((change) => [`${side(change).kind} ${side(change).name} ${change.kind}`, ...change.fields.map((field) => `  ${describeField(field)}`)]),
    ...changes.variables.map((change) => `variable ${side(change).name} ${change.kind}${variableDetails(change)}`),
    ...changes.enums.map((change) => `enum ${side(change).name} ${change.kind}`),
    ...changes.typedefs.map((change) => `typedef ${side(change).name} ${change.kind}`),
    ...changes.macros.map((change) => `macro ${side(change).name} ${change.kind}`),
    ...changes.registrations.map((change) => `call ${side(change).macro} ${change.kind}`),
    ...changes.exports.map((change) => `export ${side(change).name} ${change.kind}`),
    ...changes.includes.map((change) => `include ${side(change).path} ${change.kind}`),
    ...changes.prototypes.map((change) => `prototype ${side(change).name} ${change.kind}`),
    ...(changes.residueChanged ? ['residue'] : []),
  ];
}

/** The fact a change is about, of the edit when it is there. */
function side<F>(change: Change<F>): F {
  return change.after ?? (change as { readonly before: F }).before;
}

function describeFunction(change: FunctionChange): string[] {
  const { name } = change.after ?? change.before;
  if (change.staticLocals === undefined) return [`function ${name} ${change.kind}`];
  const what = [change.bodyChanged && 'body', change.attributesChanged && 'attributes'].filter((part) => part !== false).join('+');
  return [
    `function ${name} ${change.kind}${what === '' ? '' : ` (${what})`}`,
    ...change.staticLocals.map((local) => {
      const details = local.kind !== 'changed' ? '' : ` (${local.before.typeHash === local.after.typeHash ? 'initializer' : 'type'})`;
      return `  static local ${side(local).name} ${local.kind}${details}`;
    }),
  ];
}

function describeField(change: FieldChange): string {
  const name = change.kind === 'removed' ? change.before.name : change.after.name;
  return change.kind === 'renamed' ? `${change.before.name ?? '(none)'} renamed ${name ?? '(none)'}` : `${name ?? '(none)'} ${change.kind}`;
}

function variableDetails(change: VariableChange): string {
  if (change.kind !== 'changed') return '';
  return ` (${[change.typeChanged && 'type', change.initializerChanged && 'initializer'].filter((part) => part !== false).join('+')})`;
}
