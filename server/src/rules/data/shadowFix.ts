/** New members of an old struct taken out again, and kept in a shadow variable instead. */
import type { FieldFact, FunctionFact } from '../../syntax/facts';
import { aboveComment } from '../comments';
import type { Fix, TextChange } from '../finding';
import type { RuleContext } from '../rule';
import { enumerate } from '../words';
import { beforeFree } from './beforeFree';
import type { LayoutChange } from './layoutChange';
import { accessesTo, freesIn, type Access } from './memberAccess';

export interface ShadowFix {
  readonly fix: Fix;
  /** For the title: what a person has to do on top. */
  readonly note: string;
}

/** One new member. */
interface Member {
  readonly name: string;
  /** Up to the declarator: `u32 `, `struct demo *`. */
  readonly spaced: string;
  readonly get: string;
  readonly set: string;
}

/** One function of a .c file that has to do with the members. */
interface Use {
  readonly path: string;
  readonly fact: FunctionFact;
  readonly accesses: readonly { readonly member: Member; readonly access: Access }[];
  readonly frees: ReturnType<typeof freesIn>;
}

/**
 * The fix for new members of plain types whose every use in the edit is `x->member`, with x declared a pointer to the record;
 * undefined for anything else.
 */
export function shadowFix({ path, change }: LayoutChange, context: RuleContext): ShadowFix | undefined {
  const members = change.fields.map((field) => (field.kind === 'added' ? memberOf(field.after, change.after.name) : undefined)).filter((member) => member !== undefined);
  if (members.length === 0 || members.length < change.fields.length || /(^|\/)uapi\//.test(path)) return undefined;
  const uses = usesOf(members, change.after.name, context);
  if (uses === undefined || !members.every((member) => uses.some(({ accesses }) => accesses.some((one) => one.member === member)))) return undefined;
  const isFreed = uses.some((use) => use.frees.length > 0);
  return { note: isFreed ? '' : ' (free it where the struct is freed, which the edited files do not show)', fix: { edits: () => edits(path, change, members, uses, context) } };
}

function memberOf({ name, bits, arrays, record, pointers, type }: FieldFact, struct: string): Member | undefined {
  if (name === undefined || bits !== undefined || arrays.length > 0 || record !== undefined || (pointers === 0 && /^(struct|union) /.test(type))) return undefined;
  return { name, spaced: `${type} ${'*'.repeat(pointers)}`, get: `${struct}_${name}_get`, set: `${struct}_${name}_set` };
}

/** In the .c files of the edit; undefined when something uses a member in another way. */
function usesOf(members: readonly Member[], record: string, context: RuleContext): Use[] | undefined {
  const found: Use[] = [];
  for (const [path, { after }] of context.versions) {
    for (const fact of after?.functions ?? []) {
      const all = members.map((member) => (bodyHolds(context.textOf(path, 'after'), fact, member.name) ? accessesTo(member.name, record, path, fact, context)?.map((access) => ({ member, access })) : []));
      const accesses = all.flatMap((one) => one ?? []);
      if (all.includes(undefined) || (accesses.length > 0 && !path.endsWith('.c'))) return undefined;
      const frees = path.endsWith('.c') ? freesIn(record, path, fact, context) : [];
      if (accesses.length > 0 || frees.length > 0) found.push({ path, fact, accesses, frees });
    }
    // In a macro, or in the initializer of a variable, nothing is rewritten.
    const isWord = new RegExp(`(\\.|->)\\s*(${members.map((member) => member.name).join('|')})\\b`);
    if (after?.macros.some((macro) => isWord.test(macro.body)) === true || after?.variables.some((variable) => new RegExp(`\\b(struct|union) ${record}\\b`).test(variable.type) && isWord.test(variable.initializer ?? '')) === true) return undefined;
  }
  return found;
}

const bodyHolds = (text: string | undefined, fact: FunctionFact, word: string): boolean => text?.slice(fact.bodyRange.start, fact.bodyRange.end).includes(word) === true;

function edits(path: string, change: LayoutChange['change'], members: readonly Member[], uses: readonly Use[], context: RuleContext): TextChange[] {
  const old = context.textOf(path, 'before');
  if (old === undefined) return [];
  const store = storeOf(change.after, members);
  // Nothing but the members was added: the baseline's record is the record without them.
  const record: TextChange = { path, range: change.after.range, text: old.slice(change.before.range.start, change.before.range.end) };
  const files = [...new Set(uses.map((use) => use.path))];
  const helpers = files.map((file) => helpersIn(file, uses.filter((use) => use.path === file), members, store, context));
  const places = uses.flatMap((use) => [
    ...use.accesses.flatMap(({ member, access }) => rewritten(access, use.path, member)),
    ...use.frees.map((free) => beforeFree(context, use.path, use.fact, free, `${store.free}(${free.base});`)),
  ]);
  return [record, ...helpers, ...places].sort((one, other) => (one.path === other.path ? one.range.start - other.range.start : one.path < other.path ? -1 : 1));
}

/** The shadow variable: the member itself, or of several a struct. */
interface Store {
  /** `struct demo`. */
  readonly record: string;
  readonly id: string;
  readonly number: string;
  readonly free: string;
  readonly declaration: readonly string[];
  /** Of a pointer to it. */
  readonly pointer: (member: Member) => string;
  readonly variable: string;
  readonly place: (member: Member) => string;
}

function storeOf({ kind, name }: LayoutChange['change']['after'], members: readonly Member[]): Store {
  const [only, ...others] = members;
  const isAlone = only !== undefined && others.length === 0;
  const stem = isAlone ? `${name}_${only.name}` : `${name}_shadow`;
  const shared = { record: `${kind} ${name}`, id: isAlone ? `SHADOW_${stem.toUpperCase()}` : `SHADOW_${name.toUpperCase()}`, number: identifier(stem), free: `${stem}_free` };
  if (isAlone) return { ...shared, declaration: [], pointer: ({ spaced }) => `${spaced}*value`, variable: 'value', place: () => '*value' };
  const declaration = [`struct ${stem} {`, ...members.map((member) => `\t${member.spaced}${member.name};`), '};', ''];
  return { ...shared, declaration, pointer: () => `struct ${stem} *shadow`, variable: 'shadow', place: (member) => `shadow->${member.name}` };
}

/** Shadow variables of all live patches share one space of numbers: FNV-1a of the names, so that two patches do not meet by counting from 0. */
function identifier(text: string): string {
  let hash = 0x811c9dc5;
  for (const character of text) hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193);
  return `0x${(hash >>> 0).toString(16).padStart(8, '0')}UL`;
}

