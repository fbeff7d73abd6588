import type { FileChanges } from '../../change/changes';
import { evaluateCondition, type ConfigLookup } from '../../kernel/conditions';
import { negate } from '../../syntax/conditionals';
import { TokenKind } from '../../syntax/tokens';
import { bodyTokens, type BodyToken } from '../body';
import type { Rule, RuleContext, RuleFinding } from '../rule';

export const configInactive: Rule = {
  slug: 'config-inactive',
  title: 'The .config leaves the edited code out',
  severity: { 'klp-build': 'warning', kpatch: 'warning' },
  manual: `
The edited lines, or the whole definition, stand under an \`#if\` that does not hold with the tree's .config.

**What happens.** The compiler never sees the change: no function differs, and the build tool finds nothing to patch (\`no changes detected\`,
\`no functional changes found\`), or patches the rest of the edit without it. Without a .config nothing is said here.

**The way out.** Judge with the .config of the kernel that is to be patched. If that one leaves the code out, too, there is nothing to mend in it.

\`\`\`c
#ifdef CONFIG_DEMO_DEBUG    /* is not set */
	demo_count(2);
#endif
\`\`\`

**Source.** include/linux/kconfig.h; scripts/livepatch/klp-build; kpatch-build/create-diff-object.c.
`,
  check(context) {
    const config: ConfigLookup = (name) => context.knowledge.config(name);
    return context.changes.flatMap((change) => [...wholeDefinitions(change, config), ...insideBodies(context, change, config)]);
  },
};

/** Functions, variables and macros under a condition that does not hold. */
function wholeDefinitions({ path, functions, variables, macros }: FileChanges, config: ConfigLookup): RuleFinding[] {
  return [...functions, ...variables, ...macros].flatMap(({ after }): RuleFinding[] => {
    const condition = after?.conditions.find((one) => evaluateCondition(one, config) === false);
    if (after === undefined || condition === undefined) return [];
    return [{ path, range: after.nameRange, ...('bodyRange' in after ? { function: after.name } : { symbol: after.name }), message: `${after.name} stands under "#if ${condition}", which does not hold with the tree's .config: this change is not compiled.` }];
  });
}

/** Functions whose text differs only in branches that are left out. */
function insideBodies(context: RuleContext, { path, functions }: FileChanges, config: ConfigLookup): RuleFinding[] {
  return functions.flatMap((change): RuleFinding[] => {
    const { kind, before, after } = change;
    if (kind !== 'changed' || !change.bodyChanged || change.attributesChanged) return [];
    const old = placed(bodyTokens(context, path, 'before', before), config);
    const now = placed(bodyTokens(context, path, 'after', after), config);
    if (!now.some((token) => token.off !== undefined) || compiled(old) !== compiled(now)) return [];
    const first = now.find((token, index) => token.off !== undefined && token.text !== old[index]?.text) ?? now.find((token) => token.off !== undefined);
    if (first === undefined) return [];
    return [{ path, range: { start: first.at, end: first.at + first.text.length }, function: after.name, message: `In ${after.name} only code under "#if ${first.off ?? ''}" changes, which does not hold with the tree's .config: the function stays as it is.` }];
  });
}

/** A token with the condition that leaves it out, if one does. */
interface Placed extends BodyToken {
  readonly off?: string;
  /** A conditional directive that was decided: it is no part of what is compiled. */
  readonly isDecided?: true;
}

function placed(tokens: readonly BodyToken[], config: ConfigLookup): Placed[] {
  if (!tokens.some((token) => token.kind === TokenKind.directive)) return [...tokens];
  /** Of each open `#if`: what leaves the current branch out, the branch that held, and whether one did. */
  const stack: { off: string | undefined; held: string | undefined; some: boolean | undefined; isDecided: boolean }[] = [];
  return tokens.map((token): Placed => {
    const [, word = '', rest = ''] = token.kind === TokenKind.directive ? (/^#\s*(ifdef|ifndef|if|elif|else|endif)\b\s*(.*)$/s.exec(token.text) ?? []) : [];
    const frame = stack.at(-1);
    if (word === '') {
      const off = stack.find((one) => one.off !== undefined)?.off;
      return off === undefined ? token : { ...token, off };
    }
    const decided = (isDecided: boolean): Placed => (isDecided ? { ...token, isDecided: true } : token);
    if (word === 'endif') {
      stack.pop();
      return decided(frame?.isDecided ?? false);
    }
    const name = rest.trim();
    const condition = word === 'ifdef' ? `defined(${name})` : word === 'ifndef' ? `!defined(${name})` : word === 'else' ? '1' : name;
    const holds = evaluateCondition(condition, config);
    if (word.startsWith('if')) {
      stack.push({ off: holds === false ? condition : undefined, held: holds === true ? condition : undefined, some: holds, isDecided: holds !== undefined });
      return decided(holds !== undefined);
    }
    if (frame === undefined) return token;
    frame.off = frame.held !== undefined ? negate(frame.held) : holds === false ? condition : undefined;
    if (frame.some === false && holds === true) frame.held = condition;
    frame.some = frame.some === true || (frame.some === false ? holds : undefined);
    if (frame.some === undefined) frame.isDecided = false;
    return decided(frame.isDecided);
  });
}

/** What the compiler sees, as one text. */
const compiled = (tokens: readonly Placed[]): string => tokens.filter((token) => token.off === undefined && token.isDecided !== true).map((token) => token.text).join(' ');
