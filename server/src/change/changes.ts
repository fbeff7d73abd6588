/**
 * What an edit does to one file, fact by fact. White space, comments and moved code are no change.
 * `before` and `after` are facts of the baseline and of the edit; ranges belong to the respective text.
 */
import type { EnumFact, ExportFact, FieldFact, FunctionFact, IncludeFact, MacroFact, PrototypeFact, RecordFact, RegistrationFact, StaticLocalFact, TypedefFact, VariableFact } from '../syntax/facts';

export interface FileChanges {
  /** Relative to the tree, with `/`. */
  readonly path: string;
  readonly status: 'modified' | 'added' | 'removed';
  /** True when not one token differs: only comments, white space or nothing at all. */
  readonly tokensEqual: boolean;
  /** With those that a macro call makes which is new, gone or another one (madeFunctions.ts). */
  readonly functions: readonly FunctionChange[];
  readonly records: readonly RecordChange[];
  readonly variables: readonly VariableChange[];
  readonly enums: readonly Change<EnumFact>[];
  readonly typedefs: readonly Change<TypedefFact>[];
  readonly macros: readonly Change<MacroFact>[];
  readonly registrations: readonly Change<RegistrationFact>[];
  readonly exports: readonly Change<ExportFact>[];
  readonly includes: readonly Change<IncludeFact>[];
  readonly prototypes: readonly Change<PrototypeFact>[];
  /** Something changed that no fact stands for: conditionals or pragmas between definitions, or text that could not be read. */
  readonly residueChanged: boolean;
}

/** One side is absent when the thing was added or removed; both are present when it changed. */
export type Change<Fact> =
  | { readonly kind: 'added'; readonly after: Fact; readonly before?: never }
  | { readonly kind: 'removed'; readonly before: Fact; readonly after?: never }
  | { readonly kind: 'changed'; readonly before: Fact; readonly after: Fact };

export type FunctionChange =
  | { readonly kind: 'added'; readonly after: FunctionFact; readonly before?: never; readonly staticLocals?: never }
  | { readonly kind: 'removed'; readonly before: FunctionFact; readonly after?: never; readonly staticLocals?: never }
  | {
      /** `signature` when the parameters, the return type or the storage class changed (the body may have, too). */
      readonly kind: 'changed' | 'signature';
      readonly before: FunctionFact;
      readonly after: FunctionFact;
      readonly bodyChanged: boolean;
      /** Specifiers and attribute macros gained or lost. */
      readonly attributesChanged: boolean;
      readonly staticLocals: readonly Change<StaticLocalFact>[];
    };

/** `fields` is empty unless the record changed. */
export type RecordChange = Change<RecordFact> & { readonly fields: readonly FieldChange[] };

export type FieldChange =
  | { readonly kind: 'added'; readonly after: FieldFact }
  | { readonly kind: 'removed'; readonly before: FieldFact }
  | { readonly kind: 'changed' | 'moved' | 'renamed'; readonly before: FieldFact; readonly after: FieldFact };

export type VariableChange =
  | { readonly kind: 'added'; readonly after: VariableFact; readonly before?: never }
  | { readonly kind: 'removed'; readonly before: VariableFact; readonly after?: never }
  | { readonly kind: 'changed'; readonly before: VariableFact; readonly after: VariableFact; readonly typeChanged: boolean; readonly initializerChanged: boolean };
