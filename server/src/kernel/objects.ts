/**
 * Which object the build links a .c file into: `vmlinux` or a module. Climbs the Makefiles from the file to the top
 * of the tree, then lets the configuration decide; without one it says what it took for granted.
 */
import { reachOf, optionValue, either } from './folders';
import { includersOf } from './included';
import type { Config } from './kconfig';
import type { BuildObject } from './knowledge';
import type { Link, State } from './links';
import { linksOf, moduleNameOf, optionsOf, otherListsOf, placeOf, stateOfLink } from './links';
import type { Makefile } from './makefile';
import type { Options } from './options';
import { ancestorsOf, folderOf } from './paths';
import type { Tree } from './tree';
import { untracedBy } from './untraced';

/** A link and the Makefile that makes it. */
interface Home {
  readonly makefile: Makefile;
  readonly link: Link;
}

/** Deep enough for a header-like chain of included .c files; a cycle ends here. */
const MAX_INCLUDED = 3;

export async function objectOf(tree: Tree, options: Options, path: string, depth = 0): Promise<BuildObject> {
  if (!/\.[cS]$/.test(path)) return unknown(`${path} is no .c file: it is compiled only as a part of others`);
  const object = path.replace(/\.[cS]$/, '.o');
  const homes = await homesOf(tree, object);
  if (homes.length === 0) return (await fromIncluder(tree, options, path, depth)) ?? unknown(await whyNowhere(tree, object));
  const config = await tree.config();
  const answer = config === undefined ? await assumed(tree, options, homes) : await decided(tree, homes, config);
  const [home] = homes;
  const untraced = home === undefined ? undefined : await untracedBy(tree, home.makefile, relativeTo(home.makefile.folder, object), config === undefined ? undefined : (name) => optionValue(config, name));
  return { ...answer, ...(untraced === undefined ? {} : { untraced }) };
}

function unknown(note: string): BuildObject {
  return { name: undefined, isModule: false, isBuilt: undefined, options: [], note };
}

/** Folders whose sources another folder's Makefile compiles, far away: arch/x86/kvm/Makefile includes virt/kvm/Makefile.kvm. */
const COMPILED_FROM: Readonly<Record<string, string>> = { 'virt/kvm': 'arch/x86/kvm' };

/** The links in the nearest Makefile that names the object; else in one beside it that reaches over with `../`. */
async function homesOf(tree: Tree, object: string): Promise<Home[]> {
  const folders = ancestorsOf(folderOf(object));
  for (const folder of folders) {
    const homes = await homesIn(tree, folder, object);
    if (homes.length > 0) return homes;
  }
  const elsewhere = COMPILED_FROM[folderOf(object)];
  if (elsewhere !== undefined) return homesIn(tree, elsewhere, object);
  // Not from the top folders: everything would be beside everything.
  for (const folder of folders.filter((name) => name.includes('/'))) {
    const makefile = await tree.makefileOf(folder);
    const below = [...(makefile?.uses.keys() ?? [])].filter((target) => target.endsWith('/') && target.startsWith(`${folder}/`));
    const homes: Home[] = [];
    for (const target of below) homes.push(...(await homesIn(tree, target.slice(0, -1), object)));
    if (homes.length > 0) return homes;
  }
  return [];
}

async function homesIn(tree: Tree, folder: string, object: string): Promise<Home[]> {
  const makefile = await tree.makefileOf(folder);
  return makefile === undefined ? [] : linksOf(makefile, object).map((link) => ({ makefile, link }));
}

interface Outcome {
  readonly home: Home;
  readonly state: State;
  readonly options: readonly string[];
  readonly note?: string;
}

/** With a configuration: what each link comes to. */
async function decided(tree: Tree, homes: readonly Home[], config: Config): Promise<BuildObject> {
  const outcomes: Outcome[] = [];
  for (const home of homes) {
    const reach = await reachOf(tree, home.makefile.folder, config);
    const link = stateOfLink(home.makefile, home.link, (name) => optionValue(config, name));
    const options = unique([...optionsOfLink(home.link), ...reach.options]);
    const note = reach.note ?? noteOnLink(home, link, reach.state, config, options);
    outcomes.push({ home, state: combined(link, reach.state), options, ...(note === undefined ? {} : { note }) });
  }
  const built = outcomes.filter((outcome) => outcome.state === 'y' || outcome.state === 'm');
  if (built.length > 0) {
    const named = built.map(({ home: { link } }) => {
      const states = built.filter((other) => other.home.link.object === link.object).map((other) => other.state);
      return either(states) === 'y' ? VMLINUX : moduleNameOf(link.object);
    });
    return inOneOrMore(unique(named), built, true);
  }
  const open = outcomes.find((outcome) => outcome.state === undefined);
  const [outcome] = open === undefined ? outcomes : [open];
  const note = outcome?.note;
  return { name: undefined, isModule: false, isBuilt: open === undefined ? false : undefined, options: outcome?.options ?? [], ...(note === undefined ? {} : { note }) };
}

/** A folder entered for modules only links nothing into vmlinux. */
function combined(link: State, reach: State): State {
  if (link === 'n' || reach === 'n') return 'n';
  if (link === undefined || reach === undefined) return undefined;
  return link === 'y' && reach === 'm' ? 'n' : link;
}

