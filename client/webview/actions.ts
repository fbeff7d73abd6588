import type { ModelName } from '../../server/src/simulate/types';
import { moveInTime } from './keys';
import { lensOf } from './lens';
import type { ExportFormat } from './messages';
import type { Player } from './play';
import type { Preview } from './preview';
import { actionOf, edited, type ScenarioEdit } from './scenarioEdit';
import { sliderSteps } from './transport';

/** What buttons and fields do: `data-do` names it, `data-set` and `data-lens` say what a field is about. */
export function handleActions(preview: Preview, player: Player): void {
  const { root, post } = preview;
  root.addEventListener('click', (event) => {
    const target = event.target instanceof Element ? event.target : null;
    const actor = target?.closest('[data-do]');
    if (actor) act(actor.getAttribute('data-do') ?? '', actor);
    const name = target?.closest('[data-function]')?.getAttribute('data-function');
    if (typeof name === 'string') post({ type: 'open', name });
    if (target?.closest('#export') === null) closeMenu(false);
  });
  root.addEventListener('change', ({ target }) => {
    if (!(target instanceof HTMLInputElement || target instanceof HTMLSelectElement)) return;
    const set = target.getAttribute('data-set');
    if (set !== null) edit(editOf(set, target), target);
    const at = target.getAttribute('data-lens');
    if (at !== null) chooseLens(Number(at), target.value);
  });
  root.addEventListener('input', ({ target }) => {
    const picture = preview.picture();
    if (picture === undefined || !(target instanceof HTMLInputElement)) return;
    if (target.id === 'time') {
      player.stop();
      preview.goTo((Number(target.value) / sliderSteps) * picture.endNs);
    }
    if (target.id === 'filter') preview.choose({ filter: target.value });
  });
  root.addEventListener('keydown', (event) => {
    if (event.key === 'Escape') closeMenu(true);
    if (event.key !== 'Enter' || !(event.target instanceof Element)) return;
    const adds = event.target.closest('#action-what, #action-time') !== null;
    if (adds) act('addAction', event.target);
  });
  // It does not bubble.
  root.addEventListener('toggle', ({ target }) => {
    if (!(target instanceof HTMLDetailsElement) || target.id === 'export') return;
    const open = preview.open().filter((id) => id !== target.id);
    preview.choose({ open: target.open ? [...open, target.id] : open });
  }, { capture: true });

  function act(what: string, element: Element): void {
    const picture = preview.picture();
    switch (what) {
      case 'simulate':
      case 'cancel':
      case 'openWide':
      case 'openScenario':
      case 'saveScenario':
      case 'importSnapshot':
        post({ type: what });
        return;
      case 'unmark':
        post({ type: 'highlight' });
        return;
      case 'export':
        post({ type: 'export', format: element.getAttribute('data-format') as ExportFormat, how: element.getAttribute('data-how') === 'copy' ? 'copy' : 'save' });
        closeMenu(true);
        return;
      case 'play':
        player.toggle();
        return;
      case 'fold':
        preview.choose({ folding: picture?.choices.folding === 'compact' ? 'families' : 'compact' });
        return;
      case 'debug':
        preview.choose({ debugLines: (element as HTMLInputElement).checked });
        return;
      case 'copyLog':
        // The lines as they are shown, without the debug lines when those are hidden.
        void navigator.clipboard.writeText(document.getElementById('log-lines')?.innerText ?? '');
        return;
      case 'look':
        player.stop();
        preview.lookAt(element.getAttribute('data-system') as ModelName);
        return;
      case 'compareAll':
        edit({ set: 'systems', models: picture?.shown.view.offers.models ?? [] });
        return;
      case 'addAction':
        edit({ set: 'addAction', text: actionOf(valueOf('action-word'), valueOf('action-what'), valueOf('action-time')) });
        return;
      case 'addRelation':
        edit({ set: 'addRelation', functions: [valueOf('relation-0'), valueOf('relation-1')] });
        return;
      case 'removeAction':
      case 'removeRelation':
        edit({ set: what, at: Number(element.getAttribute('data-at')) });
        return;
      default:
        player.stop();
        if (picture !== undefined) moveInTime(preview, picture, what);
    }
  }

  function edit(change: ScenarioEdit | undefined, control?: HTMLInputElement | HTMLSelectElement): void {
    const picture = preview.picture();
    if (change === undefined || picture === undefined) return;
    const result = edited(preview.request().scenario ?? {}, picture.shown.view.scenario, change);
    const problem = document.getElementById('problem');
    if (problem !== null) problem.textContent = 'problem' in result ? result.problem : '';
    if ('scenario' in result) post({ type: 'simulate', scenario: result.scenario });
    else if (control instanceof HTMLInputElement && control.type === 'checkbox') control.checked = !control.checked;
  }

  function chooseLens(at: number, name: string): void {
    const picture = preview.picture();
    const pair = picture && lensOf(picture.whole, picture.choices);
    if (pair !== undefined) preview.choose({ lens: at === 0 ? [name, pair[1]] : [pair[0], name] });
  }

  function closeMenu(takesFocus: boolean): void {
    const menu = document.getElementById('export') as HTMLDetailsElement | null;
    if (menu?.open !== true) return;
    menu.open = false;
    if (takesFocus) menu.querySelector('summary')?.focus();
  }
}

const valueOf = (id: string): string => (document.getElementById(id) as HTMLInputElement | HTMLSelectElement | null)?.value ?? '';

function editOf(set: string, control: HTMLInputElement | HTMLSelectElement): ScenarioEdit | undefined {
  const { value } = control;
  switch (set) {
    case 'system':
      return { set, model: value as ModelName, isIn: (control as HTMLInputElement).checked };
    case 'workload':
    case 'kernelVersion':
    case 'cpus':
    case 'hz':
    case 'seed':
    case 'tasks':
      return { set, value };
    default:
      return undefined;
  }
}
