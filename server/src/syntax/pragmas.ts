/** `#pragma pack`: how the records after it are laid out. */
import type { RecordFact } from './facts';
import type { Tokens } from './tokens';

/**
 * The records, with the packing in force told as an attribute, `#pragma pack(1)`: gcc goes by where a record's members begin
 * (gcc manual, Structure-Layout Pragmas), so a record is under what stands in front of it.
 *
 * @param pragmas tokens of the file's `#pragma` directives
 */
export function withPacking(records: readonly RecordFact[], tokens: Tokens, pragmas: readonly number[]): readonly RecordFact[] {
  if (records.length === 0 || pragmas.length === 0) return records;
  const changes: { readonly at: number; readonly packing: string | undefined }[] = [];
  const stack: (string | undefined)[] = [];
  let packing: string | undefined;
  for (const at of pragmas) {
    const args = /^#[ \t]*pragma[ \t]+pack[ \t]*\(([^)]*)\)/.exec(tokens.text.slice(tokens.start[at], tokens.end[at]))?.[1]?.split(',').map((arg) => arg.trim());
    if (args === undefined) continue;
    const bytes = args.find((arg) => /^\d+$/.test(arg));
    if (args.includes('pop')) packing = stack.pop();
    else {
      if (args.includes('push')) stack.push(packing);
      if (bytes !== undefined) packing = bytes;
      else if (!args.includes('push')) packing = undefined;
    }
    changes.push({ at: tokens.start[at] ?? 0, packing });
  }
  if (changes.length === 0) return records;
  return records.map((record) => {
    const inForce = changes.findLast(({ at }) => at < record.range.start)?.packing;
    return inForce === undefined ? record : { ...record, attributes: [...record.attributes, `#pragma pack(${inForce})`] };
  });
}
