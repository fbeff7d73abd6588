import type { FileDecorationProvider } from 'vscode';
import { Disposable, EventEmitter, FileDecoration, ThemeColor, Uri, window } from 'vscode';
import type { FunctionView } from '../../../server/src/lsp/protocol';
import { fileDecorations, rowDecoration, type Decoration } from '../planDecorations';
import type { Feature } from '../studio';

/** Rows of the tree have addresses of their own, since decorations go by address. */
const ROW = 'livepatch-function';

/** Marks the files that a live patch replaces something of, in the Explorer and on tabs, and the functions in the Live Patch view. */
export const decorations: Feature = ({ plans }) => {
  const changed = new EventEmitter<Uri[]>();
  // As VS Code writes URIs, which encodes a colon or a space in another way than the server may.
  const filesNow = (): ReadonlyMap<string, Decoration> => new Map([...fileDecorations(plans.all)].map(([uri, decoration]) => [Uri.parse(uri).toString(), decoration]));
  let files = filesNow();
  const provider: FileDecorationProvider = {
    onDidChangeFileDecorations: changed.event,
    provideFileDecoration(uri) {
      if (uri.scheme === ROW) return drawn(rowDecoration(Object.fromEntries(new URLSearchParams(uri.query)) as unknown as Parameters<typeof rowDecoration>[0]));
      const file = uri.scheme === 'file' ? files.get(uri.toString()) : undefined;
      return file && drawn(file, true);
    },
  };
  return Disposable.from(
    changed,
    window.registerFileDecorationProvider(provider),
    plans.onDidChange(() => {
      const before = files;
      files = filesNow();
      const others = [...new Set([...before.keys(), ...files.keys()])].filter((uri) => JSON.stringify(before.get(uri)) !== JSON.stringify(files.get(uri)));
      if (others.length > 0) changed.fire(others.map((uri) => Uri.parse(uri)));
    }),
  );
};

/** The address of a function's row: it says all that its decoration shows, so a change of it is another address. */
export function rowUri({ name, change, verdict }: FunctionView): Uri {
  return Uri.from({ scheme: ROW, path: `/${name}`, query: new URLSearchParams({ change, verdict }).toString() });
}

function drawn({ badge, tooltip, color }: Decoration, propagate = false): FileDecoration {
  const decoration = new FileDecoration(badge, tooltip, new ThemeColor(color));
  decoration.propagate = propagate;
  return decoration;
}
