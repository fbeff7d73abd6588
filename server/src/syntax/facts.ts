/**
 * The facts of one kernel C file: what the rest of the engine knows about its text.
 *
 * Plain, serialisable data. All ranges are half-open offsets in UTF-16 code units into the user's text
 * (what VS Code and JavaScript count), never into the masked text the parser saw; the two have equal offsets.
 *
 * Ranges of a file-scope fact itself (`range`, `nameRange`, `bodyRange`, `initializerRange`) are absolute. Offsets of what stands
 * inside it (`at`, and the ranges of calls, static locals, fields and constants) count from its `range.start`, so that a
 * keystroke above a function moves its fact without rebuilding what the fact holds: see `inside`.
 */

export interface Range {
  readonly start: number;
  readonly end: number;
}

/** The absolute range of something that stands inside a file-scope fact. */
export function inside(fact: { readonly range: Range }, relative: Range): Range {
  return { start: fact.range.start + relative.start, end: fact.range.start + relative.end };
}

/** A name and where it stands, counted from the start of the fact it stands in. */
export interface NameUse {
  readonly name: string;
  readonly at: number;
}

/** A name followed by `(`. */
export interface CallUse extends NameUse {
  /** One argument at least is a literal, NULL, true, false or a name in capitals. */
  readonly handsConstant?: true;
  /** The arguments that are a name and nothing else, of those that stand in the body only so: functions handed on to be called, among others. */
  readonly hands?: readonly Handed[];
}

export interface Handed {
  readonly name: string;
  /** Which argument, from 0. */
  readonly argument: number;
}

/** A token hash: 53 bits over the tokens of a range, blind to white space and comments. */
export type Hash = number;

export interface FileFacts {
  readonly functions: readonly FunctionFact[];
  readonly records: readonly RecordFact[];
  readonly enums: readonly EnumFact[];
  readonly typedefs: readonly TypedefFact[];
  readonly variables: readonly VariableFact[];
  readonly macros: readonly MacroFact[];
  readonly includes: readonly IncludeFact[];
  /** EXPORT_SYMBOL and its kin. */
  readonly exports: readonly ExportFact[];
  /** File-scope macro calls that are neither definitions nor exports: module_init(x), MODULE_LICENSE("…"), … */
  readonly registrations: readonly RegistrationFact[];
  readonly prototypes: readonly PrototypeFact[];
  /** What file-scope macro calls make without its text standing in the file: DEFINE_SHOW_ATTRIBUTE(x) makes x_open and x_fops. */
  readonly generated: readonly GeneratedFact[];
  /** Hash of what no fact stands for: conditionals and pragmas between definitions, and items nothing was read from. */
  readonly residueHash: Hash;
  /** Hash over every token of the file, directives included: equal hashes mean nothing but layout and comments changed. */
  readonly tokenHash: Hash;
  readonly problems: readonly SyntaxProblem[];
  /** Offset of each line's first character, for turning offsets into lines without the text. */
  readonly lineStarts: readonly number[];
}

/** What every file-scope fact carries. */
export interface Declared {
  readonly name: string;
  /** 0 for the first fact of this kind and name in the file, 1 for the next (they usually stand in different `#if` branches). */
  readonly ordinal: number;
  readonly range: Range;
  readonly nameRange: Range;
  /** The `#if` conditions around it, outermost first, as written: `CONFIG_SMP`, `!(CONFIG_SMP)` for its #else. */
  readonly conditions: readonly string[];
}

export interface FunctionFact extends Declared {
  /** From the first token to the opening brace, comments dropped and white space folded. */
  readonly signature: string;
  readonly signatureHash: Hash;
  readonly bodyRange: Range;
  readonly bodyHash: Hash;
  /** Specifier words and attribute macros before the body, as written (`static`, `inline`, `__init`, `notrace`, …), and those the macro that opens it gives it. */
  readonly attributes: readonly string[];
  readonly isStatic: boolean;
  readonly inline: 'no' | 'inline' | 'always' | 'never';
  readonly isVariadic: boolean;
  /** The macro that opens the function, e.g. `SYSCALL_DEFINE3`; absent for an ordinary definition. */
  readonly definedBy?: string;
  /** Names of the other functions that macro makes around the body: `__se_sys_read`, `__x64_sys_read`, … of every architecture that is known. */
  readonly wrappers?: readonly string[];
  readonly bodyTokens: number;
  /** gcc's instructions, about, each call counted as one (bodySize.ts): the measure of the inlining heuristics. */
  readonly bodySize: number;
  /** The front that gcc is likely to cut off, for callers to hold (head.ts). */
  readonly head?: HeadFact;
  /** Names followed by `(` in the body, each use, in order: calls of functions and of function-like macros. */
  readonly calls: readonly CallUse[];
  /** Which parameters, from 0, the body calls and beyond that only tests: a function handed there goes no further. */
  readonly callsBack?: readonly number[];
  /** Every other identifier of the body that is no field, once each: variables, constants, functions whose address is taken. */
  readonly mentions: readonly string[];
  /** Members of records: the identifiers after `.` and `->` in the body, once each. */
  readonly fields: readonly string[];
  readonly staticLocals: readonly StaticLocalFact[];
  /** Locals that have to lie in memory; absent when there are none. */
  readonly stackLocals?: readonly StackLocalFact[];
  /** For a function that a macro call makes wholly (madeFunction.ts): what it would be, written out. `range`, `nameRange` and the rest are the call's then, and `bodyRange` is empty. */
  readonly writtenOut?: WrittenOut;
}

/** The text of a function that stands in no file; ranges count from its start. */
export interface WrittenOut {
  readonly text: string;
  readonly nameRange: Range;
  readonly bodyRange: Range;
}

