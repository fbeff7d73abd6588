import type { FileSystem, Host } from '../../server/src/host/ports';

/** A host whose files are given as path -> text; there is no git. */
export function memoryHost(root: string, files: ReadonlyMap<string, string>): Host {
  const inside = (path: string): string => (path === root ? '' : path.slice(root.length + 1));
  const fileSystem: FileSystem = {
    readFile(path) {
      const text = files.get(inside(path));
      return Promise.resolve(text === undefined ? undefined : new TextEncoder().encode(text));
    },
    readDirectory(path) {
      const prefix = inside(path) === '' ? '' : `${inside(path)}/`;
      const names = new Set<string>();
      for (const file of files.keys()) {
        if (!file.startsWith(prefix)) continue;
        const rest = file.slice(prefix.length);
        const slash = rest.indexOf('/');
        names.add(slash < 0 ? rest : rest.slice(0, slash + 1));
      }
      return Promise.resolve(names.size === 0 ? undefined : [...names]);
    },
  };
  return { files: fileSystem };
}
