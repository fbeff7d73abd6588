/** A small tree for the hierarchies, with the names that are easily mixed up, and answers as lines to compare. */
import type { CallHierarchyIncomingCall, CallHierarchyItem, CallHierarchyOutgoingCall, TypeHierarchyItem } from 'vscode-languageserver-protocol/node';
import type { StrictClient } from './client';
import { Workspace, type Files } from './workspace';

const FILES: Files = {
  Makefile: 'VERSION = 6\nPATCHLEVEL = 1\nSUBLEVEL = 0\n',
  Kbuild: 'obj-y += lib/ drivers/\n',
  'include/linux/gate.h': `#ifndef _LINUX_GATE_H
#define _LINUX_GATE_H
struct hinge {
	int angle;
};
typedef struct {
	struct hinge hinge;
	lock_t latch;
} door_t;
struct gate {
	struct hinge left, right;
	struct hinge *spare;
	door_t door;
};
union passage {
	struct gate gate;
	long raw;
};
#define turn(gate) turn_hinge(&(gate)->left)
#define swing(gate) \\
	do { turn(gate); \\
	} while (0)
#define HINGES 2
int turn_hinge(struct hinge *hinge);
int oil(struct hinge *hinge);
static inline int creak(struct hinge *hinge)
{
	return oil(hinge);
}
#endif
`,
  'lib/hinge.c': `#include <linux/gate.h>
static int grease(struct hinge *hinge)
{
	return hinge->angle;
}
int turn_hinge(struct hinge *hinge)
{
	hinge->angle++;
	return oil(hinge) + grease(hinge) + grease(hinge);
}
int oil(struct hinge *hinge)
{
	/* grease(hinge) is for later */
	return hinge->angle > HINGES ? oil(hinge) : grease(hinge);
}
`,
  'drivers/castle.c': `#include <linux/gate.h>
struct castle {
	struct gate gate;
	int (*oil)(struct hinge *hinge);
};
static int grease(struct castle *castle)
{
	return creak(&castle->gate.left);
}
static int open_castle(struct castle *castle)
{
	/* no turn_hinge(), no oil() */
	print("oil(%d)", castle->oil(&castle->gate.right));
	swing(&castle->gate);
	return turn_hinge(&castle->gate.right) + grease(castle);
}
static int close_castle(struct castle *castle)
{
	swing(&castle->gate);
	swing(&castle->gate);
	return 0;
}
`,
  'drivers/hinge.c': `struct hinge {
	long cut;
};
struct box {
	struct hinge hinge;
};
`,
};

/** The tree under git, or not. */
export function hingeTree(underGit: boolean): Workspace {
  const folder = Workspace.of(FILES);
  if (underGit) {
    folder.git('init', '-q', '-b', 'main');
    folder.git('add', '--all');
    folder.git('commit', '-q', '-m', 'Baseline');
  }
  return folder;
}

/** The hierarchies as a person walks through them. Places are told as `line:character`, from 0. */
export class Walker {
  constructor(
    readonly folder: Workspace,
    readonly client: StrictClient,
  ) {}

  /** Items for the n-th (from 0) place of a file that reads `text`; the cursor is put behind its first letter. */
  async calls(path: string, text: string, n = 0): Promise<CallHierarchyItem[]> {
    return (await this.client.request<CallHierarchyItem[] | null>('textDocument/prepareCallHierarchy', this.#at(path, text, n))) ?? [];
  }

  async records(path: string, text: string, n = 0): Promise<TypeHierarchyItem[]> {
    return (await this.client.request<TypeHierarchyItem[] | null>('textDocument/prepareTypeHierarchy', this.#at(path, text, n))) ?? [];
  }

  async callers(item: CallHierarchyItem | undefined): Promise<string[]> {
    const calls = await this.client.request<CallHierarchyIncomingCall[]>('callHierarchy/incomingCalls', { item });
    return calls.map(({ from, fromRanges }) => `${show(from)} at ${fromRanges.map(({ start }) => `${start.line}:${start.character}`).join(' ')}`);
  }

  async callees(item: CallHierarchyItem | undefined): Promise<string[]> {
    const calls = await this.client.request<CallHierarchyOutgoingCall[]>('callHierarchy/outgoingCalls', { item });
    return calls.map(({ to, fromRanges }) => `${show(to)} at ${fromRanges.map(({ start }) => `${start.line}:${start.character}`).join(' ')}`);
  }

  async embedders(item: TypeHierarchyItem | undefined): Promise<TypeHierarchyItem[]> {
    return this.client.request('typeHierarchy/subtypes', { item });
  }

  async embedded(item: TypeHierarchyItem | undefined): Promise<TypeHierarchyItem[]> {
    return this.client.request('typeHierarchy/supertypes', { item });
  }

  #at(path: string, text: string, n: number): object {
    const uri = this.folder.uriOf(path);
    const whole = this.client.isOpen(uri) ? this.client.text(uri) : this.folder.read(path);
    let offset = whole.indexOf(text);
    for (let index = 0; index < n && offset >= 0; index += 1) offset = whole.indexOf(text, offset + 1);
    if (offset < 0) throw new Error(`not in ${path}: ${text}`);
    const before = whole.slice(0, offset + 1).split('\n');
    return { textDocument: { uri }, position: { line: before.length - 1, character: before.at(-1)?.length ?? 0 } };
  }
}

export function show(item: CallHierarchyItem | TypeHierarchyItem): string {
  return `${item.name} (${item.detail ?? ''}) ${item.selectionRange.start.line}:${item.selectionRange.start.character}`;
}
