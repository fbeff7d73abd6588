import type { Group, TraceView } from '../../server/src/simulate/types';

export type Folding = keyof TraceView['groups'];

export function labelOf({ label, tasks }: Group): string {
  return tasks === 1 ? label : `${label} ×${tasks}`;
}
