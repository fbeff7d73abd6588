import type { Disposable as VsDisposable, Event } from 'vscode';
import { CodeLens, Disposable, EventEmitter, languages, Uri, workspace } from 'vscode';
import type { FunctionView } from '../../../server/src/lsp/protocol';
import { rangeOf } from '../features/open';
import { functionsOf } from '../planWords';
import type { Studio } from '../studio';
import { heldUpBy, heldUpWords } from './blockers';
import type { PreviewModel } from './model';

type Place = Pick<FunctionView, 'name' | 'uri' | 'range'> & { readonly words: string };

/** Above a function of the patch, whom it held up in the simulation that is shown. A click marks them there. */
export function blockerLenses({ plans, lensCommands }: Studio, model: Pick<PreviewModel<unknown>, 'request' | 'shown'>, pictureChanged: Event<void>): VsDisposable {
  const changed = new EventEmitter<void>();
  let places: readonly Place[] = [];
  // VS Code asks for all lenses again, the server's too, and draws none meanwhile: only when there are others.
  const update = (): void => {
    const now = placesNow();
    if (JSON.stringify(now) === JSON.stringify(places)) return;
    places = now;
    changed.fire();
  };
  return Disposable.from(
    changed,
    pictureChanged(update),
    plans.onDidChange(update),
    languages.registerCodeLensProvider([{ scheme: 'file', language: 'c' }, { scheme: 'file', language: 'cpp', pattern: '**/*.h' }], {
      onDidChangeCodeLenses: changed.event,
      provideCodeLenses({ uri }) {
        if (!workspace.getConfiguration('livepatchStudio', uri).get<boolean>('codeLens.enabled', true)) return [];
        const tooltip = `In the simulation that is shown (${model.shown?.trace.model ?? ''}). Click to see them.`;
        return places.filter((place) => place.uri === uri.toString()).map(({ name, range, words }) => lensCommands.lasting(new CodeLens(rangeOf(range), { title: `$(watch)\u00a0${words}`, tooltip, command: 'livepatchStudio.showBlockers', arguments: [name] })));
      },
    }),
  );

  function placesNow(): readonly Place[] {
    const plan = plans.pick(model.request.folder);
    if (model.shown === undefined || plan?.state !== 'ready') return [];
    const held = heldUpBy(model.shown.trace);
    return functionsOf(plan).flatMap(({ name, change, uri, range }) => {
      const whom = held.get(name);
      return whom === undefined || change === 'removed' ? [] : [{ name, range, uri: Uri.parse(uri).toString(), words: heldUpWords(whom) }];
    });
  }
}
