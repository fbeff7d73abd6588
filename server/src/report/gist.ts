/** The answer in one line: what a release engineer reads first, and a status page shows alone. */
import { transitionRules } from '../rules/transition';
import { enumerate, plural } from '../rules/words';
import { patchedFunctions } from '../plan/patchedSet';
import { setAsideText } from '../policy/apply';
import type { Analysis } from '../result';
import type { Finding } from '../rules/finding';

/** Behind the verdict: `2 errors: notrace (f), init-code (g); 1 finding set aside`. Text of the user's tree in it is as it stands there. */
export function gistOf(analysis: Analysis): string {
  // An error that counts for less keeps the verdict from being what the rules say, as one that is off does.
  const errors = analysis.setAside.filter(({ finding }) => finding.severity === 'error').length;
  const off = analysis.setAside.filter(({ severity }) => severity === 'off').length;
  const said = errors > 0 ? [`${plural(errors, 'error')} set aside`] : off > 0 ? [`${plural(off, 'finding')} set aside`] : [];
  return [mainPoint(analysis), ...said].join('; ');
}

/** `(klp-build, Linux 6.1.192)`: what the answer holds for. */
export function contextOf({ profile, kernelVersion }: Analysis): string {
  return `(${profile}, ${kernelVersion === undefined ? 'kernel version unknown' : `Linux ${kernelVersion}`})`;
}

function mainPoint(analysis: Analysis): string {
  if (analysis.verdict === 'unpatchable') {
    const errors = analysis.findings.filter(({ severity }) => severity === 'error');
    return `${plural(errors.length, 'error')}: ${enumerate([...new Set(errors.map((error) => `${error.rule} (${subjectOf(error)})`))])}`;
  }
  if (analysis.verdict === 'undecided') {
    const [first = '', ...more] = doubtsOf(analysis);
    return more.length === 0 ? first : `${more.length + 1} things could not be told`;
  }
  const replaced = patchedFunctions(analysis.plan);
  if (replaced.length === 0) return 'no function has to be replaced';
  return [`a live patch replaces ${plural(replaced.length, 'function')} in ${enumerate([...new Set(replaced.map(({ object }) => object))])}`, ...toLookAt(analysis)].join('; ');
}

const OF_TRANSITIONS = new Set(transitionRules.map(({ slug }) => slug));

/** A patch that can be built may still do harm, or never finish loading, which comes first. */
function toLookAt({ findings }: Analysis): string[] {
  const warnings = findings.filter(({ severity }) => severity === 'warning');
  if (warnings.length === 0) return [];
  const [first, then] = [true, false].map((isFirst) => warnings.filter(({ rule }) => OF_TRANSITIONS.has(rule) === isFirst));
  return [`${plural(warnings.length, 'warning')} to look at: ${enumerate([...new Set([...(first ?? []), ...(then ?? [])].map((warning) => `${warning.rule} (${subjectOf(warning)})`))])}`];
}

/** The reasons that are doubts: neither errors nor decisions about findings. */
export function doubtsOf(analysis: Analysis): string[] {
  const others = new Set([...analysis.setAside.map(setAsideText), ...analysis.findings.filter(({ severity }) => severity === 'error').map(({ message }) => message)]);
  return analysis.reasons.filter((reason) => !others.has(reason));
}

/** What a finding is about, in a word. */
export const subjectOf = ({ function: name, symbol, path }: Finding): string => name ?? symbol ?? path;

/** `1 error, 2 warnings, 1 info`, or undefined without a finding. */
export function countsOf(findings: readonly Finding[]): string | undefined {
  const counts = (['error', 'warning', 'info'] as const).flatMap((severity) => {
    const number = findings.filter((finding) => finding.severity === severity).length;
    return number === 0 ? [] : [severity === 'info' ? `${number} info` : plural(number, severity)];
  });
  return counts.length === 0 ? undefined : counts.join(', ');
}
