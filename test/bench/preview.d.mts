export const MOST_RATIO: number;

export interface PreviewCost {
  readonly tasks: number;
  readonly frameMs: Readonly<Record<'empty' | 'scrub' | 'zoom', number>>;
  readonly workMs: Readonly<Record<'empty' | 'scrub' | 'zoom', number>>;
  readonly ratios: Readonly<Record<'scrub' | 'zoom', number>>;
  readonly bundleKB: number;
  readonly met: Readonly<Record<string, boolean>>;
}

export function preview(options: { root: string; log: (line: string) => void }): Promise<PreviewCost>;
