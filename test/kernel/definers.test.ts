/** Attributes and definers a tree's own headers teach, from the header to the verdict. */
import { describe, expect, it } from 'vitest';
import { Analyzer, analyze } from '../../server/src/analysis';
import { Definers } from '../../server/src/kernel/definers';
import { Tree } from '../../server/src/kernel/tree';
import { extractFacts } from '../../server/src/syntax/extract';
import { memoryHost } from '../support/memoryHost';

/** A tree whose __init is called __boot, and with a driver's own header. */
const tree: Readonly<Record<string, string>> = {
  Makefile: 'VERSION = 6\nPATCHLEVEL = 1\nSUBLEVEL = 0\nobj-y += drivers/depot/\n',
  Kbuild: 'obj-y += drivers/depot/\n',
  'drivers/depot/Makefile': 'obj-y += depot.o\n',
  'include/linux/compiler_types.h': '#define __tidy __attribute__((__cold__)) __quiet\n#ifdef CONFIG_DEPOT_QUIET\n#define __quiet notrace\n#else\n#define __quiet\n#endif\n',
  'include/linux/init.h': '#define __boot __section(".init.text") __tidy\n#define __loud depot_shout();\n#ifdef MODULE\n#define __mixed __attribute__((unused))\n#else\n#define __mixed static\n#endif\n',
  'drivers/depot/depot.h': '#define DEPOT_COLD __attribute__((cold))\n#define DEPOT_HANDLER(name) static int depot_on_##name(int value)\n#define DEPOT_COUNTER(name) int depot_count_##name; int depot_get_##name(void) { return depot_count_##name; }\n',
  'drivers/depot/depot.c': '#include "depot.h"\n#include <linux/init.h>\nint __boot depot_early(int a)\n{\n\treturn a;\n}\nDEPOT_HANDLER(post)\n{\n\treturn value;\n}\nDEPOT_COUNTER(sent);\n',
};
const host = memoryHost('/tree', new Map(Object.entries(tree)));
const edit = (change: (text: string) => string) => [{ path: 'drivers/depot/depot.c', before: tree['drivers/depot/depot.c'] ?? '', after: change(tree['drivers/depot/depot.c'] ?? '') }];
const options = { profile: 'klp-build', kernelVersion: '6.1.0' } as const;

describe('a tree teaches', () => {
  const definers = new Definers(new Tree({ root: '/tree', host }));

  it('the attributes its common headers define, and none that is code in some configuration', async () => {
    const { attributes } = await definers.taughtBy([]);
    expect([...attributes.keys()].sort()).toEqual(['__boot', '__quiet', '__tidy']);
    expect(attributes.get('__boot')?.means).toEqual(['__section(".init.text")', '__attribute__((__cold__))', 'notrace']);
    expect(attributes.get('__quiet')?.varies).toBe(true);
  });

  it('what a file includes beside it', async () => {
    const taught = await definers.taughtBy(['drivers/depot/depot.h', 'drivers/depot/missing.h']);
    const facts = extractFacts(tree['drivers/depot/depot.c'] ?? '', taught);
    expect(facts.functions.map(({ name, attributes }) => [name, attributes.includes('__init')])).toEqual([['depot_early', true], ['depot_on_post', false]]);
    expect(facts.generated.map(({ kind, name }) => `${kind} ${name}`)).toEqual(['function depot_get_sent', 'variable depot_count_sent']);
    expect(taught.attributes.has('DEPOT_COLD')).toBe(true);
  });

  it('the same until a header changes', async () => {
    const files = new Map(Object.entries(tree));
    const own = new Definers(new Tree({ root: '/tree', host: memoryHost('/tree', files) }));
    const taught = await own.taughtBy([]);
    expect(await own.taughtBy([])).toBe(taught);
    files.set('include/linux/init.h', '#define __early __section(".init.text")\n');
    expect([...(await own.taughtBy([])).attributes.keys()].sort()).toEqual(['__early', '__quiet', '__tidy']);
  });
});

/** A driver whose definers stand in a header that its main header includes, and put names together; the two include one another. */
const nested = {
  'drivers/depot/main.h': '#include "stats/stats.h"\n',
  'drivers/depot/stats/stats.h': '#include "../main.h"\n#define OP(group, op) depot_ ## group ## _ ## op\n#define COUNT_OP(group) int OP(group, count)(void)\n',
};

describe('a header that a header includes', () => {
  it('teaches, too', async () => {
    const taught = await new Definers(new Tree({ root: '/tree', host: memoryHost('/tree', new Map(Object.entries({ ...tree, ...nested }))) })).taughtBy(['drivers/depot/main.h']);
    expect(extractFacts('static COUNT_OP(sent)\n{\n\treturn 1;\n}\n', taught).functions.map(({ name, isStatic }) => [name, isStatic])).toEqual([['depot_sent_count', true]]);
  });
});

describe('a verdict', () => {
  it('knows a renamed __init', async () => {
    const { findings } = await analyze(edit((text) => text.replace('return a;', 'return a + 1;')), { root: '/tree', host }, options);
    expect(findings.map(({ rule }) => rule)).toContain('init-code');
  });

  it('names a function that a header of the driver opens', async () => {
    const { plan } = await analyze(edit((text) => text.replace('return value;', 'return value + 1;')), { root: '/tree', host }, options);
    expect(plan.objects.flatMap(({ functions }) => functions.map(({ name }) => name))).toEqual(['depot_on_post']);
  });

  it('is reached at once when a header was saved that teaches the same', async () => {
    const analyzer = new Analyzer({ root: '/tree', host });
    await analyzer.prepare();
    const changed = edit((text) => text.replace('return a;', 'return a + 1;'));
    for (let round = 0; round < 5; round += 1) await analyzer.learn(analyzer.judge(changed, options));
    const before = analyzer.judge(changed, options);
    analyzer.invalidate(['include/linux/init.h']);
    for (let round = 0; round < 5; round += 1) await analyzer.learn(analyzer.judge(changed, options));
    expect(analyzer.judge(changed, options).changes[0]).toBe(before.changes[0]);
  });
});
