/** Looks up together what many questions need: each finds its answer at hand then. */
import { boundOf, definesConstant } from './constants';
import type { Headers } from './headers';
import { OBJECTS } from './held';
import type { Question } from './knowledge';
import type { Sources } from './mentions';
import type { Wanted } from './treeSearch';
import { mayDefine } from './types';

type Named = Extract<Question, { kind: 'type' | 'constant' }>;

/** A header is read once for all that it defines, and what no header in sight defines is one search of the tree. Rejects only when aborted. */
export async function lookAhead(questions: readonly Question[], sources: Sources, headers: Headers, signal?: AbortSignal): Promise<void> {
  const wanted = new Map<string, Wanted>();
  const reading = new Map<string, Set<string>>();
  for (const question of questions) {
    signal?.throwIfAborted();
    if (question.kind === 'mentions' || question.kind === 'users') wanted.set(question.word, { word: question.word });
    else if (question.kind === 'key') wanted.set(question.name, { word: question.name });
    else if (question.kind === 'byValue') wanted.set(`${question.name} by value`, { word: question.name, sieve: OBJECTS });
    else if (question.kind === 'type' || question.kind === 'constant') {
      const seen = await definingInSight(question, headers);
      for (const path of seen) reading.set(path, (reading.get(path) ?? new Set()).add(question.name));
      if (seen.length === 0 && (question.kind === 'type' || (await boundOf(sources, question.name)) === undefined)) wanted.set(question.name, { word: question.name, isUnkept: question.kind === 'type' && (question.space === 'typedef' || question.space === 'enum') });
    }
  }
  for (const [path, names] of reading) {
    signal?.throwIfAborted();
    await sources.files.readAhead(path, [...names]);
  }
  await sources.search.ahead([...wanted.values()], signal);
}

async function definingInSight(question: Named, headers: Headers): Promise<readonly string[]> {
  if (question.from === undefined || question.from === '') return [];
  return headers.seenWith(question.from, question.name, question.kind === 'type' ? (text) => mayDefine(text, question) : definesConstant(question.name));
}
