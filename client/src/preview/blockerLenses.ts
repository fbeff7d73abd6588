import type { Disposable as VsDisposable, Event } from 'vscode';
import { CodeLens, Disposable, EventEmitter, languages, Uri, workspace } from 'vscode';
import { rangeOf } from '../features/open';
import { functionsOf } from '../planWords';
import type { Studio } from '../studio';
import { heldUpBy, heldUpWords } from './blockers';
import type { PreviewModel } from './model';

/** Above a function of the patch, whom it held up in the simulation that is shown. A click marks them there. */
export function blockerLenses({ plans }: Studio, model: PreviewModel, pictureChanged: Event<void>): VsDisposable {
  const changed = new EventEmitter<void>();
  const files = [{ scheme: 'file', language: 'c' }, { scheme: 'file', language: 'cpp', pattern: '**/*.h' }];
  return Disposable.from(
    changed,
    pictureChanged(() => { changed.fire(); }),
    plans.onDidChange(() => { changed.fire(); }),
    languages.registerCodeLensProvider(files, {
      onDidChangeCodeLenses: changed.event,
      provideCodeLenses({ uri }) {
        const plan = plans.pick(model.request.folder);
        if (model.shown === undefined || plan?.state !== 'ready' || !workspace.getConfiguration('livepatchStudio', uri).get<boolean>('codeLens.enabled', true)) return [];
        const { trace } = model.shown;
        const held = heldUpBy(trace);
        return functionsOf(plan).filter((fn) => fn.change !== 'removed' && Uri.parse(fn.uri).toString() === uri.toString()).flatMap(({ name, range }) => {
          const whom = held.get(name);
          if (whom === undefined) return [];
          const tooltip = `In the simulation that is shown (${trace.model}). Click to see them.`;
          return [new CodeLens(rangeOf(range), { title: `$(watch)\u00a0${heldUpWords(whom)}`, tooltip, command: 'livepatchStudio.showBlockers', arguments: [name] })];
        });
      },
    }),
  );
}
