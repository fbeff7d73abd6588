/**
 * Conditions against gcc: random `#if` trees over random configurations, preprocessed as kbuild would have them. A fact's conditions, decided by
 * the configuration's text, have to say what gcc kept.
 */
import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { evaluateCondition } from '../../server/src/kernel/conditions';
import { parseConfig } from '../../server/src/kernel/kconfig';
import { extractFacts } from '../../server/src/syntax/extract';

/** What include/linux/kconfig.h promises of its macros, by means of our own. */
const MACROS = `
#define SET_1 ~, 1
#define SECOND(first, second, ...) second
#define PICK(...) SECOND(__VA_ARGS__, 0, 0)
#define SET(value) SET_OF(value)
#define SET_OF(value) PICK(SET_##value)
#define IS_BUILTIN(option) SET(option)
#define IS_MODULE(option) SET(option##_MODULE)
#define IS_ENABLED(option) (SET(option) || SET(option##_MODULE))
#define IS_REACHABLE(option) (SET(option) || (SET(option##_MODULE) && SET(MODULE)))
`;

const SWITCHES = ['CONFIG_A', 'CONFIG_B', 'CONFIG_C', 'CONFIG_DEPOT_TRACE', 'CONFIG_X_MODULE'];
const NUMBERS = ['CONFIG_HZ', 'CONFIG_SHIFT', 'CONFIG_BASE'];

type Values = Readonly<Record<string, string>>;
const config: fc.Arbitrary<Values> = fc.record({
  ...Object.fromEntries(SWITCHES.map((name) => [name, fc.constantFrom('y', 'm', 'n')])),
  CONFIG_HZ: fc.constantFrom('100', '250', '1000'),
  CONFIG_SHIFT: fc.constantFrom('0', '-1', '12', '010'),
  CONFIG_BASE: fc.constantFrom('0x0', '0xffff', '0x1000000'),
  CONFIG_NAME: fc.constantFrom('"depot"', '""'),
});

const dotConfig = (values: Values): string => Object.entries(values).map(([name, value]) => (value === 'n' ? `# ${name} is not set\n` : `${name}=${value}\n`)).join('');
/** include/config/auto.conf: without what is not set (scripts/kconfig/confdata.c). */
const autoConf = (values: Values): string => Object.entries(values).map(([name, value]) => (value === 'n' ? '' : `${name}=${value}\n`)).join('');
/** include/generated/autoconf.h, of the same source. */
const autoconfH = (values: Values): string =>
  Object.entries(values)
    .map(([name, value]) => {
      const undefine = `#undef ${name}\n#undef ${name}_MODULE\n`;
      return undefine + (value === 'n' ? '' : value === 'y' ? `#define ${name} 1\n` : value === 'm' ? `#define ${name}_MODULE 1\n` : `#define ${name} ${value}\n`);
    })
    .join('');

/** A condition that the configuration decides. */
const { condition } = fc.letrec<{ condition: string; sum: string; atom: string }>((tie) => ({
  atom: fc.oneof(
    fc.tuple(fc.constantFrom('defined(%)', 'defined( % )', 'defined %', '%', 'IS_ENABLED(%)', 'IS_ENABLED( % )', 'IS_BUILTIN(%)', 'IS_MODULE(%)', 'IS_REACHABLE(%)'), fc.constantFrom(...SWITCHES)).map(([shape, name]) => shape.replace('%', name)),
    fc.constantFrom('defined(CONFIG_A_MODULE)', 'defined(CONFIG_HZ)', 'defined(CONFIG_NAME)', 'defined(CONFIG_ABSENT)', 'CONFIG_ABSENT', 'defined(MODULE)', 'defined(__KERNEL__)', 'defined(__ASSEMBLY__)', '0', '1'),
    fc.tuple(tie('sum'), fc.constantFrom('<', '>', '<=', '>=', '==', '!='), tie('sum')).map((parts) => parts.join(' ')),
  ),
  sum: fc.oneof(
    { maxDepth: 2 },
    fc.constantFrom(...NUMBERS, '0', '1', '7', '100', '0x10', '010', "'a'", '-3'),
    fc.tuple(tie('sum'), fc.constantFrom('+', '-', '*', '&', '|', '^'), tie('sum')).map((parts) => `(${parts.join(' ')})`),
    fc.tuple(tie('sum'), fc.constantFrom('/ 3', '% 7', '<< 2', '>> 1', '/ -2')).map((parts) => `(${parts.join(' ')})`),
    fc.tuple(tie('condition'), tie('sum'), tie('sum')).map(([test, one, other]) => `((${test}) ? ${one} : ${other})`),
    tie('sum').map((sum) => `(~${sum})`),
  ),
  condition: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    tie('atom'),
    fc.tuple(tie('condition'), fc.constantFrom('&&', '||', '\\\n\t&&', '|| /* or */'), tie('condition')).map((parts) => parts.join(' ')),
    tie('condition').map((inner) => `(${inner})`),
    fc.tuple(fc.constantFrom('!', '! '), tie('condition')).map(([not, inner]) => `${not}(${inner})`),
    fc.constantFrom(...SWITCHES).map((name) => `!defined(${name})`),
  ),
}));

