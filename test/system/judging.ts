/** The judgement of an edit, in the words of edits.ts. */
import type { Analysis } from '../../server/src/analysis';
import type { KernelEdit } from './edits';

export interface Judged {
  readonly verdict: string;
  readonly objects: Readonly<Record<string, readonly string[]>>;
  readonly findings: readonly string[];
}

export function expectedOf({ verdict, objects, findings }: KernelEdit): Judged {
  return { verdict, objects: sorted(objects), findings: [...findings].sort() };
}

export function judgedOf({ verdict, plan, findings }: Analysis): Judged {
  return {
    verdict,
    objects: sorted(Object.fromEntries(plan.objects.map((object) => [object.name, object.functions.map((planned) => functionText(planned.name, planned.change, planned.via.map((step) => step.name)))]))),
    findings: findings.map((finding) => findingText(finding)).sort(),
  };
}

/** The same from `check --format json` (docs/cli.md). */
export interface Report {
  readonly verdict: string;
  readonly objects: readonly { readonly name: string; readonly functions: readonly { readonly name: string; readonly change: string; readonly via?: readonly string[] }[] }[];
  readonly findings: readonly { readonly rule: string; readonly severity: string; readonly function?: string; readonly symbol?: string }[];
}

export function reportedOf({ verdict, objects, findings }: Report): Judged {
  return {
    verdict,
    objects: sorted(Object.fromEntries(objects.map((object) => [object.name, object.functions.map(({ name, change, via }) => functionText(name, change, via ?? []))]))),
    findings: findings.map((finding) => findingText(finding)).sort(),
  };
}

/** Reports name no function that a finding is about through another one. */
export function withoutThrough(judged: Judged): Judged {
  return { ...judged, findings: judged.findings.map((finding) => finding.replace(/ in \w+$/, '')).sort() };
}

function functionText(name: string, change: string, via: readonly string[]): string {
  return `${name} ${change}${via.length === 0 ? '' : ` via ${via.join(' > ')}`}`;
}

function findingText({ rule, severity, symbol, function: name, through }: { readonly rule: string; readonly severity: string; readonly symbol?: string; readonly function?: string; readonly through?: string }): string {
  return [rule, severity, symbol ?? name ?? [], through === undefined ? [] : ['in', through]].flat().join(' ');
}

function sorted(objects: Readonly<Record<string, readonly string[]>>): Record<string, string[]> {
  return Object.fromEntries(Object.entries(objects).map(([name, functions]) => [name, [...functions].sort()]));
}
