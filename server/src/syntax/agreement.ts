/** What an edited text has in common with the one read before it, token by token: not only the tokens, but how they are read. */
import type { Agreement, SplitItem } from './items';
import type { Reading } from './reading';
import type { Kept } from './retokenize';

/** What has to be kept of a text for the next one to be held against. */
export type Agreeable = Pick<Reading, 'hidden' | 'partner'>;

export function agreementOf(now: Reading, before: Agreeable, kept: Kept, items: readonly SplitItem[]): Agreement {
  const { count } = now.tokens;
  const countBefore = before.hidden.length;
  const moved = count - countBefore;
  let prefix = 0;
  while (prefix < kept.prefix && now.hidden[prefix] === before.hidden[prefix] && now.partner[prefix] === before.partner[prefix]) prefix += 1;
  let suffix = 0;
  // The first token behind the edit may stand in another column.
  const most = kept.suffix - 1;
  while (suffix < most) {
    const [at, then] = [count - suffix - 1, countBefore - suffix - 1];
    const partner = before.partner[then] ?? -1;
    if (now.hidden[at] !== before.hidden[then] || now.partner[at] !== (partner < 0 ? partner : partner + moved)) break;
    suffix += 1;
  }
  return { items, prefix, suffixStart: count - suffix, moved };
}
