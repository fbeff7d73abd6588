/** Facts before + facts after -> changes. White space, comments and moved code are no change. */
import type { FileFacts, FunctionFact, Hash, RecordFact, StaticLocalFact, VariableFact } from '../syntax/facts';
import type { Change, FileChanges, FunctionChange, RecordChange, VariableChange } from './changes';
import { diffFields } from './fields';
import { withMade } from './madeFunctions';
import { changedConditions, pair, type Conditional, type Identity, type Pairing } from './pairing';

/** Compares two versions of a file; a missing side means the file was added or removed. */
export function diffFacts(path: string, before: FileFacts | undefined, after: FileFacts | undefined): FileChanges {
  const status = before === undefined ? 'added' : after === undefined ? 'removed' : 'modified';
  const old = before ?? EMPTY;
  const now = after ?? EMPTY;
  const tokensEqual = before?.tokenHash === after?.tokenHash;
  // Assembly and Makefiles are read as if they were C, and what that finds in them is nothing.
  if (tokensEqual || !/\.[ch]$/.test(path)) return { path, status, tokensEqual, ...NO_CHANGES, residueChanged: false };
  const registrations = pair(old.registrations, now.registrations, { keyOf: (fact) => `${fact.macro} ${fact.args[0] ?? ''}`, ...byHash });
  const calls = registrations.filter(({ same }) => same !== true);
  const pairs = {
    functions: pair(withMade(old, calls.flatMap(({ before: call }) => call ?? [])), withMade(now, calls.flatMap(({ after: call }) => call ?? [])), functions),
    records: pair(old.records, now.records, { keyOf: (fact) => `${fact.kind} ${fact.name}`, ...byHash }),
    variables: pair(old.variables, now.variables, variables),
    // An enum without a name is known by its first constant.
    enums: pair(old.enums, now.enums, { keyOf: (fact) => `${fact.name} ${fact.name === '' ? (fact.constants[0]?.name ?? '') : ''}`, ...byHash }),
    typedefs: pair(old.typedefs, now.typedefs, { keyOf: nameOf, ...byHash }),
    macros: pair(old.macros, now.macros, { keyOf: nameOf, ...byHash }),
    registrations,
    exports: pair(old.exports, now.exports, { keyOf: nameOf, isSame: (one, other) => one.macro === other.macro, contentOf: (fact) => [fact.macro] }),
    includes: pair(old.includes, now.includes, { keyOf: (fact) => fact.path, isSame: () => true, contentOf: () => [] }),
    prototypes: pair(old.prototypes, now.prototypes, { keyOf: nameOf, ...byHash }),
  };
  return {
    path,
    status,
    tokensEqual,
    functions: pairs.functions.flatMap(functionChange),
    records: pairs.records.flatMap(recordChange),
    variables: pairs.variables.flatMap(variableChange),
    enums: pairs.enums.flatMap(plainChange),
    typedefs: pairs.typedefs.flatMap(plainChange),
    macros: pairs.macros.flatMap(plainChange),
    registrations: pairs.registrations.flatMap(plainChange),
    exports: pairs.exports.flatMap(plainChange),
    includes: pairs.includes.flatMap(plainChange),
    prototypes: pairs.prototypes.flatMap(plainChange),
    residueChanged: before !== undefined && after !== undefined && (before.residueHash !== after.residueHash || Object.values<readonly Pairing<object & Conditional>[]>(pairs).some(changedConditions)),
  };
}

const NO_CHANGES = { functions: [], records: [], variables: [], enums: [], typedefs: [], macros: [], registrations: [], exports: [], includes: [], prototypes: [] } as const;
const EMPTY: FileFacts = { ...NO_CHANGES, generated: [], tokenHash: 0, residueHash: 0, problems: [], lineStarts: [0] };

const nameOf = (fact: { readonly name: string }): string => fact.name;

interface Hashed {
  readonly hash: Hash;
}

const byHash = { isSame: (one: Hashed, other: Hashed): boolean => one.hash === other.hash, contentOf: (fact: Hashed): readonly Hash[] => [fact.hash] };

const functions: Identity<FunctionFact> = {
  keyOf: nameOf,
  isSame: (one, other) => one.bodyHash === other.bodyHash && one.signatureHash === other.signatureHash && (one.attributes === other.attributes || wordsOf(one.attributes) === wordsOf(other.attributes)),
  contentOf: (fact) => [fact.bodyHash, fact.signatureHash, wordsOf(fact.attributes)],
};

/** A mere declaration (`extern int x;`) is nobody's storage: gaining or losing one is no change of the variable. */
const variables: Identity<VariableFact | StaticLocalFact> = {
  keyOf: nameOf,
  isSame: (one, other) => one.typeHash === other.typeHash && one.initializerHash === other.initializerHash,
  contentOf: (fact) => [fact.typeHash, fact.initializerHash],
};

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
  const staticLocals = pair(before.staticLocals, after.staticLocals, variables).flatMap(plainChange);
  const signature = before.signatureHash !== after.signatureHash || before.isStatic !== after.isStatic;
  return [
    {
      kind: signature ? 'signature' : 'changed',
      before,
      after,
      bodyChanged: before.bodyHash !== after.bodyHash,
      attributesChanged: wordsOf(before.attributes) !== wordsOf(after.attributes),
      staticLocals,
    },
  ];
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

/** In one order: `static inline` is `inline static`. */
const wordsOf = (words: readonly string[]): string => (words.length < 2 ? (words[0] ?? '') : [...words].sort().join(' '));
