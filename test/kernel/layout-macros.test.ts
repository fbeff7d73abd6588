/** Members that macros make and records under a pragma, from text to layout, against gcc. The macros are our own, of the kernel's shape. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { layoutOf } from '../../server/src/kernel/layout';
import { extractFacts } from '../../server/src/syntax/extract';

const PREAMBLE = `
#include <stddef.h>
#include <stdio.h>
typedef unsigned char u8;
typedef unsigned short u16;
typedef unsigned int u32;
typedef unsigned long long u64;
struct hlist_head { void *first; };
#define __packed __attribute__((packed))
#define BITS_TO_LONGS(n) (((n) + 63) / 64)
#define DECLARE_BITMAP(name, bits) unsigned long name[BITS_TO_LONGS(bits)]
#define DECLARE_HASHTABLE(name, bits) struct hlist_head name[1 << (bits)]
#define DECLARE_FLEX_ARRAY(type, name) struct { struct { } nothing_##name; type name[]; }
#define __struct_group(tag, name, attrs, members...) union { struct { members } attrs; struct tag { members } attrs name; }
#define struct_group(name, members...) __struct_group(, name, , members)
#define struct_group_attr(name, attrs, members...) __struct_group(, name, attrs, members)
#define struct_group_tagged(tag, name, members...) __struct_group(tag, name, , members)
`;

/** Records, and what of them is compared: `size`, or a member's offset. */
const RECORDS = `
#define DEPOT_PACKED __attribute__((packed))
#define DEPOT_ALIGN(bytes) __attribute__((aligned(bytes)))
struct bitmaps { u8 a; DECLARE_BITMAP(map, 65); u8 b; DECLARE_HASHTABLE(table, 3); };
struct flexible { u8 a; DECLARE_FLEX_ARRAY(u32, rest); };
struct grouped { u8 a; struct_group(both, u32 b; u8 c;); u8 d; };
struct packed_group { u8 a; struct_group_attr(both, __packed, u32 b; u8 c;); u8 d; };
struct tagged_group { u8 a; struct_group_tagged(tag, both, u16 b; u64 c;); u8 d; };
struct bitmap_in_group { u8 a; struct_group(both, DECLARE_BITMAP(map, 3); u8 c;); u8 d; };
struct own_packed { u8 a; u32 b; } DEPOT_PACKED;
struct own_aligned { u8 a; u16 b DEPOT_ALIGN(8); };
enum __attribute__((packed)) depot_small { DEPOT_ONE, DEPOT_TWO };
struct with_enum { u8 a; enum depot_small b; u8 c; };
typedef u64 depot_u64 __attribute__((aligned(4)));
struct with_typedef { u32 a; depot_u64 b; };
`;
const MEMBERS: Readonly<Record<string, readonly string[]>> = {
  bitmaps: ['a', 'map', 'b', 'table'],
  flexible: ['a', 'rest'],
  grouped: ['a', 'b', 'c', 'd'],
  packed_group: ['a', 'b', 'c', 'd'],
  tagged_group: ['a', 'b', 'c', 'd'],
  bitmap_in_group: ['a', 'map', 'c', 'd'],
  own_packed: ['a', 'b'],
  own_aligned: ['a', 'b'],
  with_enum: ['a', 'b', 'c'],
  with_typedef: ['a', 'b'],
};

const facts = extractFacts(RECORDS);

it('members that macros make lie where gcc puts them', () => {
  const ours = Object.entries(MEMBERS).map(([name, members]) => {
    const record = facts.records.find((fact) => fact.name === name);
    if (record === undefined) return `${name} is missing`;
    const layout = layoutOf(record, { enumeration: (tag) => facts.enums.find((fact) => fact.name === tag), typedef: (alias) => facts.typedefs.find((fact) => fact.name === alias) });
    return `${name} ${layout.size ?? '?'} ${members.map((member) => layout.fields.find((field) => field.path === member)?.offset ?? '?').join(' ')}`;
  });
  expect(ours).toEqual(gcc());
});

it('#pragma pack holds for the records behind it', () => {
  const { records } = extractFacts('struct a { char c; int i; };\n#pragma pack(push, 1)\nstruct b { char c; int i; };\n#pragma pack(pop)\nstruct c { char c; int i; };\n#pragma pack(2)\nstruct d { char c; int i; };\n#pragma pack()\nstruct e { char c; int i; };\n');
  expect(records.map((record) => [record.name, layoutOf(record, {}).size])).toEqual([['a', 8], ['b', 5], ['c', 8], ['d', 6], ['e', 8]]);
});

it('members an #include brings make the layout unknown', () => {
  const { records } = extractFacts('struct a { char c;\n#include "members.h"\n\tint i; };\n');
  expect(records.map(({ fields }) => fields.map(({ name, type }) => name ?? type))).toEqual([['c', '#include "members.h"', 'i']]);
  expect(records.map((record) => layoutOf(record, {}).size)).toEqual([undefined]);
});

/** One line for each record: its name, its size, the offsets of the members. */
function gcc(): string[] {
  const prints = Object.entries(MEMBERS).map(([name, members]) => `\tprintf("${name} %zu${' %zu'.repeat(members.length)}\\n", sizeof(struct ${name}), ${members.map((member) => `offsetof(struct ${name}, ${member})`).join(', ')});\n`);
  const folder = mkdtempSync(join(tmpdir(), 'layout-macros-'));
  try {
    writeFileSync(join(folder, 'a.c'), `${PREAMBLE}${RECORDS}int main(void)\n{\n${prints.join('')}\treturn 0;\n}\n`);
    execFileSync('gcc', ['-std=gnu11', '-w', '-o', join(folder, 'a'), join(folder, 'a.c')], { stdio: ['ignore', 'ignore', 'pipe'] });
    return execFileSync(join(folder, 'a'), { encoding: 'utf8' }).trimEnd().split('\n');
  } finally {
    rmSync(folder, { recursive: true });
  }
}