type Tree = readonly (string | { readonly opens: string; readonly branches: readonly { readonly condition: string; readonly body: Tree }[]; readonly otherwise: Tree | undefined })[];
const branch = (body: fc.Arbitrary<Tree>): fc.Arbitrary<{ condition: string; body: Tree }> => fc.record({ condition, body });
const { tree } = fc.letrec<{ tree: Tree }>((tie) => ({
  tree: fc.array(
    fc.oneof(
      { maxDepth: 2 },
      fc.constant('variable'),
      fc.record({ opens: fc.constantFrom('#if', '#if', '#  if', ...SWITCHES.flatMap((name) => [`#ifdef ${name}`, `#ifndef ${name}`])), branches: fc.array(branch(tie('tree')), { minLength: 1, maxLength: 3 }), otherwise: fc.option(tie('tree'), { nil: undefined }) }),
    ),
    { minLength: 1, maxLength: 3 },
  ),
}));

/** The text of a tree; variables are numbered as they come. */
function render(nodes: Tree, next: { number: number }): string {
  return nodes
    .map((node) => {
      if (typeof node === 'string') return `int v${next.number++};\n`;
      const branches = node.branches.map(({ condition: test, body }, index) => `${index > 0 ? `#elif ${test}` : node.opens.includes('def') ? node.opens : `${node.opens} ${test}`}\n${render(body, next)}`);
      return `${branches.join('')}${node.otherwise === undefined ? '' : `#else\n${render(node.otherwise, next)}`}#endif\n`;
    })
    .join('');
}

interface Case {
  readonly values: Values;
  readonly text: string;
}

/** The variables gcc keeps of each case, all in one call. */
function kept(cases: readonly Case[], flags: readonly string[]): Set<string>[] {
  const source = MACROS + cases.map(({ values, text }, index) => `${autoconfH(values)}#line 1 "case"\nCASE ${index}\n${text}`).join('');
  const output = execFileSync('gcc', ['-E', '-P', '-w', '-D__KERNEL__', ...flags, '-x', 'c', '-'], { input: source, encoding: 'utf8', stdio: ['pipe', 'pipe', 'pipe'] });
  return output.split(/CASE \d+/).slice(1).map((part) => new Set(part.match(/\bv\d+\b/g) ?? []));
}

/** Cases in one call of gcc, and calls. A drawn case is not shrunk: the first one that differs is shown as it is. */
const BATCH = 150;
const CALLS = 4;

it.each(Array.from({ length: CALLS }, (_, index) => index))('facts are in force where gcc keeps them, by .config and by auto.conf, batch %i', (batch) => {
  const cases = fc.sample(fc.record({ values: config, tree }), { seed: 20240607 + batch, numRuns: BATCH }).map(({ values, tree: nodes }): Case => ({ values, text: render(nodes, { number: 0 }) }));
  const [builtIn = [], module = []] = [[], ['-DMODULE']].map((flags) => kept(cases, flags));
  const differences: string[] = [];
  let undecided = 0;
  let decided = 0;
  cases.forEach(({ values, text }, index) => {
    for (const configText of [dotConfig(values), autoConf(values)]) {
      const lookup = parseConfig(configText);
      for (const { name, conditions } of extractFacts(text).variables) {
        const answers = conditions.map((one) => evaluateCondition(one, lookup));
        const ours = answers.includes(false) ? false : answers.includes(undefined) ? undefined : true;
        const truth = [builtIn, module].map((sets) => sets[index]?.has(name) ?? false);
        // Only what depends on who asks may be left open.
        const isRight = ours === undefined ? /IS_REACHABLE|\bMODULE\b/.test(conditions.join(' ')) : truth.every((one) => one === ours);
        if (ours === undefined) undecided += 1;
        else decided += 1;
        if (!isRight) differences.push(`${name} is ${String(ours)}, by gcc ${truth.join(' ')}:\n${conditions.join('\n')}\n${configText}`);
      }
    }
  });
  expect(differences.slice(0, 2)).toEqual([]);
  expect(decided).toBeGreaterThan(4 * BATCH);
  expect(undecided).toBeLessThan(decided / 4);
});
