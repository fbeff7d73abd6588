/** How many files have a part that could not be read: by us after masking, and by tree-sitter-c without it. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { construct, count, lineOf } from './sample.mjs';

export async function measureParsing(tree, files, rivalFiles, { extractFacts, firstBodyErrors, parse, positionAt }, detail) {
  const ours = { declarations: 0, bodies: 0, either: 0 };
  const causes = new Map();
  for (const [index, file] of files.entries()) {
    // The parser's trees are freed only when the event loop turns: without, they take all memory there is.
    if (index % 50 === 0) await turn();
    const text = readFileSync(join(tree, file), 'utf8');
    const { problems, lineStarts } = extractFacts(text);
    const bodies = firstBodyErrors(text);
    const first = [...problems.map(({ kind, range }) => ({ kind, at: range.start })), ...bodies.map(({ at }) => ({ kind: 'body', at }))];
    for (const { kind, at } of first) {
      const line = lineOf(text, at);
      count(causes, construct(line));
      detail(`${kind}  ${file}:${positionAt(lineStarts, at).line + 1}: ${line}`);
    }
    if (problems.length > 0) ours.declarations += 1;
    if (bodies.length > 0) ours.bodies += 1;
    if (first.length > 0) ours.either += 1;
  }
  let rival = 0;
  for (const file of rivalFiles) {
    if (parse(readFileSync(join(tree, file), 'utf8')).hasError) rival += 1;
    await turn();
  }
  return { ours, rival, causes };
}

const turn = () => new Promise((resolve) => { globalThis.setImmediate(resolve); });
