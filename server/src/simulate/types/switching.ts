/** How a system switches, by V. Pavlik's two axes (commit 43347d56c8d9 of the kernel names them for livepatch). */
export interface Switching {
  /** When an entity may switch to the new code. */
  readonly when: 'leave function' | 'leave patched set' | 'leave kernel';
  /** What switches at once. */
  readonly what: 'function' | 'thread' | 'kernel';
}
