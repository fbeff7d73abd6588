/** Which locals have to lie in memory, as far as the text tells. */
import { expect, it } from 'vitest';
import { extractFacts } from '../../server/src/syntax/extract';

it.each<[string, readonly string[]]>([
  ['int count = 0;\n\tlong *place = find(count);', []],
  ['char text[16], *rest, more[2][N + 1];\n\tuse(rest);', ['char[16]', 'char[2][N + 1]']],
  ['const struct depot *depot = find(0), *other;\n\tuse(&depot->lock, other);', []],
  ['struct depot *depot;\n\tfind(&depot);', ['struct depot*']],
  ['struct depot depot = { .count = 1 };\n\tuse(depot.count);', []],
  ['struct depot depot;\n\n\tdepot.count = 1;\n\tuse(&depot.count);', ['struct depot']],
  ['struct depot depot = find(0);\n\tuse(1, depot);', ['struct depot']],
  ['unsigned long flags, count;\n\tuse(flags & count, 3 &flags);\n\tsave(&count);', ['unsigned long']],
  ['if (a) {\n\t\tgfp_t mask __maybe_unused = 0;\n\t\tuse(&mask);\n\t}', ['gfp_t']],
  ['static char text[64];\n\tuse(text);', []],
  ['struct { char name[9]; } *within = find(0);\n\tuse(within);', []],
  ['static const struct { char name[9]; } table[] = {};\n\tunion name { char c[4]; int i; } both;\n\tuse(&both);', []],
  ['LIST_HEAD(list);\n\tDECLARE_BITMAP(bits, 100);\n\tuse(&list, bits);', ['struct list_head', 'unsigned long[((100) + 63) / 64]']],
  ['a * b;\n\tgoto out;\nout:\n\treturn use(c[3]);', []],
])('%s', (body, expected) => {
  const [fact] = extractFacts(`void f(void)\n{\n\t${body}\n}\n`).functions;
  expect((fact?.stackLocals ?? []).map(({ type, pointers, arrays }) => `${type}${'*'.repeat(pointers)}${arrays.map((bound) => `[${bound}]`).join('')}`)).toEqual(expected);
});
