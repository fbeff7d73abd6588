/** Functions that nobody edited, with another number where they use `__LINE__`: kpatch-build takes them for changed, klp-build keeps the numbers. */
import type { FileFacts, FunctionFact, MacroFact, NameUse } from '../syntax/facts';
import { positionAt } from '../syntax/positions';

/** What the last pair of texts gave: the plan and the rule ask the same. */
const known = new WeakMap<FileFacts, { readonly before: FileFacts; readonly moved: readonly FunctionFact[] }>();

/**
 * Functions whose text is the same in both, with a use of `__LINE__` that kpatch-build does not forgive on another line than before
 * (kpatch-build/create-diff-object.c: kpatch_line_macro_change_only()), and that it was not told to ignore.
 */
export function movedUsers(before: FileFacts, after: FileFacts): readonly FunctionFact[] {
  const last = known.get(after);
  if (last?.before === before) return last.moved;
  const moved = findMoved(before, after);
  known.set(after, { before, moved });
  return moved;
}

/** Where two texts begin to differ. */
export function firstDifference(one: string, other: string): number {
  let at = 0;
  while (at < other.length && one.charCodeAt(at) === other.charCodeAt(at)) at += 1;
  return at;
}

function findMoved(before: FileFacts, after: FileFacts): FunctionFact[] {
  const macros = carriersAmong(after.macros);
  const ignored = new Set(after.registrations.filter(({ macro }) => macro === 'KPATCH_IGNORE_FUNCTION').map(({ args }) => args[0]));
  const old = new Map<string, FunctionFact>();
  for (const fact of before.functions) old.set(`${fact.name} ${fact.ordinal}`, fact);
  return after.functions.filter((fact) => {
    const twin = old.get(`${fact.name} ${fact.ordinal}`);
    if (twin === fact || twin?.bodyHash !== fact.bodyHash || ignored.has(fact.name)) return false;
    const uses = usesOf(fact, macros);
    return uses.some((use, index) => lineOf(after, fact, use) !== lineOf(before, twin, usesOf(twin, macros)[index]));
  });
}

const lineOf = (facts: FileFacts, fact: FunctionFact, use: NameUse | undefined): number => positionAt(facts.lineStarts, fact.range.start + (use?.at ?? 0)).line;

function usesOf(fact: FunctionFact, macros: ReadonlySet<string>): NameUse[] {
  const uses = fact.calls.filter(({ name }) => macros.has(name) || CARRIERS.has(name));
  return fact.mentions.includes(LINE) || fact.mentions.some((name) => macros.has(name)) ? [...uses, { name: LINE, at: 0 }] : uses;
}

export const LINE = '__LINE__';

/** Macros of headers that pass `__LINE__` to a function: fs/ext4/ext4.h and ext4_jbd2.h, fs/xfs/xfs_error.h, fs/jbd2. WARN() and its kin are forgiven. */
const CARRIERS: ReadonlySet<string> = new Set(
  ('ext4_error ext4_error_err ext4_error_inode ext4_error_inode_err ext4_error_inode_block ext4_error_file EXT4_ERROR_INODE EXT4_ERROR_INODE_ERR EXT4_ERROR_INODE_BLOCK EXT4_ERROR_FILE ext4_abort ext4_warning ext4_warning_inode ' +
    'ext4_grp_locked_error ext4_std_error ext4_journal_start ext4_journal_start_sb ext4_journal_start_with_reserve ext4_journal_stop ext4_journal_get_write_access ext4_journal_get_create_access ext4_forget ' +
    'ext4_handle_dirty_metadata XFS_ERROR_REPORT XFS_CORRUPTION_ERROR XFS_IS_CORRUPT').split(' '),
);

/** The macros of a file that pass `__LINE__` on, themselves or through others; not those that only make a name of it. */
function carriersAmong(macros: readonly MacroFact[]): ReadonlySet<string> {
  const found = new Set<string>();
  for (let before = -1; before !== found.size; ) {
    before = found.size;
    for (const macro of macros) if ((macro.mentions.includes(LINE) && !/##|PASTE|UNIQUE/.test(macro.body)) || macro.mentions.some((name) => found.has(name))) found.add(macro.name);
  }
  return found;
}
