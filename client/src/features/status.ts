import { Disposable, StatusBarAlignment, window } from 'vscode';
import type { PlanView } from '../../../server/src/lsp/protocol';
import { evidenceWords, sentenceOf } from '../planWords';
import type { Feature, Studio } from '../studio';

/** The status bar's item: the verdict, and in its tooltip what it rests on, profile and baseline. It opens the report. Nothing is shown where there is nothing to patch. */
export const status: Feature = (studio) => {
  const item = window.createStatusBarItem('livepatchStudio.status', StatusBarAlignment.Left);
  item.name = 'Live Patch';
  const update = () => {
    const shown = shownOf(studio, studio.plans.pick());
    if (shown === undefined) {
      item.hide();
      return;
    }
    item.text = shown.text;
    item.tooltip = shown.tooltip;
    item.command = shown.command;
    item.show();
  };
  update();
  return Disposable.from(item, studio.plans.onDidChange(update));
};

interface Shown {
  readonly text: string;
  readonly tooltip: string;
  readonly command: string;
}

function shownOf({ plans }: Studio, plan: PlanView | undefined): Shown | undefined {
  switch (plans.state) {
    case 'stopped':
      return { text: '$(error) Live patch', tooltip: 'The language server is not running', command: 'livepatchStudio.showLog' };
    case 'analyzing':
      return { text: '$(loading~spin) Live patch', tooltip: 'Analyzing the edit…', command: 'livepatchStudio.plan.focus' };
    case 'failed':
      return { text: '$(warning) Live patch', tooltip: plan?.message ?? 'The edit could not be analyzed', command: 'livepatchStudio.plan.focus' };
    case 'ready':
      return plan && { text: `$(${icons[plan.verdict]}) Live patch: ${plan.verdict}`, tooltip: `${sentenceOf(plan)}, ${evidenceWords[plan.evidence]}\n${plan.profile}, compared with ${plan.baseline.label}\nClick for the report`, command: 'livepatchStudio.showReport' };
    default:
      return undefined;
  }
}

const icons = { patchable: 'pass', unpatchable: 'error', undecided: 'question' } as const;
