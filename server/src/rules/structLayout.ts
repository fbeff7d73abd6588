import type { Rule } from './rule';
export const structLayout: Rule = { slug: 'struct-layout', title: 't', severity: { 'klp-build': 'error', kpatch: 'error' }, manual: '', check: ({ changes }) => changes.flatMap((c) => c.records.flatMap((r) => (r.kind === 'changed' && r.fields.length > 0 ? [{ path: c.path, range: r.after.nameRange, symbol: r.after.name, message: 'x' }] : []))) };