export interface HeadFact {
  /** Where it ends, counted as `CallUse.at` is. */
  readonly end: number;
  readonly hash: Hash;
}

/** As for members of records. */
export type StackLocalFact = Pick<FieldFact, 'type' | 'pointers' | 'arrays'>;

/** A declaration of functions that are defined elsewhere. */
export interface PrototypeFact extends Declared {
  readonly hash: Hash;
  /** Equal to the `signatureHash` of a definition with the same words for parameters and return type. */
  readonly signatureHash: Hash;
  /** Specifier words and attribute macros, as written. */
  readonly attributes: readonly string[];
}

export interface StaticLocalFact {
  readonly name: string;
  readonly ordinal: number;
  readonly range: Range;
  readonly nameRange: Range;
  /** Declaration text without the initialiser, white space folded. */
  readonly type: string;
  readonly typeHash: Hash;
  /** Initialiser as written, absent when there is none. */
  readonly initializer?: string;
  readonly initializerHash: Hash;
}

export interface RecordFact extends Declared {
  readonly kind: 'struct' | 'union';
  /** Hash over the whole definition, attributes included. */
  readonly hash: Hash;
  /** `__packed`, `__aligned(8)`, … as written, before or after the braces, and the `#pragma pack(…)` in force. */
  readonly attributes: readonly string[];
  readonly fields: readonly FieldFact[];
  /** Set when an `#if` inside splits a member, so that its other branches were passed over: members may be missing. */
  readonly passedOver?: true;
}

/**
 * One member. Anonymous records are fields without a name whose `record` holds the nested members; an `#include` among the members is one
 * without a name whose type is the directive.
 */
export interface FieldFact {
  readonly name?: string;
  readonly range: Range;
  /** The specifiers as written, e.g. `const struct list_head`, `u32`; white space folded. */
  readonly type: string;
  /** `*` count of the declarator; a function pointer counts as 1. */
  readonly pointers: number;
  /** Array bounds as written, outermost first; `''` is a flexible array member. */
  readonly arrays: readonly string[];
  /** Bit-field width as written. */
  readonly bits?: string;
  readonly attributes: readonly string[];
  /** `#if` conditions inside the record, outermost first. */
  readonly conditions: readonly string[];
  /** The nested definition when the member's type is defined in place. */
  readonly record?: { readonly kind: 'struct' | 'union'; readonly name?: string; readonly attributes: readonly string[]; readonly fields: readonly FieldFact[] };
}

export interface EnumFact extends Declared {
  readonly hash: Hash;
  /** As for records: `__packed` makes it smaller. */
  readonly attributes: readonly string[];
  readonly constants: readonly EnumConstant[];
  /** As for records: the other branches of an `#if` among the constants were passed over. */
  readonly passedOver?: true;
}

export interface EnumConstant {
  readonly name: string;
  readonly value?: string;
  readonly range: Range;
  /** `#if` conditions inside the enum, outermost first; absent where there are none. */
  readonly conditions?: readonly string[];
}

export interface TypedefFact extends Declared {
  /** The aliased type as written, white space folded; declarator shape as for fields. */
  readonly type: string;
  readonly pointers: number;
  readonly arrays: readonly string[];
  readonly attributes: readonly string[];
  readonly hash: Hash;
}

export interface VariableFact extends Declared {
  readonly type: string;
  /** Hash of everything but the initialiser: type, declarator, attributes. */
  readonly typeHash: Hash;
  readonly attributes: readonly string[];
  readonly isStatic: boolean;
  /** A declaration only (`extern int x;`): no storage here. */
  readonly isExtern: boolean;
  /** Initialiser as written, absent when there is none. */
  readonly initializer?: string;
  readonly initializerRange?: Range;
  readonly initializerHash: Hash;
  /** Identifiers in the initialiser, e.g. the functions of an ops table. */
  readonly mentions: readonly string[];
  /** The macro that defines it, e.g. `DEFINE_PER_CPU`. */
  readonly definedBy?: string;
}

export interface MacroFact extends Declared {
  readonly parameters?: readonly string[];
  /** Replacement text, comments dropped, white space folded. */
  readonly body: string;
  readonly hash: Hash;
  /** Identifiers in the replacement text, once each. */
  readonly mentions: readonly string[];
}

export interface IncludeFact {
  readonly path: string;
  readonly system: boolean;
  readonly range: Range;
  readonly conditions: readonly string[];
}

export interface ExportFact {
  readonly name: string;
  readonly macro: string;
  readonly range: Range;
}

export interface RegistrationFact {
  readonly macro: string;
  readonly range: Range;
  /** Arguments as written, white space folded. */
  readonly args: readonly string[];
  readonly hash: Hash;
  readonly conditions: readonly string[];
}

/**
 * A function or variable that a macro call makes. The call is a registration or opens a function, and it is that fact that two versions of a
 * file are compared by.
 */
export interface GeneratedFact {
  readonly kind: 'function' | 'variable';
  readonly name: string;
  /** The macro, e.g. `DEFINE_SHOW_ATTRIBUTE`. */
  readonly definedBy: string;
  /** The macro call. */
  readonly range: Range;
  readonly conditions: readonly string[];
  /** What it calls and what it names otherwise, as far as that is known. */
  readonly calls: readonly string[];
  readonly mentions: readonly string[];
  /** For a function where the macro's own text is known. */
  readonly source?: MadeSource;
}

/** The text of a function that a macro makes: `$0$` stands for the macro's first argument, and so on. */
export interface MadeSource {
  readonly template: string;
  readonly args: readonly string[];
}

export interface SyntaxProblem {
  readonly kind: 'parse-error' | 'unbalanced-braces' | 'unterminated' | 'too-large' | 'binary';
  readonly message: string;
  readonly range: Range;
}
