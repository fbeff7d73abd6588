/** Facts before + facts after -> changes. White space, comments and moved code are no change. */
import type { FileFacts, FunctionFact, RecordFact, RegistrationFact, StaticLocalFact, VariableFact } from '../syntax/facts';
import type { Change, FileChanges, FunctionChange, RecordChange, VariableChange } from './changes';
import { diffFields } from './fields';
import { pair, type Pairing } from './pairing';

/** Compares two versions of a file; a missing side means the file was added or removed. */
export function diffFacts(path: string, before: FileFacts | undefined, after: FileFacts | undefined): FileChanges {
  const status = before === undefined ? 'added' : after === undefined ? 'removed' : 'modified';
  const old = before ?? EMPTY;
  const now = after ?? EMPTY;
  const tokensEqual = before?.tokenHash === after?.tokenHash;
  if (tokensEqual) return { path, status, tokensEqual, ...NO_CHANGES, residueChanged: false };
  return {
    path,
    status,
    tokensEqual,
    functions: pair(old.functions, now.functions, functionKey, sameFunction).flatMap(functionChange),
    records: pair(old.records, now.records, recordKey, (one, other) => one.hash === other.hash).flatMap(recordChange),
    variables: pair(old.variables, now.variables, (fact) => fact.name, sameVariable).flatMap(variableChange),
    enums: pair(old.enums, now.enums, (fact) => fact.name, (one, other) => one.hash === other.hash).flatMap(plainChange),
    typedefs: pair(old.typedefs, now.typedefs, (fact) => fact.name, (one, other) => one.hash === other.hash).flatMap(plainChange),
    macros: pair(old.macros, now.macros, (fact) => fact.name, (one, other) => one.hash === other.hash).flatMap(plainChange),
    registrations: pair(old.registrations, now.registrations, registrationKey, (one, other) => one.hash === other.hash).flatMap(plainChange),
    exports: pair(old.exports, now.exports, (fact) => fact.name, (one, other) => one.macro === other.macro).flatMap(plainChange),
    prototypes: pair(old.prototypes, now.prototypes, (fact) => fact.name, (one, other) => one.hash === other.hash).flatMap(plainChange),
    residueChanged: before !== undefined && after !== undefined && before.residueHash !== after.residueHash,
    includes: pair(old.includes, now.includes, (fact) => fact.path, () => true).flatMap(plainChange),
  };
}

const NO_CHANGES = { functions: [], records: [], variables: [], enums: [], typedefs: [], macros: [], registrations: [], exports: [], includes: [], prototypes: [] } as const;
const EMPTY: FileFacts = { ...NO_CHANGES, tokenHash: 0, residueHash: 0, problems: [], lineStarts: [0] };

const functionKey = (fact: FunctionFact): string => fact.name;
const recordKey = (fact: { kind: string; name: string }): string => `${fact.kind} ${fact.name}`;
const registrationKey = (fact: RegistrationFact): string => `${fact.macro} ${fact.args[0] ?? ''}`;

function sameFunction(one: FunctionFact, other: FunctionFact): boolean {
  return one.bodyHash === other.bodyHash && one.signatureHash === other.signatureHash && sameWords(one.attributes, other.attributes);
}

/** A mere declaration (`extern int x;`) is nobody's storage: gaining or losing one is no change of the variable. */
function sameVariable(one: VariableFact, other: VariableFact): boolean {
  return one.typeHash === other.typeHash && one.initializerHash === other.initializerHash;
}

function plainChange<F extends object>(paired: Pairing<F>): Change<F>[] {
  const { before, after } = paired;
  if (after === undefined) return before === undefined ? [] : [{ kind: 'removed', before }];
  if (before === undefined) return [{ kind: 'added', after }];
  return paired.same ? [] : [{ kind: 'changed', before, after }];
}

function functionChange(paired: Pairing<FunctionFact>): FunctionChange[] {
  const { before, after } = paired;
  if (before === undefined) return [{ kind: 'added', after: paired.after }];
  if (after === undefined) return [{ kind: 'removed', before }];
  if (paired.same) return [];
  const staticLocals = pair(before.staticLocals, after.staticLocals, (fact) => fact.name, sameLocal).flatMap(plainChange);
  const signature = before.signatureHash !== after.signatureHash || before.isStatic !== after.isStatic;
  return [
    {
      kind: signature ? 'signature' : 'changed',
      before,
      after,
      bodyChanged: before.bodyHash !== after.bodyHash,
      attributesChanged: !sameWords(before.attributes, after.attributes),
      staticLocals,
    },
  ];
}

function sameLocal(one: StaticLocalFact, other: StaticLocalFact): boolean {
  return one.typeHash === other.typeHash && one.initializerHash === other.initializerHash;
}

function recordChange(paired: Pairing<RecordFact>): RecordChange[] {
  const { before, after } = paired;
  if (before === undefined) return [{ kind: 'added', after: paired.after, fields: [] }];
  if (after === undefined) return [{ kind: 'removed', before, fields: [] }];
  return paired.same ? [] : [{ kind: 'changed', before, after, fields: diffFields(before.fields, after.fields) }];
}

function variableChange(paired: Pairing<VariableFact>): VariableChange[] {
  const { before, after } = paired;
  if (before === undefined) return paired.after.isExtern ? [] : [{ kind: 'added', after: paired.after }];
  if (after === undefined) return before.isExtern ? [] : [{ kind: 'removed', before }];
  if (paired.same) return [];
  return [{ kind: 'changed', before, after, typeChanged: before.typeHash !== after.typeHash, initializerChanged: before.initializerHash !== after.initializerHash }];
}

function sameWords(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && [...one].sort().join(' ') === [...other].sort().join(' ');
}
