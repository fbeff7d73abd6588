/** What a drawing is made of: elements as text, coordinates to a tenth. */
import { printable } from '../style';

export const n = (value: number): string => String(Math.round(value * 10) / 10);

export interface Point {
  readonly x: number;
  readonly y: number;
}

export type Anchor = 'start' | 'middle' | 'end';

export const text = ({ x, y }: Point, content: string, style: string, anchor: Anchor = 'start'): string =>
  `<text x="${n(x)}" y="${n(y)}" class="${style}" text-anchor="${anchor}">${escaped(content)}</text>`;

export const line = (from: Point, to: Point, style: string): string => `<line x1="${n(from.x)}" y1="${n(from.y)}" x2="${n(to.x)}" y2="${n(to.y)}" class="${style}"/>`;

export const path = (points: readonly Point[], style: string): string => `<polyline points="${points.map(({ x, y }) => `${n(x)},${n(y)}`).join(' ')}" class="line ${style}"/>`;

export const dot = ({ x, y }: Point, style: string): string => `<circle cx="${n(x)}" cy="${n(y)}" r="3.5" class="fill ${style}"/>`;

export const cross = ({ x, y }: Point, style: string): string => `<path d="M${n(x - 4)} ${n(y - 4)}L${n(x + 4)} ${n(y + 4)}M${n(x - 4)} ${n(y + 4)}L${n(x + 4)} ${n(y - 4)}" class="line ${style}"/>`;

export interface Box extends Point {
  readonly width: number;
  readonly height: number;
}

/** Rectangles of one color as one element. */
export const boxes = (those: readonly Box[], style: string): string => `<path d="${those.map(({ x, y, width, height }) => `M${n(x)} ${n(y)}h${n(width)}v${n(height)}h${n(-width)}z`).join('')}" class="fill ${style}"/>`;

/** A task may have any bytes in its name: controls become visible escapes, what XML and UTF-8 cannot hold becomes U+FFFD, and what turns the direction of the text goes too. */
export const escaped = (content: string): string =>
  printable(content).replace(/[\p{Cc}\p{Cf}\p{Cs}\ufffe\uffff]/gu, '\ufffd').replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');

/** @param letters at most so many, the last one an ellipsis where some are left out */
export const cut = (content: string, letters: number): string => (content.length <= letters ? content : `${content.slice(0, letters - 1)}…`);
