import { Disposable, languages, LanguageStatusSeverity } from 'vscode';
import type { PlanView } from '../../../server/src/lsp/protocol';
import { evidenceWords, functionsOf, sentenceOf } from '../planWords';
import type { Feature, Studio } from '../studio';

/** The item behind the `{}` of the status bar: verdict, what it rests on, profile and baseline of the open file's folder. It opens the report. */
export const status: Feature = (studio) => {
  const item = languages.createLanguageStatusItem('livepatchStudio.status', [
    { scheme: 'file', language: 'c' },
    { scheme: 'file', language: 'cpp', pattern: '**/*.h' },
  ]);
  item.name = 'Live Patch';
  const update = () => {
    const plan = studio.plans.pick();
    item.busy = studio.plans.state === 'starting' || studio.plans.state === 'analyzing';
    item.severity = severityOf(studio.plans.state, plan);
    item.text = textOf(studio, plan);
    item.detail = plan?.state === 'ready' ? `${plan.profile}, compared with ${plan.baseline.label}` : '';
    // A report is of a plan; what stands in its way is told in the view.
    item.command = plan?.state === 'ready' ? { command: 'livepatchStudio.showReport', title: 'Report', tooltip: 'Open the report on this live patch' } : { command: 'livepatchStudio.plan.focus', title: 'Show', tooltip: 'Show the Live Patch view' };
  };
  update();
  return Disposable.from(item, studio.plans.onDidChange(update));
};

function textOf(studio: Studio, plan: PlanView | undefined): string {
  if (studio.plans.state === 'stopped') return 'Livepatch Studio is not running';
  if (plan === undefined || plan.state === 'analyzing') return 'Analyzing the edit…';
  if (plan.state !== 'ready') return plan.message ?? 'No live patch plan';
  return functionsOf(plan).length === 0 ? sentenceOf(plan) : `${sentenceOf(plan)}, ${evidenceWords[plan.evidence]}`;
}

function severityOf(state: string, plan: PlanView | undefined): LanguageStatusSeverity {
  if (state === 'stopped') return LanguageStatusSeverity.Error;
  if (plan?.state === 'failed' || (plan?.state === 'ready' && plan.verdict !== 'patchable')) return LanguageStatusSeverity.Warning;
  return LanguageStatusSeverity.Information;
}
