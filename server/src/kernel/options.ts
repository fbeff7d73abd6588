/** The type of an option, looked up in the Kconfig files near the one who asks. */
import type { OptionType } from './kconfig';
import { parseKconfig } from './kconfig';
import { ancestorsOf, join } from './paths';
import { Recent } from './recent';
import { tryGrep } from './search';
import type { Tree } from './tree';

const MOST_FOLDERS = 256;

export class Options {
  private readonly byFolder = new Recent<string, Promise<Map<string, OptionType>>>(MOST_FOLDERS);

  constructor(private readonly tree: Tree) {}

  /** The type as declared in a Kconfig file of the folder or one above it, else anywhere git finds it; undefined when nowhere. */
  async typeOf(option: string, folder: string): Promise<OptionType | undefined> {
    for (const ancestor of ancestorsOf(folder)) {
      const type = (await this.declaredIn(ancestor)).get(option);
      if (type !== undefined) return type;
    }
    return this.searched(option);
  }

  invalidate(): void {
    this.byFolder.clear();
  }

  private declaredIn(folder: string): Promise<Map<string, OptionType>> {
    const known = this.byFolder.get(folder);
    if (known !== undefined) return known;
    const read = this.readFolder(folder);
    this.byFolder.set(folder, read);
    return read;
  }

  private async readFolder(folder: string): Promise<Map<string, OptionType>> {
    const types = new Map<string, OptionType>();
    for (const entry of await this.tree.entries(folder)) {
      if (!/^Kconfig[\w.-]*$/.test(entry)) continue;
      for (const [name, type] of parseKconfig((await this.tree.text(join(folder, entry))) ?? '')) types.set(name, type);
    }
    return types;
  }

  private async searched(option: string): Promise<OptionType | undefined> {
    for (const path of (await tryGrep(this.tree, option.replace(/^CONFIG_/, ''), ['*Kconfig*'])) ?? []) {
      const type = parseKconfig((await this.tree.text(path)) ?? '').get(option);
      if (type !== undefined) return type;
    }
    return undefined;
  }
}
