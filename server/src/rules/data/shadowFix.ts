/** A new member of an old struct taken out again, and kept in a shadow variable instead. */
import type { FieldFact, FunctionFact } from '../../syntax/facts';
import { aboveComment } from '../comments';
import type { Fix, TextChange } from '../finding';
import type { RuleContext } from '../rule';
import { beforeFree } from './beforeFree';
import type { LayoutChange } from './layoutChange';
import { accessesTo, freesIn, type Access } from './memberAccess';

export interface ShadowFix {
  readonly fix: Fix;
  /** For the title: what a person has to do on top. */
  readonly note: string;
}

interface Use {
  readonly path: string;
  readonly fact: FunctionFact;
  readonly accesses: readonly Access[];
  readonly frees: ReturnType<typeof freesIn>;
}

/**
 * The fix for one new member of a plain type whose every use in the edit is `x->member`, with x declared a pointer to the record;
 * undefined for anything else.
 */
export function shadowFix({ path, change }: LayoutChange, context: RuleContext): ShadowFix | undefined {
  const [added, ...others] = change.fields;
  if (added?.kind !== 'added' || others.length > 0) return undefined;
  const field = added.after;
  if (field.name === undefined || field.bits !== undefined || field.arrays.length > 0 || field.record !== undefined || (field.pointers === 0 && /^(struct|union) /.test(field.type))) return undefined;
  const uses = /(^|\/)uapi\//.test(path) ? undefined : usesOf(field.name, change.after.name, context);
  if (uses?.some((use) => use.accesses.length > 0) !== true) return undefined;
  const isFreed = uses.some((use) => use.frees.length > 0);
  return { note: isFreed ? '' : ' (free it where the struct is freed, which the edited files do not show)', fix: { edits: () => edits(path, change, field, uses, context) } };
}

/** In the .c files of the edit; undefined when something uses the member in another way. */
function usesOf(member: string, record: string, context: RuleContext): Use[] | undefined {
  const found: Use[] = [];
  for (const [path, { after }] of context.versions) {
    for (const fact of after?.functions ?? []) {
      const accesses = bodyHolds(context.textOf(path, 'after'), fact, member) ? accessesTo(member, record, path, fact, context) : [];
      if (accesses === undefined || (accesses.length > 0 && !path.endsWith('.c'))) return undefined;
      const frees = path.endsWith('.c') ? freesIn(record, path, fact, context) : [];
      if (accesses.length > 0 || frees.length > 0) found.push({ path, fact, accesses, frees });
    }
    // In a macro, or in the initializer of a variable, nothing is rewritten.
    const isWord = new RegExp(`(\\.|->)\\s*${member}\\b`);
    if (after?.macros.some((macro) => isWord.test(macro.body)) === true || after?.variables.some((variable) => new RegExp(`\\b(struct|union) ${record}\\b`).test(variable.type) && isWord.test(variable.initializer ?? '')) === true) return undefined;
  }
  return found;
}

const bodyHolds = (text: string | undefined, fact: FunctionFact, word: string): boolean => text?.slice(fact.bodyRange.start, fact.bodyRange.end).includes(word) === true;

function edits(path: string, change: LayoutChange['change'], field: FieldFact, uses: readonly Use[], context: RuleContext): TextChange[] {
  const old = context.textOf(path, 'before');
  if (old === undefined) return [];
  const names = namesOf(change.after.name, field.name ?? '');
  // Nothing but the member was added: the baseline's record is the record without it.
  const record: TextChange = { path, range: change.after.range, text: old.slice(change.before.range.start, change.before.range.end) };
  const files = [...new Set(uses.map((use) => use.path))];
  const helpers = files.map((file) => helpersIn(file, uses.filter((use) => use.path === file), change, field, names, context));
  const places = uses.flatMap((use) => [
    ...use.accesses.flatMap((access) => rewritten(access, use.path, names)),
    ...use.frees.map((free) => beforeFree(context, use.path, use.fact, free, `${names.free}(${free.base});`)),
  ]);
  return [record, ...helpers, ...places].sort((one, other) => (one.path === other.path ? one.range.start - other.range.start : one.path < other.path ? -1 : 1));
}

