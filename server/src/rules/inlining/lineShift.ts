import type { FileFacts, FunctionFact, MacroFact, NameUse } from '../../syntax/facts';
import { positionAt } from '../../syntax/positions';
import type { TextChange } from '../finding';
import { enumerate, plural } from '../words';
import { toTheEnd } from './toTheEnd';
import type { Rule, RuleContext, RuleFinding } from '../rule';

export const lineShift: Rule = {
  slug: 'line-shift',
  title: 'Functions whose __LINE__ moved look changed to kpatch-build',
  severity: { 'klp-build': 'info', kpatch: 'info' },
  manual: `
Lines are inserted or taken out above functions that use \`__LINE__\`, themselves or through a macro that passes it on.

**What happens.** The line number is a constant in the machine code, so kpatch-build sees another function and replaces it, with all that may be wrong
with replacing it. It forgives the checks of the kernel's own (\`WARN_ON()\`, \`might_sleep()\`, lockdep's), and no others: the error macros of file
systems are among those it takes for changes. klp-build keeps the lines with \`#line\` directives, so nothing is reported for it.

**The way out.** Put new functions at the end of the file, or keep the number of lines. What is left can be named
to kpatch-build as unchanged.

\`\`\`c
#include "kpatch-macros.h"
KPATCH_IGNORE_FUNCTION(demo_check);
\`\`\`

**How sure.** Macros of the file itself are read; of those in headers only some that are known to pass \`__LINE__\` on are looked for.

**Source.** kpatch-build/create-diff-object.c kpatch_line_macro_change_only(); scripts/livepatch/fix-patch-lines; fs/ext4/ext4.h, ext4_jbd2.h,
fs/xfs/xfs_error.h.
`,
  check(context) {
    if (context.profile !== 'kpatch') return [];
    return context.changes.flatMap(({ path, functions, status }) => {
      const { before, after } = context.versions.get(path) ?? {};
      if (before === undefined || after === undefined || status !== 'modified' || !path.endsWith('.c')) return [];
      const ignored = new Set(after.registrations.filter(({ macro }) => macro === 'KPATCH_IGNORE_FUNCTION').map(({ args }) => args[0]));
      const replaced = new Set<FunctionFact | undefined>(functions.map((change) => change.after));
      const moved = movedUsers(before, after).filter((fact) => !replaced.has(fact) && !ignored.has(fact.name));
      return moved.length === 0 ? [] : [findingOf(context, path, moved, toTheEnd(context, path, before, after, moved))];
    });
  },
};

function findingOf(context: RuleContext, path: string, moved: readonly FunctionFact[], atEnd: readonly TextChange[] | undefined): RuleFinding {
  const names = moved.map(({ name }) => name);
  const start = firstDifference(context.textOf(path, 'before') ?? '', context.textOf(path, 'after') ?? '');
  const length = context.textOf(path, 'after')?.length ?? 0;
  const hasHeader = context.versions.get(path)?.after?.includes.some((include) => include.path.endsWith('kpatch-macros.h')) === true;
  return {
    path,
    range: { start, end: start },
    message: `Lines move here, and with them __LINE__ in ${enumerate(names)}: kpatch-build takes ${names.length === 1 ? 'it' : 'them'} for changed.`,
    related: moved.map((fact) => ({ path, range: fact.nameRange, message: `${fact.name} uses __LINE__` })),
    remedies: [
      atEnd === undefined ? { kind: 'rewrite', title: 'Put new functions at the end of the file, or keep the number of lines' } : { kind: 'rewrite', title: 'Move new functions to the end of the file', fix: { edits: () => atEnd } },
      {
        kind: 'build-option',
        title: `Have kpatch-build ignore ${plural(names.length, 'function')} that only moved`,
        fix: { edits: () => [{ path, range: { start: length, end: length }, text: `\n${hasHeader ? '' : '#include "kpatch-macros.h"\n'}${names.map((name) => `KPATCH_IGNORE_FUNCTION(${name});\n`).join('')}` }] },
      },
    ],
  };
}

/** Functions whose text is the same in both, with a use of `__LINE__` that kpatch-build does not forgive on another line than before. */
function movedUsers(before: FileFacts, after: FileFacts): FunctionFact[] {
  const macros = carriersAmong(after.macros);
  const old = new Map<string, FunctionFact>();
  for (const fact of before.functions) old.set(`${fact.name} ${fact.ordinal}`, fact);
  return after.functions.filter((fact) => {
    const twin = old.get(`${fact.name} ${fact.ordinal}`);
    if (twin === fact || twin?.bodyHash !== fact.bodyHash) return false;
    const uses = usesOf(fact, macros);
    return uses.some((use, index) => lineOf(after, fact, use) !== lineOf(before, twin, usesOf(twin, macros)[index]));
  });
}

const lineOf = (facts: FileFacts, fact: FunctionFact, use: NameUse | undefined): number => positionAt(facts.lineStarts, fact.range.start + (use?.at ?? 0)).line;

function usesOf(fact: FunctionFact, macros: ReadonlySet<string>): NameUse[] {
  const uses = fact.calls.filter(({ name }) => macros.has(name) || known.has(name));
  return fact.mentions.includes(LINE) || fact.mentions.some((name) => macros.has(name)) ? [...uses, { name: LINE, at: 0 }] : uses;
}

const LINE = '__LINE__';

/** Macros of headers that pass `__LINE__` to a function: fs/ext4/ext4.h and ext4_jbd2.h, fs/xfs/xfs_error.h, fs/jbd2. WARN() and its kin are forgiven. */
const known: ReadonlySet<string> = new Set(
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

function firstDifference(one: string, other: string): number {
  let at = 0;
  while (at < other.length && one.charCodeAt(at) === other.charCodeAt(at)) at += 1;
  return at;
}
