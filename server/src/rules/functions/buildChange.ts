import type { FileChanges } from '../../change/changes';
import { kindOfFile } from '../../plan/fileKinds';
import { fileAsBefore } from '../asBefore';
import type { Remedy } from '../finding';
import type { RuleContext, Rule, RuleFinding } from '../rule';
import { changedLines, listsObjects, meaningOf } from './buildFiles';
import { firstChange } from './places';

export const buildChange: Rule = {
  slug: 'build-change',
  title: 'The edit changes what is built, or how',
  scope: 'edit',
  severity: { 'klp-build': 'error', kpatch: 'error' },
  manual: `
A .c file is new, deleted or renamed; a Makefile, a Kconfig file or the configuration changes; or a file that every object is made with:
a linker script, \`asm-offsets.c\`, \`compiler*.h\`, \`alternative.h\`.

**What happens.** Build tools compare the objects of two builds, one by one. klp-build walks the source files of an object in step and stops
at the first that is not in both (\`FILE symbol mismatch\`). kpatch-build takes a new object in whole, as if all of it were new
(a warning), and a patch of nothing else ends with \`no functional changes found\`. A changed configuration makes another kernel:
klp-build stops at an option that has no value yet (\`.config mismatch\`), kpatch-build does not notice. Other compiler flags
may change every function they reach; which, only the compiler can tell, and the verdict stays undecided. Linker scripts and headers of the
build change the whole kernel, with both tools.

**The way out.** Put new code into a .c file that exists. Leave Makefiles and Kconfig files as they are.

\`\`\`c
/* instead of kernel/demo_retry.c and a line of the Makefile: at the end of kernel/demo.c */
static int demo_retry(struct demo *demo) { … }
\`\`\`

**Source.** tools/objtool/klp-diff.c correlate_symbols(); kpatch-build/kpatch-build; scripts/livepatch/klp-build.
`,
  check(context) {
    return context.changes.flatMap((change) => {
      const kind = kindOfFile(change.path);
      if (kind === 'c') return change.path.endsWith('.c') && change.status !== 'modified' ? unit(context, change) : [];
      if (kind === 'makefile' || kind === 'kconfig' || kind === 'config') return buildFile(context, change.path, kind);
      return kind === 'whole-kernel' && !change.tokensEqual
        ? [{ path: change.path, range: firstChange(context, change.path), severity: 'error', message: `${change.path} is part of how every object is made: a change there changes the whole kernel.` }]
        : [];
    });
  },
};

/** A .c file that is new or gone. */
function unit(context: RuleContext, change: FileChanges): RuleFinding[] {
  const { path, status } = change;
  const name = path.slice(path.lastIndexOf('/') + 1);
  // Compiled as a part of another file: no object comes or goes.
  const isIncluded = context.changes.some((other) => other.includes.some((include) => (include.after ?? include.before).path.split('/').at(-1) === name));
  if (isIncluded || (status === 'added' && context.knowledge.ask({ kind: 'object', path })?.isBuilt === false)) return [];
  const twin = renamed(context, change);
  if (twin !== undefined && status === 'removed') return [];
  const what = twin === undefined ? (status === 'added' ? 'is new' : 'is deleted') : `was ${twin} before`;
  const isKpatch = context.profile === 'kpatch';
  const effect = isKpatch
    ? status === 'added' ? 'kpatch-build takes all of its object for new code' : 'the running kernel keeps its code, and nothing of it is replaced'
    : 'klp-build stops where the source files of an object differ';
  return [
    {
      path,
      range: { start: 0, end: 0 },
      severity: isKpatch ? 'warning' : 'error',
      message: `${path} ${what}: ${effect}.`,
      remedies: [{ kind: 'rewrite', title: status === 'added' && twin === undefined ? 'Put the new code into a .c file that exists' : 'Leave the file where it is' }],
    },
  ];
}

/** The file of the edit that went as this one came, or came as this one went: with the same functions. */
function renamed({ changes, versions }: RuleContext, change: FileChanges): string | undefined {
  const namesOf = ({ path, status }: FileChanges): string => {
    const { before, after } = versions.get(path) ?? {};
    return ((status === 'added' ? after : before)?.functions ?? []).map((fact) => fact.name).join(' ');
  };
  const names = namesOf(change);
  const other = change.status === 'added' ? 'removed' : 'added';
  return names === '' ? undefined : changes.find((one) => one.status === other && one.path.endsWith('.c') && namesOf(one) === names)?.path;
}

function buildFile(context: RuleContext, path: string, kind: 'makefile' | 'kconfig' | 'config'): RuleFinding[] {
  const [before, after] = [context.textOf(path, 'before') ?? '', context.textOf(path, 'after') ?? ''].map((text) => meaningOf(text, kind));
  const lines = changedLines(before ?? [], after ?? []);
  if (lines.length === 0 && (before ?? []).join('\n') === (after ?? []).join('\n')) return [];
  const range = firstChange(context, path);
  const severity = context.profile === 'kpatch' ? 'warning' : 'error';
  const fix = fileAsBefore(context, path);
  const leave = (title: string): Remedy[] => [{ kind: 'build-option', title, ...(fix === undefined ? {} : { fix }) }];
  if (kind !== 'makefile') {
    const message = context.profile === 'kpatch'
      ? `${path} changes the configuration: kpatch-build does not notice, and its patch may not fit the running kernel.`
      : `${path} changes the configuration: klp-build needs the one the running kernel was built with.`;
    return [{ path, range, severity, message, ...(severity === 'warning' ? { isOpen: true as const } : {}), remedies: leave('Leave the configuration as it is') }];
  }
  if (path === 'Makefile' || path === 'Kbuild' || path.startsWith('scripts/')) {
    return [{ path, range, severity: 'error', message: `${path} decides how the whole kernel is built: a change there may change every object.`, remedies: leave(`Leave ${path} as it is`) }];
  }
  if (lines.some(listsObjects)) {
    const effect = context.profile === 'kpatch' ? 'objects that are new come in whole, and those that are gone stay loaded' : 'klp-build stops where the source files of an object differ';
    return [{ path, range, severity, message: `${path} changes which files are built: ${effect}.`, remedies: [{ kind: 'rewrite', title: 'Put new code into a .c file that is built already' }] }];
  }
  return [
    {
      path,
      range,
      severity: 'warning',
      isOpen: true,
      message: `${path} changes how files are compiled: any function of them may change, and only the compiler can tell which.`,
      remedies: leave('Leave the flags as they are'),
    },
  ];
}
