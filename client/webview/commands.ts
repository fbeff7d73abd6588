/** What keys mean, apart from what is done about them. */
type Command = 'zoomIn' | 'zoomOut' | 'zoomAll' | 'panLeft' | 'panRight' | 'previous' | 'next' | { readonly lane: number };

/** What a key means in the picture. @param at the lane that has the focus, of `count` */
export function commandOf(key: string, isShifted: boolean, at: number, count: number): Command | undefined {
  if (isShifted && (key === 'ArrowLeft' || key === 'ArrowRight')) return key === 'ArrowLeft' ? 'panLeft' : 'panRight';
  switch (key) {
    case '+':
    case '=':
      return 'zoomIn';
    case '-':
    case '_':
      return 'zoomOut';
    case '0':
      return 'zoomAll';
    case 'ArrowLeft':
      return 'previous';
    case 'ArrowRight':
      return 'next';
    case 'ArrowUp':
      return { lane: Math.max(at - 1, 0) };
    case 'ArrowDown':
      return { lane: Math.min(at + 1, count - 1) };
    case 'Home':
      return { lane: 0 };
    case 'End':
      return { lane: count - 1 };
    default:
      return undefined;
  }
}

const steps: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  horizontal: { ArrowLeft: -1, ArrowRight: 1 },
  vertical: { ArrowUp: -1, ArrowDown: 1 },
};

/** @returns the index to go to, or undefined when the key is none of the group's */
export function roved(direction: string, key: string, at: number, count: number): number | undefined {
  if (key === 'Home') return 0;
  if (key === 'End') return count - 1;
  const step = steps[direction]?.[key];
  return step === undefined ? undefined : Math.min(Math.max(at + step, 0), count - 1);
}

