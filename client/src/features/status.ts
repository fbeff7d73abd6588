import { Disposable, languages, LanguageStatusSeverity } from 'vscode';
import type { PlanView } from '../../../server/src/lsp/protocol';
import { sentenceOf } from '../planTree';
import type { Feature, Studio } from '../studio';

/** The item behind the `{}` of the status bar: verdict, profile and baseline of the open file's folder. */
export const status: Feature = (studio) => {
  const item = languages.createLanguageStatusItem('livepatchStudio.status', [
    { scheme: 'file', language: 'c' },
    { scheme: 'file', language: 'cpp', pattern: '**/*.h' },
  ]);
  item.name = 'Live Patch';
  item.command = { command: 'livepatchStudio.plan.focus', title: 'Show', tooltip: 'Show the Live Patch view' };
  const update = () => {
    const plan = studio.plans.pick();
    item.busy = studio.plans.state === 'starting' || studio.plans.state === 'analyzing';
    item.severity = severityOf(studio.plans.state, plan);
    item.text = textOf(studio, plan);
    item.detail = plan?.state === 'ready' ? `${plan.profile}, compared with ${plan.baseline.label}` : '';
  };
  update();
  return Disposable.from(item, studio.plans.onDidChange(update));
};

function textOf(studio: Studio, plan: PlanView | undefined): string {
  if (studio.plans.state === 'stopped') return 'Livepatch Studio is not running';
  if (plan === undefined || plan.state === 'analyzing') return 'Analyzing the edit…';
  return plan.state === 'ready' ? sentenceOf(plan) : (plan.message ?? 'No live patch plan');
}

function severityOf(state: string, plan: PlanView | undefined): LanguageStatusSeverity {
  if (state === 'stopped') return LanguageStatusSeverity.Error;
  if (plan?.state === 'failed' || (plan?.state === 'ready' && plan.verdict !== 'patchable')) return LanguageStatusSeverity.Warning;
  return LanguageStatusSeverity.Information;
}