interface Names {
  readonly id: string;
  readonly number: string;
  readonly get: string;
  readonly set: string;
  readonly free: string;
}

function namesOf(record: string, member: string): Names {
  const stem = `${record}_${member}`;
  return { id: `SHADOW_${stem.toUpperCase()}`, number: identifier(stem), get: `${stem}_get`, set: `${stem}_set`, free: `${stem}_free` };
}

/** Shadow variables of all live patches share one space of numbers: FNV-1a of the names, so that two patches do not meet by counting from 0. */
function identifier(text: string): string {
  let hash = 0x811c9dc5;
  for (const character of text) hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193);
  return `0x${(hash >>> 0).toString(16).padStart(8, '0')}UL`;
}

/** Klp_shadow_get() gives nothing for objects that old code made: they read as 0, as from zeroed memory. */
function helpersIn(path: string, uses: readonly Use[], { after: { kind, name } }: LayoutChange['change'], field: FieldFact, names: Names, context: RuleContext): TextChange {
  const type = `${field.type} ${'*'.repeat(field.pointers)}`.trimEnd();
  const spaced = type.endsWith('*') ? type : `${type} `;
  const object = `${kind} ${name} *object`;
  const first = Math.min(...uses.map((use) => use.fact.range.start));
  const text = context.textOf(path, 'after') ?? '';
  const at = aboveComment(text, first);
  const setters = uses.some((use) => use.accesses.some((access) => access.kind !== 'read'));
  const getters = uses.some((use) => use.accesses.some((access) => access.kind !== 'write' || access.operator !== undefined));
  const part = (isUsed: boolean, lines: readonly string[]): readonly string[] => (isUsed ? [...lines, ''] : []);
  const lines = [
    '#include <linux/livepatch.h>',
    '',
    `/* ${field.name ?? ''} of ${kind} ${name}, beside the objects: the number has to be one that no other live patch uses. */`,
    `#define ${names.id} ${names.number}`,
    '',
    ...part(getters, [
      `static ${spaced}${names.get}(const ${object})`,
      '{',
      `\t${spaced}*value = klp_shadow_get((void *)object, ${names.id});`,
      '',
      `\treturn value ? *value : 0; /* objects from before the patch have none */`,
      '}',
    ]),
    ...part(setters, [
      `static void ${names.set}(${object}, ${spaced}to)`,
      '{',
      '\t/* GFP_KERNEL where no caller holds a spinlock. */',
      `\t${spaced}*value = klp_shadow_get_or_alloc(object, ${names.id}, sizeof(*value), GFP_ATOMIC, NULL, NULL);`,
      '',
      '\tif (value)',
      '\t\t*value = to;',
      '}',
    ]),
    ...part(uses.some((use) => use.frees.length > 0), [`static void ${names.free}(${object})`, '{', `\tklp_shadow_free(object, ${names.id}, NULL);`, '}']),
  ];
  return { path, range: { start: at, end: at }, text: `${lines.join('\n')}\n` };
}

function rewritten(access: Access, path: string, { get, set }: Names): TextChange[] {
  const { base, start, end } = access;
  switch (access.kind) {
    case 'read':
      return [{ path, range: { start, end }, text: `${get}(${base})` }];
    case 'step':
      return [{ path, range: { start, end }, text: `${set}(${base}, ${get}(${base}) ${access.operator} 1)` }];
    case 'write': {
      const [open, close] = access.operator === undefined ? [`${set}(${base}, `, ')'] : [`${set}(${base}, ${get}(${base}) ${access.operator} (`, '))'];
      return [{ path, range: { start, end }, text: open }, { path, range: { start: access.semicolon, end: access.semicolon }, text: close }];
    }
  }
}
