/** Findings and what nobody judged -> verdicts. Not knowing is never reported as safe. */
import { mayChangeKernel } from './plan/fileKinds';
import type { Plan } from './plan/plan';
import { setAsideText, type SetAside } from './policy/apply';
import type { Evidence, Finding, Verdict } from './rules/finding';
import type { Analysis, EditedFile, JudgedFunction } from './result';

export interface Judgement {
  readonly verdict: Verdict;
  readonly reasons: readonly string[];
  readonly functions: readonly JudgedFunction[];
}

/**
 * @param setAside findings that were decided about: an error or a doubt among them is a reason, so that no verdict rests on one without a word
 * @param faults what of the tree could not be read, a sentence each: anything may stand there
 */
export function judge(plan: Plan, findings: readonly Finding[], edit: readonly EditedFile[], openQuestions: number, faults: readonly string[] = [], setAside: readonly SetAside[] = []): Judgement {
  const errors = findings.filter((finding) => finding.severity === 'error');
  const doubts = [
    ...edit.flatMap((file) => (file.unreadable === undefined || !mayChangeKernel(file.path, false) ? [] : [`${file.path}: ${file.unreadable}`])),
    ...plan.unjudged.map((part) => part.reason),
    ...new Set(findings.filter(isDoubt).map((finding) => finding.message)),
    ...faults,
    ...(openQuestions > 0 ? ['the rest of the tree is still being read'] : []),
  ];
  const verdict = errors.length > 0 ? 'unpatchable' : doubts.length > 0 ? 'undecided' : 'patchable';
  const reasons = verdict === 'unpatchable' ? [...errors.map((finding) => finding.message), ...doubts] : doubts;
  const decided = setAside.filter(({ finding }) => finding.severity === 'error' || isDoubt(finding)).map(setAsideText);
  return { verdict, reasons: [...new Set([...reasons, ...decided])], functions: functionVerdicts(plan, findings, openQuestions > 0 || faults.length > 0) };
}

/** A function is judged by what is said of it, or of it as the holder of an edited one's code. */
function functionVerdicts(plan: Plan, findings: readonly Finding[], isPartial: boolean): JudgedFunction[] {
  return plan.objects.flatMap((object) =>
    object.functions.map((planned): JudgedFunction => {
      const about = findings.filter((finding) => isAboutFile(finding, planned.path) || ((finding.through ?? finding.function) === planned.name && (finding.through !== undefined || finding.path === planned.path)));
      const failing = about.filter((finding) => finding.severity === 'error');
      const doubted = isPartial || about.some(isDoubt) || plan.unjudged.some((part) => part.path === planned.path && part.range.start === planned.fact.nameRange.start);
      const evidence = failing.reduce<Evidence>((best, finding) => (strength[finding.evidence] > strength[best] ? finding.evidence : best), 'source');
      return { planned, verdict: failing.length > 0 ? 'unpatchable' : doubted ? 'undecided' : 'patchable', evidence };
    }),
  );
}

/** What a verdict as a whole rests on: an `unpatchable` one on its best error, any other on the weakest of what was said of the functions. */
export function evidenceOf({ verdict, findings, functions }: Pick<Analysis, 'verdict' | 'findings' | 'functions'>): Evidence {
  const all = verdict === 'unpatchable' ? findings.filter(({ severity }) => severity === 'error') : functions;
  const ranked = all.map(({ evidence }) => evidence).sort((a, b) => strength[a] - strength[b]);
  return (verdict === 'unpatchable' ? ranked.at(-1) : ranked[0]) ?? 'source';
}

const isDoubt = (finding: Finding): boolean => finding.ifInlined === true || finding.isOpen === true;

/** What holds for a whole file holds for its functions. */
const isAboutFile = (finding: Finding, path: string): boolean => finding.path === path && finding.function === undefined && finding.symbol === undefined;

const strength: Readonly<Record<Evidence, number>> = { source: 0, symbols: 1, compiler: 2 };
