/** The two readers of a file side by side: what the scanner finds, and what the facts say. Differences are counted by construct. */
import { extractFacts } from '../../../server/src/syntax/extract';
import type { FunctionFact } from '../../../server/src/syntax/facts';
import { Flag } from '../../../server/src/syntax/scan/block';
import { Names } from '../../../server/src/syntax/scan/names';
import type { FunctionScan } from '../../../server/src/syntax/scan/read';
import { Scanner } from '../../../server/src/syntax/scan/scanner';
import { scanBytes } from './scanText';

export interface Comparison {
  /** Of how many things both readers were asked, and in how many they agree. */
  readonly functions: Agreement;
  /** Names called, once for each function. */
  readonly calls: Agreement;
  /** Functions whose static, inline, variadic and __init the readers agree on. */
  readonly flags: Agreement;
  readonly exports: Agreement;
  /** What the scanner alone finds. */
  readonly more: { functions: number; calls: number };
  /** Construct -> how often. */
  readonly differences: Map<string, number>;
  /** A line each, for looking at them. */
  readonly examples: string[];
}

interface Agreement {
  asked: number;
  agreed: number;
}

const none = (): Agreement => ({ asked: 0, agreed: 0 });
const scanner = new Scanner(new Names());

/** @param files path -> bytes */
export function compareReaders(files: Iterable<readonly [path: string, bytes: Uint8Array]>): Comparison {
  const result: Comparison = { functions: none(), calls: none(), flags: none(), exports: none(), more: { functions: 0, calls: 0 }, differences: new Map(), examples: [] };
  for (const [path, bytes] of files) {
    const differs = (construct: string, ...what: readonly string[]): void => {
      result.differences.set(construct, (result.differences.get(construct) ?? 0) + 1);
      result.examples.push([construct, path, ...what].join(' '));
    };
    const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString();
    const facts = extractFacts(text);
    const scan = scanBytes(bytes, scanner);

    // Functions of one name (they stand in different #if branches) are compared in the file's order.
    const scanned = new Map<string, FunctionScan[]>();
    for (const found of scan.functions) scanned.set(found.name, [...(scanned.get(found.name) ?? []), found]);
    for (const fact of facts.functions) {
      const found = scanned.get(fact.name)?.shift();
      if (count(result.functions, found !== undefined) && found !== undefined) compareFunctions(text.slice(fact.range.start, fact.range.end), fact, found, result, differs);
      else differs('a function the scanner misses', fact.name);
    }
    for (const { name } of [...scanned.values()].flat()) {
      result.more.functions += 1;
      differs('a function the facts miss', name);
    }
    const exported = new Set(scan.registrations.filter((item) => item.name.startsWith('EXPORT_')).map(({ mentions }) => mentions[0]));
    for (const { name } of facts.exports) if (!count(result.exports, exported.has(name))) differs('an export the scanner misses', name);
  }
  return result;
}

function compareFunctions(text: string, fact: FunctionFact, found: FunctionScan, { calls, flags, more }: Comparison, differs: (construct: string, ...what: readonly string[]) => void): void {
  const told = new Set(fact.calls.map(({ name }) => name));
  const heard = new Set(found.calls);
  if (fact.definedBy !== undefined) heard.delete(fact.definedBy); // the scanner tells the macro that makes a function among its calls
  for (const name of told) {
    // The scanner leaves out calls through parameters and locals on purpose: who is called is not in the name.
    if (!heard.has(name) && isDeclared(text, name)) continue;
    if (!count(calls, heard.has(name))) differs(isCalled(withoutZero(text), name) ? 'a call the scanner misses' : 'a call in #if 0, which the facts tell', fact.name, name);
  }
  for (const name of heard) {
    if (told.has(name)) continue;
    more.calls += 1;
    differs('a call the facts miss', fact.name, name);
  }
  const said = { isStatic: (found.flags & Flag.static) !== 0, inline: inlineOf(found.flags), isVariadic: (found.flags & Flag.variadic) !== 0, isInit: (found.flags & Flag.init) !== 0 };
  const expected = { isStatic: fact.isStatic, inline: fact.inline, isVariadic: fact.isVariadic, isInit: fact.attributes.some((attribute) => /^__(init|meminit|net_init|init_or_module|head)$/.test(attribute)) };
  if (!count(flags, JSON.stringify(said) === JSON.stringify(expected))) differs('flags', fact.name, JSON.stringify(said), fact.attributes.join(' '));
}

function count(agreement: Agreement, agrees: boolean): boolean {
  agreement.asked += 1;
  if (agrees) agreement.agreed += 1;
  return agrees;
}

const inlineOf = (flags: number): FunctionFact['inline'] => ((flags & Flag.neverInline) !== 0 ? 'never' : (flags & Flag.alwaysInline) !== 0 ? 'always' : (flags & Flag.inline) !== 0 ? 'inline' : 'no');

/** `type name,`, `type *name =`, `(*name)(`: asked of the text, independently of both readers. */
const isDeclared = (text: string, name: string): boolean => new RegExp(`[\\w*]\\s*\\(?\\s*\\*?\\s*\\b${escaped(name)}\\s*(\\)\\s*\\(|[=;,[)])`).test(text);
const isCalled = (text: string, name: string): boolean => new RegExp(`\\b${escaped(name)}\\s*\\(`).test(text);
const escaped = (name: string): string => name.replaceAll('$', '\\$');
/** Good enough to name a construct: conditionals inside the #if 0 are not matched. */
const withoutZero = (text: string): string => text.replace(/^[ \t]*#[ \t]*if[ \t]+0\b[^]*?^[ \t]*#[ \t]*(else|endif)/gm, '');
