import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';

/** The manifest and the code name the same things: VS Code tells nobody when they do not. */

interface Command {
  readonly command: string;
  readonly title: string;
  readonly category?: string;
}
interface Setting {
  readonly type: string;
  readonly default: unknown;
  readonly scope?: string;
  readonly markdownDescription?: string;
  readonly enum?: readonly unknown[];
  readonly enumDescriptions?: readonly string[];
}
interface Menu {
  readonly command: string;
  readonly when?: string;
}
interface Manifest {
  readonly main: string;
  readonly icon: string;
  readonly keywords: readonly string[];
  readonly activationEvents: readonly string[];
  readonly contributes: {
    readonly commands: readonly Command[];
    readonly views: Readonly<Record<string, readonly { readonly id: string; readonly icon: string }[]>>;
    readonly viewsWelcome: readonly { readonly view: string; readonly when: string; readonly contents: string }[];
    readonly menus: Readonly<Record<string, readonly Menu[]>>;
    readonly configuration: { readonly properties: Readonly<Record<string, Setting>> };
    readonly walkthroughs: readonly { readonly steps: readonly { readonly description: string; readonly media: { readonly markdown: string }; readonly completionEvents: readonly string[] }[] }[];
    readonly jsonValidation: readonly { readonly fileMatch: string; readonly url: string }[];
    readonly grammars: readonly { readonly path: string; readonly scopeName: string }[];
  };
}

const root = new URL('../../', import.meta.url);
const manifest = JSON.parse(readFileSync(new URL('package.json', root), 'utf8')) as Manifest;
const { contributes } = manifest;
const commands = contributes.commands.map(({ command }) => command).sort();
const views = Object.values(contributes.views).flat();

const sources = ['client/src/', 'client/src/features/', 'client/src/preview/']
  .flatMap((folder) => readdirSync(new URL(folder, root)).map((name) => new URL(folder + name, root)))
  .filter((file) => file.pathname.endsWith('.ts'))
  .map((file) => readFileSync(file, 'utf8'))
  .join('\n');

const found = (pattern: RegExp): string[] => [...new Set([...sources.matchAll(pattern)].map(([, id]) => id ?? ''))].sort();

describe('commands', () => {
  test('every command is registered, and every registered one contributed', () => {
    expect(found(/command\((?:this\.)?studio, '([\w.]+)'/g)).toEqual(commands);
  });
  test.each(contributes.commands.map((command) => [command.command, command] as const))('%s has our category and a title in title case', (_id, command) => {
    expect(command.category).toBe('Livepatch Studio');
    const words = command.title.split(' ').filter((word) => !['a', 'as', 'from', 'in', 'klp_func', 'of', 'to'].includes(word));
    expect(words.every((word) => /^[A-Z]/.test(word))).toBe(true);
  });
  test('menus name only our commands', () => {
    const named = Object.values(contributes.menus).flat().map(({ command }) => command);
    expect(named.filter((command) => !commands.includes(command))).toEqual([]);
  });
  test('the palette hides what needs an argument', () => {
    const hidden = contributes.menus['commandPalette']?.filter(({ when }) => when === 'false').map(({ command }) => command.replace('livepatchStudio.', ''));
    expect(hidden?.sort()).toEqual(['copyKlpFunc', 'goToFunction', 'openFinding', 'showBlockers', 'showReached', 'simulateFunction']);
  });
});

describe('views', () => {
  test('every view has a provider and an icon', () => {
    expect(found(/(?:createTreeView|registerWebviewViewProvider)\('([\w.]+)'/g)).toEqual(views.map(({ id }) => id).sort());
    expect(views.filter(({ icon }) => !existsSync(new URL(icon, root)))).toEqual([]);
  });
  test.each(['starting', 'analyzing', 'no-changes', 'no-tree', 'untrusted', 'failed', 'stopped'])('the empty state %s has a welcome text', (state) => {
    expect(contributes.viewsWelcome.some(({ when }) => new RegExp(`livepatchStudio\\.state == ${state}\\b`).test(when))).toBe(true);
  });
  test('welcome texts link to commands that are there', () => {
    const links = contributes.viewsWelcome.flatMap(({ contents }) => [...contents.matchAll(/\(command:([\w.]+)\)/g)].map(([, id]) => id ?? ''));
    expect(links.length).toBeGreaterThan(0);
    expect(links.filter((id) => !commands.includes(id) && !/^(vscode|workbench)\./.test(id))).toEqual([]);
  });
});

test('the walkthrough is short, its files are there, and its links and events name what is there', () => {
  const steps = contributes.walkthroughs.flatMap((walkthrough) => walkthrough.steps);
  expect(steps).toHaveLength(4);
  expect(steps.filter(({ media }) => !existsSync(new URL(media.markdown, root)))).toEqual([]);
  const named = steps.flatMap(({ description, completionEvents }) => [...description.matchAll(/\(command:([\w.]+)\)/g), ...completionEvents.join(' ').matchAll(/onCommand:([\w.]+)/g)].map(([, id = '']) => id.replace(/\.focus$/, '')));
  expect(named.length).toBeGreaterThan(steps.length);
  expect(named.filter((id) => !commands.includes(id) && !views.some((view) => view.id === id) && !id.startsWith('vscode.'))).toEqual([]);
});

describe('settings', () => {
  test.each(Object.entries(contributes.configuration.properties))('%s has a description, a scope and a default of its type', (name, setting) => {
    expect(name).toMatch(/^livepatchStudio\./);
    expect(setting.markdownDescription).toMatch(/\.$|\.\*\)\.$/);
    expect(['resource', 'window']).toContain(setting.scope);
    expect(setting.type === 'integer' ? Number.isInteger(setting.default) : typeof setting.default === setting.type).toBe(true);
    if (setting.enum) {
      expect(setting.enum).toContain(setting.default);
      expect(setting.enumDescriptions).toHaveLength(setting.enum.length);
    }
  });
});

test('the extension wakes only where a kernel tree is, or by its views and commands', () => {
  expect(manifest.activationEvents.every((event) => event.startsWith('workspaceContains:'))).toBe(true);
  expect(existsSync(new URL('test/sample/kernel/Kbuild', root))).toBe(true);
});

test('what checks JSON files is there, and is copied to where it is named', () => {
  const build = readFileSync(new URL('scripts/build.mjs', root), 'utf8');
  for (const { fileMatch, url } of contributes.jsonValidation) {
    const name = /^\.\/dist\/([\w-]+)\.schema\.json$/.exec(url)?.[1] ?? '';
    expect(existsSync(new URL(`docs/schemas/${name}.schema.json`, root)), fileMatch).toBe(true);
    expect(build).toContain(`'${name}'`);
  }
});

test('the icons of the preview are in the font that goes along', () => {
  const css = readFileSync(new URL('node_modules/@vscode/codicons/dist/codicon.css', root), 'utf8');
  const named = readFileSync(new URL('client/webview/icon.ts', root), 'utf8').match(/(?<=')[a-z-]+(?=')/g) ?? [];
  expect(named.length).toBeGreaterThan(10);
  expect(named.filter((name) => !css.includes(`.codicon-${name}:before { content:`))).toEqual([]);
});

test('files named are there', () => {
  const files = [manifest.icon, 'LICENSE', ...contributes.grammars.map(({ path }) => path)];
  expect(files.filter((file) => !existsSync(new URL(file, root)))).toEqual([]);
  expect(manifest.keywords.length).toBeLessThanOrEqual(5);
});
