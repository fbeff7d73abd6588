/** `livepatchStudio/baselineText`: what stood there before the edit. */
import { rangeIn } from './convert';
import type { Place } from './folders';
import type { BaselineTextResult } from './protocol';

/** @param name a function of the file; all of the file without one */
export async function baselineTextOf({ session, path }: Place, name: string | undefined): Promise<BaselineTextResult> {
  const text = await session.baselineText(path);
  if (text === undefined || name === undefined) return { text: text ?? null };
  await session.ready();
  const analysis = session.current();
  const change = analysis?.changes.find((file) => file.path === path)?.functions.find((one) => (one.after ?? one.before).name === name);
  const where = change?.after === undefined || analysis === undefined ? {} : { range: rangeIn(analysis, path, change.after.range) };
  return { text: change?.before === undefined ? null : text.slice(change.before.range.start, change.before.range.end), ...where };
}
