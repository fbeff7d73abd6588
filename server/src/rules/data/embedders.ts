/** Who holds a record by value: its layout changes with it. */
import type { FieldFact, FileFacts, Range, RecordFact } from '../../syntax/facts';
import type { RuleContext } from '../rule';

export interface Embedder {
  readonly name: string;
  readonly path: string;
  readonly range: Range;
  /** The record it holds that holds the changed one, when it does not do so itself. */
  readonly through?: string;
}

/** A bound on how far embedding is followed. */
const MOST_EMBEDDERS = 50;

/** The records of the tree that embed `record`, themselves or through others; those nearest to it first. */
export function embeddersOf(record: RecordFact, path: string, { versions, knowledge }: RuleContext): Embedder[] {
  const found = new Map<string, Embedder>();
  const open: { kind: string; name: string; path: string; through?: string }[] = [{ kind: record.kind, name: record.name, path }];
  for (let inner = open.shift(); inner !== undefined && found.size < MOST_EMBEDDERS; inner = open.shift()) {
    for (const [file, facts] of filesWith(inner.name, inner.path)) {
      for (const outer of facts.records) {
        const key = `${outer.kind} ${outer.name}`;
        if (outer.name === record.name || found.has(key) || !outer.fields.some((field) => holds(field, inner.kind, inner.name))) continue;
        found.set(key, { name: outer.name, path: file, range: outer.nameRange, ...(inner.name === record.name ? {} : { through: inner.name }) });
        open.push({ kind: outer.kind, name: outer.name, path: file });
      }
    }
  }
  return [...found.values()];

  /** The files that may hold the record: its own, and for one of a header whoever names it. */
  function filesWith(name: string, own: string): [string, FileFacts][] {
    const current = (file: string, facts?: FileFacts): [string, FileFacts][] => {
      const known = versions.get(file)?.after ?? facts;
      return known === undefined ? [] : [[file, known]];
    };
    if (!own.endsWith('.h')) return current(own);
    const answer = knowledge.ask({ kind: 'byValue', name, from: own });
    return [...current(own), ...(answer?.files ?? []).filter((file) => file.path !== own).flatMap((file) => current(file.path, file.facts))];
  }
}

function holds(field: FieldFact, kind: string, name: string): boolean {
  if (field.record !== undefined) return field.record.fields.some((inner) => holds(inner, kind, name));
  if (field.pointers > 0) return false;
  const type = field.type.replace(/\b(const|volatile)\b/g, '').trim();
  return type === `${kind} ${name}` || type === name;
}
