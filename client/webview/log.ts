import type { TraceView } from '../../server/src/simulate/types';
import { html, type Html } from './html';
import { count } from './story';
import { logStamp } from './time';

/** The kernel's own lines; those that need dynamic debug are marked, so that the style sheet can hide them. Which of them lie behind the cursor is marked apart (`logCursor`). */
export function logPane(trace: TraceView): Html {
  return html`<pre class="log" id="log-lines" tabindex="0" role="log" aria-label="Kernel log" aria-live="off">${trace.log.map((line) => html`<span class="log-${line.level}"><span class="dim">${logStamp(line.atNs)}</span> ${line.text}</span>`)}</pre>${trace.logLeftOut > 0 && html`<p class="dim">${count(trace.logLeftOut, 'debug line is', 'debug lines are')} left out; livepatch-studio simulate --format log has all of them.</p>`}`;
}
