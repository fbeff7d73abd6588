import type { Progress } from 'vscode';
import { ProgressLocation, window } from 'vscode';
import type { ShownSimulation } from '../../webview/messages';

/** A view that is being opened is not hidden. */
const HIDDEN_MS = 1000;

interface Notice {
  end: () => void;
  progress?: Progress<{ message?: string; increment?: number }>;
  /** In percent. */
  told: number;
}

/** While nobody sees a preview, a long run is told, and can be cancelled, in a notification. */
export class HiddenRun {
  #notice: Notice | undefined;
  #opening: NodeJS.Timeout | undefined;
  #busy: ShownSimulation['busy'];

  constructor(private readonly cancel: () => void) {}

  /** @param busy what is said of the run under way; undefined without one that is long */
  update(busy: ShownSimulation['busy'], isSeen: boolean): void {
    this.#busy = isSeen ? undefined : busy;
    if (this.#busy === undefined) {
      clearTimeout(this.#opening);
      this.#opening = undefined;
      this.#notice?.end();
      this.#notice = undefined;
      return;
    }
    this.#opening ??= setTimeout(() => {
      this.#notice = this.#open(this.#busy?.message.replace('…', '') ?? '');
      this.#report();
    }, HIDDEN_MS);
    this.#report();
  }

  #open(title: string): Notice {
    const notice: Notice = { end: () => undefined, told: 0 };
    const ended = new Promise<void>((resolve) => { notice.end = resolve; });
    void window.withProgress({ location: ProgressLocation.Notification, title, cancellable: true }, (progress, token) => {
      notice.progress = progress;
      token.onCancellationRequested(this.cancel);
      return ended;
    });
    return notice;
  }

  #report(): void {
    const [notice, percent] = [this.#notice, this.#busy?.percent ?? 0];
    if (notice?.progress === undefined || percent <= notice.told) return;
    notice.progress.report({ message: `${Math.round(percent)}%`, increment: percent - notice.told });
    notice.told = percent;
  }
}
