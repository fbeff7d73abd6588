/**
 * What a tree's owners decided about findings: `livepatch-studio.json` at the top of the tree. docs/policy.md describes it, and
 * docs/schemas/livepatch-studio.schema.json, which the editor checks it by.
 */
import { findNodeAtLocation, getNodeValue, parseTree, printParseErrorCode, type Node, type ParseError } from 'jsonc-parser/lib/esm/main.js';
import picomatch from 'picomatch';
import type { Severity } from '../rules/finding';
import type { Range } from '../syntax/facts';

export const POLICY_FILE = 'livepatch-studio.json';

/** One decision. The last one that fits a finding counts. */
export interface Decision {
  /** A slug, or `*` for all rules. */
  readonly rule: string;
  readonly severity: Severity | 'off';
  readonly reason: string;
  /** Whether it is about a file, given relative to the tree. */
  covers(path: string): boolean;
  /** `livepatch-studio.json:3`, for reports. */
  readonly source: string;
}

/** Something in the file that counts for nothing, at its place in it. */
export interface PolicyProblem {
  readonly path: string;
  readonly range: Range;
  /** Counted from 1. */
  readonly line: number;
  readonly message: string;
}

export interface Policy {
  readonly decisions: readonly Decision[];
  readonly problems: readonly PolicyProblem[];
}

export const noPolicy: Policy = { decisions: [], problems: [] };

const TOP_KEYS = ['$schema', 'rules'];
const DECISION_KEYS = ['rule', 'paths', 'severity', 'reason'];
const SEVERITIES: readonly unknown[] = ['off', 'info', 'warning', 'error'];

/** @param slugs the rules there are. Never throws: what is wrong is a problem at its line, and the rest counts. */
export function readPolicy(text: string, slugs: ReadonlySet<string>): Policy {
  const problems: PolicyProblem[] = [];
  const say = (offset: number, length: number, message: string): void => {
    problems.push({ path: POLICY_FILE, range: { start: offset, end: offset + length }, line: lineOf(text, offset), message });
  };
  const errors: ParseError[] = [];
  const root = parseTree(text, errors, { allowTrailingComma: true });
  for (const error of errors) say(error.offset, error.length, `not JSON: ${printParseErrorCode(error.error)}`);
  if (root === undefined || errors.length > 0) return { decisions: [], problems };
  if (root.type !== 'object') {
    say(root.offset, root.length, 'an object is expected');
    return { decisions: [], problems };
  }
  unknownKeys(root, TOP_KEYS);
  const rules = findNodeAtLocation(root, ['rules']);
  if (rules !== undefined && rules.type !== 'array') say(rules.offset, rules.length, '"rules" is a list of decisions');
  return { decisions: (rules?.type === 'array' ? (rules.children ?? []) : []).flatMap(decision), problems };

  function decision(node: Node): Decision[] {
    if (node.type !== 'object') {
      say(node.offset, node.length, 'a decision is an object with "rule", "severity" and "reason"');
      return [];
    }
    const before = problems.length;
    unknownKeys(node, DECISION_KEYS);
    const at = (key: string): Node => findNodeAtLocation(node, [key]) ?? node;
    const { rule, severity, reason, paths = ['**'] } = getNodeValue(node) as Record<string, unknown>;
    const expect = (holds: boolean, key: string, message: string): void => {
      if (!holds) say(at(key).offset, at(key) === node ? 1 : at(key).length, message);
    };
    expect(rule === '*' || (typeof rule === 'string' && slugs.has(rule)), 'rule', rule === undefined ? '"rule" is missing' : `there is no rule ${JSON.stringify(rule)}`);
    expect(SEVERITIES.includes(severity), 'severity', '"severity" is one of "off", "info", "warning", "error"');
    expect(typeof reason === 'string' && reason.trim() !== '', 'reason', '"reason" says why, for those who read the report');
    expect(Array.isArray(paths) && paths.every((path) => typeof path === 'string' && path !== ''), 'paths', '"paths" is a list of patterns such as "drivers/net/**"');
    if (problems.length > before) return [];
    const covers = picomatch(paths as string[]);
    return [{ rule: rule as string, severity: severity as Decision['severity'], reason: (reason as string).trim(), covers: (path) => covers(path), source: `${POLICY_FILE}:${lineOf(text, node.offset)}` }];
  }

  function unknownKeys(node: Node, known: readonly string[]): void {
    for (const [key] of (node.children ?? []).map((property) => property.children ?? [])) {
      if (key !== undefined && !known.includes(key.value as string)) say(key.offset, key.length, `unknown key ${JSON.stringify(key.value)}; known are ${known.filter((one) => one !== '$schema').join(', ')}`);
    }
  }
}

const lineOf = (text: string, offset: number): number => text.slice(0, offset).split('\n').length;
