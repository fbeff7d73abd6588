/**
 * Holds the sample's expectations against gcc: what an edit is said to reach is what the compiler's machine
 * code shows. When they disagree the expectation or the sample is wrong, never the comparison.
 */
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { compile, layoutOf, type Compiled, type Layout } from './compiler';
import { allEdits, applyPatch, cFiles, copyTree, objectOf, KERNEL, type Edit, type ExpectedFunction } from './edits';

const files = cFiles(KERNEL);
const trees: string[] = [];
let pristine: string;
let before: Map<string, Compiled>;

beforeAll(() => {
  pristine = newTree();
  before = new Map(files.map((file) => [file, compile(pristine, file)]));
});

afterAll(() => {
  for (const tree of trees) rmSync(tree, { recursive: true });
});

describe('the sample kernel', () => {
  it.each(files)('%s compiles without a warning', (file) => {
    expect(before.get(file)?.warnings).toBe('');
  });

  it('has an autoconf.h that says what .config says', () => {
    const set = [...read('.config').matchAll(/^CONFIG_(\w+)=(.+)$/gm)].map(([, name = '', value = '']) =>
      value === 'y' ? `${name} 1` : value === 'm' ? `${name}_MODULE 1` : `${name} ${value}`);
    const defined = [...read('include/generated/autoconf.h').matchAll(/^#define CONFIG_(.+)$/gm)].map(([, text]) => text);
    expect(defined).toEqual(set);
  });

  const layouts = JSON.parse(readFileSync(join(import.meta.dirname, 'layouts.json'), 'utf8')) as ({ struct: string; file: string } & Layout)[];
  it.each(layouts)('lays out struct $struct as layouts.json says', ({ struct, file, ...layout }) => {
    expect(measured(pristine, file, struct, layout)).toEqual(layout);
  });
});

describe.each(allEdits())('$name', (edit) => {
  const { expected } = edit;
  const functions = Object.entries(expected.functions).flatMap(([object, list]) => list.map((f) => ({ object, ...f })));
  const relaid = Object.entries(expected.relaid ?? {}).flatMap(([object, list]) => list.map((f) => ({ object, ...f })));
  let complaints: string;
  let tree: string;
  let after: Map<string, Compiled>;

  beforeAll(() => {
    tree = newTree();
    complaints = applyPatch(tree, edit.patchFile);
    after = new Map(compiledFor(edit).map((file) => [file, compile(tree, file)]));
  });

  it('applies as it stands, and compiles without a warning', () => {
    expect(edit.touches.length).toBeGreaterThan(0);
    expect(complaints).toBe('');
    expect([...after.values()].map((c) => c.warnings).join('')).toBe('');
  });

  it('changes the machine code of exactly the functions it is said to change', () => {
    const said = [...functions, ...relaid].filter((f) => f.file.endsWith('.c') && hasSymbol(f)).map((f) => `${f.file}: ${f.name}`);
    expect(said.sort()).toEqual(differing(edit, after, (c) => c.functions));
  });

  it('changes exactly the variables it is said to change', () => {
    const said = (expected.variables ?? []).map((v) => `${v.file}: ${v.name}`);
    expect(said.sort()).toEqual(differing(edit, after, (c) => c.variables));
  });

  if (functions.length > 0) {
    it('names the kind of each change, and only the edited may have no symbol', () => {
      for (const f of functions) {
        const [was, is] = [symbolIn(before, f), symbolIn(after, f)];
        const kind = was && is ? ['changed', 'signature', 'reached'] : was ? ['removed'] : is ? ['added'] : ['changed', 'removed'];
        expect(kind, f.name).toContain(f.change);
        if (f.change !== 'reached') expect(edit.touches, f.name).toContain(f.file);
        expect(f.via !== undefined, f.name).toBe(f.change === 'reached');
      }
    });
  }

  if (functions.some((f) => f.via)) {
    it('reaches callers on the paths that gcc inlined', () => {
      for (const f of functions) {
        const path = [...(f.via ?? []), f.name];
        const [source = ''] = path;
        const edited = functions.some((other) => other.name === source && other.change === 'changed' && other.object === f.object);
        if (f.via && !edited) expect(readFileSync(edit.patchFile, 'utf8')).toMatch(new RegExp(`^\\+#define ${source}\\b`, 'm'));
        if (!edited) continue;
        path.slice(1).forEach((caller, i) => {
          expect(after.get(f.file)?.inlined, f.name).toContain(`${path[i] ?? ''}>${caller}`);
        });
      }
    });
  }

  it('puts each function into the object that it is built into', () => {
    for (const f of [...functions, ...relaid]) {
      if (f.file.endsWith('.c')) expect(f.object, f.name).toBe(objectOf(f.file));
    }
  });

  it('has a verdict that follows from its findings, and from what can be redirected', () => {
    const errors = expected.rules.filter((r) => r.severity === 'error');
    expect(expected.verdict).toBe(errors.length > 0 ? 'unpatchable' : 'patchable');
    expect(expected.exit).toBe(errors.length > 0 ? 1 : 0);

    const codeOf = (f: { file: string; name: string }) => before.get(f.file)?.functions.get(f.name);
    const init = functions.filter((f) => codeOf(f)?.section === '.init.text').map((f) => f.name);
    const untraceable = functions.filter((f) => codeOf(f)?.traceable === false).map((f) => f.name);
    const named = (rule: string) => errors.filter((r) => r.rule === rule).map((r) => r.through ?? r.function);
    expect(named('init-code')).toEqual(init);
    expect(named('notrace')).toEqual(untraceable);
  });

  it('names a finding only where the edit is', () => {
    for (const rule of expected.rules) {
      expect(edit.touches, rule.rule).toContain(rule.file);
      if (rule.function !== undefined) expect(functions.map((f) => f.name), rule.rule).toContain(rule.function);
    }
    const inits = expected.rules.filter((r) => r.rule === 'variable-initializer' || r.rule === 'ops-table').map((r) => r.symbol);
    const layouts = expected.rules.filter((r) => r.rule === 'struct-layout' || r.rule === 'reserved-field').map((r) => r.symbol);
    if (inits.length > 0) expect(expected.variables?.map((v) => v.name)).toEqual(expect.arrayContaining(inits));
    if (layouts.length > 0) expect(expected.layout?.map((l) => l.struct)).toEqual(expect.arrayContaining(layouts));
    const inlined = functions.filter((f) => f.change === 'reached').map((f) => f.via?.[0]);
    for (const r of expected.rules) if (r.rule === 'inlined-callers') expect(inlined).toContain(r.function);
  });

  if (expected.layout) {
    it('lays out its structs before and after as it is said to', () => {
      for (const { struct, file, before: was, after: is } of expected.layout ?? []) {
        expect(measured(pristine, file, struct, was), struct).toEqual(was);
        expect(measured(tree, file, struct, is), struct).toEqual(is);
        const same = Object.entries(was.fields).every(([field, at]) => is.fields[field] === at) && was.sizeof === is.sizeof;
        const finding = expected.rules.find((r) => (r.rule === 'struct-layout' || r.rule === 'reserved-field') && r.symbol === struct);
        if (finding) expect(finding).toMatchObject(same ? { rule: 'reserved-field', severity: 'warning' } : { rule: 'struct-layout', severity: 'error' });
      }
    });
  }

  function hasSymbol(f: ExpectedFunction | { file: string; name: string }): boolean {
    return symbolIn(before, f) || symbolIn(after, f);
  }
});

function newTree(): string {
  const tree = copyTree();
  trees.push(tree);
  return tree;
}

function read(file: string): string {
  return readFileSync(join(KERNEL, file), 'utf8');
}

/** The files of the build to compile again: those the edit touches, or all of them when it touches a header. */
function compiledFor(edit: Edit): string[] {
  const all = edit.touches.some((f) => f.endsWith('.h'));
  return files.filter((f) => objectOf(f) !== undefined && (all || edit.touches.includes(f)));
}

/** A header's function has a symbol when any file has one of that name. */
function symbolIn(objects: ReadonlyMap<string, Compiled>, f: { file: string; name: string }): boolean {
  if (f.file.endsWith('.h')) return [...objects.values()].some((c) => c.functions.has(f.name));
  return objects.get(f.file)?.functions.has(f.name) ?? false;
}

type Fingerprints = ReadonlyMap<string, { readonly fingerprint: string }>;

/** `file: name` of everything whose fingerprint differs, is new or is gone; sorted. */
function differing(edit: Edit, after: ReadonlyMap<string, Compiled>, of: (c: Compiled) => Fingerprints): string[] {
  return compiledFor(edit).flatMap((file) => {
    const [was, is] = [before.get(file), after.get(file)];
    if (!was || !is) throw new Error(`${file} was not compiled`);
    const names = new Set([...of(was).keys(), ...of(is).keys()]);
    return [...names].filter((n) => of(was).get(n)?.fingerprint !== of(is).get(n)?.fingerprint).map((n) => `${file}: ${n}`);
  }).sort();
}

function measured(tree: string, file: string, struct: string, like: Layout): Layout {
  return layoutOf(tree, file, struct, Object.keys(like.fields), Object.keys(like.bits ?? {}));
}