function noteOnLink(home: Home, link: State, reach: State, config: Config, options: readonly string[]): string | undefined {
  const unset = options.filter((option) => config(option) === 'n');
  if (combined(link, reach) === undefined) return `the condition of ${placeOf(home.link.last)} could not be told`;
  if (link === 'y' && reach === 'm') return `${placeOf(home.link.last)} is built in, but its folder is entered for modules only`;
  if (link === 'n' || reach === 'n') return unset.length > 0 ? `not built: ${unset.join(', ')} ${unset.length === 1 ? 'is' : 'are'} not set` : `not built: the conditions of ${placeOf(home.link.last)} do not hold`;
  return home.link.last.list === 'lib' ? 'in a library (lib-y): linked only when something refers to it' : undefined;
}

/** Without a configuration: an option is taken as set, as far as its Kconfig type lets it. */
async function assumed(tree: Tree, options: Options, homes: readonly Home[]): Promise<BuildObject> {
  const outcomes: (Outcome & { readonly name: string | undefined })[] = [];
  for (const home of homes) {
    const reach = await reachOf(tree, home.makefile.folder, undefined);
    const deciding = optionsOf({ ...home.link.last, word: { ...home.link.last.word, guards: [] } });
    const types = new Map<string, string | undefined>();
    for (const option of deciding) types.set(option, await options.typeOf(option, home.makefile.folder));
    const chosen = home.makefile.value(home.link.last.selector, (name) => ({ bool: 'y', tristate: 'm' })[types.get(name) ?? '']);
    const state = reach.state === undefined ? undefined : chosen === 'y' || chosen === 'm' ? chosen : undefined;
    const name = state === undefined ? undefined : state === 'y' ? VMLINUX : moduleNameOf(home.link.object);
    const undeclared = deciding.find((option) => types.get(option) === undefined);
    const note = reach.note ?? noteOnAssumption(home, chosen, deciding, undeclared);
    outcomes.push({ home, name, state, options: unique([...optionsOfLink(home.link), ...reach.options]), ...(note === undefined ? {} : { note }) });
  }
  const known = outcomes.filter((outcome) => outcome.name !== undefined);
  const names = unique(known.flatMap((outcome) => outcome.name ?? []));
  return inOneOrMore(names, known.length > 0 ? known : outcomes, undefined);
}

function noteOnAssumption(home: Home, chosen: string | undefined, deciding: readonly string[], undeclared: string | undefined): string | undefined {
  if (undeclared !== undefined) return `no .config, and no Kconfig file near ${home.makefile.path} declares ${undeclared}`;
  if (chosen === 'm') return `no .config: ${deciding.join(', ')} is tristate, taken as a module`;
  if (chosen !== 'y') return `no .config: ${placeOf(home.link.last)} could not be told`;
  return home.link.last.list === 'lib' ? 'in a library (lib-y): linked only when something refers to it' : undefined;
}

const VMLINUX = 'vmlinux';

function inOneOrMore(names: readonly string[], outcomes: readonly Outcome[], isBuilt: true | undefined): BuildObject {
  const [name, ...others] = names;
  const options = unique(outcomes.flatMap((outcome) => outcome.options));
  const notes = others.length > 0 ? [`linked into each of ${names.join(', ')}`] : [];
  const note = [...notes, ...outcomes.flatMap((outcome) => outcome.note ?? []).slice(0, 1)].join('; ');
  return { name, isModule: name !== undefined && name !== VMLINUX, isBuilt, options, ...(others.length > 0 ? { alsoIn: others } : {}), ...(note === '' ? {} : { note }) };
}

/** A .c file that no Makefile names may be included by one that is. */
async function fromIncluder(tree: Tree, options: Options, path: string, depth: number): Promise<BuildObject | undefined> {
  const includers = depth < MAX_INCLUDED ? await includersOf(tree, path) : [];
  if (includers.length === 0) return undefined;
  const answers = [];
  for (const includer of includers) answers.push(await objectOf(tree, options, includer.path, depth + 1));
  const isConditional = includers.every((includer) => includer.isConditional);
  const paths = includers.map((includer) => includer.path).join(' and ');
  const why = `not compiled by itself: ${paths} ${includers.length === 1 ? 'includes' : 'include'} it${isConditional ? ' inside #if' : ''}`;
  const found = answers.filter((answer) => answer.name !== undefined);
  const [first] = found.length > 0 ? found : answers;
  if (first === undefined) return undefined;
  const names = unique(found.flatMap((answer) => [answer.name ?? [], answer.alsoIn ?? []].flat()));
  const note = first.note === undefined ? why : `${why}; ${first.note}`;
  const isBuilt = isConditional && first.isBuilt === true ? undefined : first.isBuilt;
  return { ...first, isBuilt, ...(names.length > 1 ? { alsoIn: names.slice(1) } : {}), note };
}

async function whyNowhere(tree: Tree, object: string): Promise<string> {
  const source = object.replace(/\.o$/, '.c');
  for (const folder of ancestorsOf(folderOf(object))) {
    const fault = tree.faultOf(folder);
    if (fault !== undefined) return fault;
    const makefile = await tree.makefileOf(folder);
    if (makefile === undefined) continue;
    const lists = unique(otherListsOf(makefile, object));
    if (lists.length > 0) return `${makefile.path} names ${source} only in ${lists.join(', ')}, which is linked into neither vmlinux nor a module`;
    if (makefile.unread.length > 0 && folder === folderOf(object)) {
      return `no Makefile read here links ${source} (${makefile.unread.length} parts of ${makefile.path} could not be read)`;
    }
  }
  return `no Makefile links ${source} into vmlinux or a module`;
}

function optionsOfLink(link: Link): string[] {
  return [link.last, ...link.parts].flatMap(optionsOf);
}

function relativeTo(folder: string, path: string): string {
  return folder !== '' && path.startsWith(`${folder}/`) ? path.slice(folder.length + 1) : path;
}

function unique<T>(values: readonly T[]): T[] {
  return [...new Set(values)];
}
