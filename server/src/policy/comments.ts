/** Decisions in the edit's own text: a comment that names rules and says why, on the line it is about or above it. */
import type { PolicyProblem } from './policy';

export interface Allowance {
  readonly rules: readonly string[];
  readonly reason: string;
  /** Lines it is about, from 0, both included: those of the comment and the next one. */
  readonly from: number;
  readonly to: number;
}

/** What the comments of a file decide, and what is wrong with them. */
export interface Comments {
  readonly allowances: readonly Allowance[];
  readonly problems: readonly PolicyProblem[];
}

const WORD = 'livepatch-studio-allow';
/** A comment of either kind: the slugs, a colon, the reason. */
const FORM = /\/\*[\s*]*livepatch-studio-allow\b([\s\S]*?)\*\/|\/\/\s*livepatch-studio-allow\b(.*)/g;

/** @param slugs the rules there are. A comment without a reason, or for a rule there is not, counts for nothing and is a problem. */
export function commentsIn(path: string, text: string, slugs: ReadonlySet<string>): Comments {
  const allowances: Allowance[] = [];
  const problems: PolicyProblem[] = [];
  if (!text.includes(WORD)) return { allowances, problems };
  for (const match of text.matchAll(FORM)) {
    const content = (match[1] ?? match[2] ?? '').replace(/\s*\n\s*\*?\s*/g, ' ').trim();
    const [, names = '', reason = ''] = /^([\w\s,-]*?)\s*(?::\s*(.*))?$/.exec(content) ?? [];
    const rules = names.split(/[\s,]+/).filter((name) => name !== '');
    const from = text.slice(0, match.index).split('\n').length - 1;
    const to = from + match[0].split('\n').length;
    const unknown = rules.filter((rule) => !slugs.has(rule));
    const message = rules.length === 0 ? 'names no rule' : unknown.length > 0 ? `names ${unknown.join(', ')}, which is no rule` : reason === '' ? 'gives no reason' : undefined;
    if (message === undefined) allowances.push({ rules, reason, from, to });
    else problems.push({ path, range: { start: match.index, end: match.index + match[0].length }, line: from + 1, message: `This comment ${message}, so it counts for nothing. Its form is: ${WORD} RULE: REASON` });
  }
  return { allowances, problems };
}