/** klp_shadow_get() gives nothing for objects that old code made: they read as 0, as from zeroed memory. */
function helpersIn(path: string, uses: readonly Use[], members: readonly Member[], store: Store, context: RuleContext): TextChange {
  const object = `${store.record} *object`;
  const first = Math.min(...uses.map((use) => use.fact.range.start));
  const at = aboveComment(context.textOf(path, 'after') ?? '', first);
  const part = (isUsed: boolean, lines: readonly string[]): readonly string[] => (isUsed ? [...lines, ''] : []);
  const isUsed = (member: Member, how: (access: Access) => boolean): boolean => uses.some((use) => use.accesses.some((one) => one.member === member && how(one.access)));
  const lines = [
    '#include <linux/livepatch.h>',
    '',
    `/* ${enumerate(members.map((member) => member.name))} of ${store.record}, beside the objects: the number has to be one that no other live patch uses. */`,
    `#define ${store.id} ${store.number}`,
    '',
    ...store.declaration,
    ...members.flatMap((member) => [
      ...part(isUsed(member, (access) => access.kind !== 'write' || access.operator !== undefined), [
        `static ${member.spaced}${member.get}(const ${object})`,
        '{',
        `\t${store.pointer(member)} = klp_shadow_get((void *)object, ${store.id});`,
        '',
        `\treturn ${store.variable} ? ${store.place(member)} : ${member.spaced.endsWith('*') ? 'NULL' : '0'}; /* objects from before the patch have none */`,
        '}',
      ]),
      ...part(isUsed(member, (access) => access.kind !== 'read'), [
        `static void ${member.set}(${object}, ${member.spaced}to)`,
        '{',
        '\t/* GFP_KERNEL where no caller holds a spinlock. */',
        `\t${store.pointer(member)} = klp_shadow_get_or_alloc(object, ${store.id}, sizeof(*${store.variable}), GFP_ATOMIC, NULL, NULL);`,
        '',
        `\tif (${store.variable})`,
        `\t\t${store.place(member)} = to;`,
        '}',
      ]),
    ]),
    ...part(uses.some((use) => use.frees.length > 0), [`static void ${store.free}(${object})`, '{', `\tklp_shadow_free(object, ${store.id}, NULL);`, '}']),
  ];
  return { path, range: { start: at, end: at }, text: `${lines.join('\n')}\n` };
}

function rewritten(access: Access, path: string, { get, set }: Member): TextChange[] {
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
