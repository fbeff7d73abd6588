/** A drawing that reads on light and dark pages: its colors follow the reader's. */
import { escaped } from './marks';

/** The palette of Okabe and Ito (2008), which color-blind readers can tell apart; lighter on dark paper. */
const LIGHT = { paper: '#ffffff', ink: '#1f2328', soft: '#59636e', grid: '#d8dee4', c0: '#0072b2', c1: '#d55e00', c2: '#00805d', c3: '#8a5fa8' };
const DARK: typeof LIGHT = { paper: '#0d1117', ink: '#f0f6fc', soft: '#9198a1', grid: '#30363d', c0: '#56b4e9', c1: '#f0913f', c2: '#3fcf9f', c3: '#cc9be8' };

export const SERIES = ['c0', 'c1', 'c2', 'c3'] as const;

const colors = ({ paper, ink, soft, grid, ...series }: typeof LIGHT): string => [
  `.paper{fill:${paper}}`, `.ink{fill:${ink}}`, `.soft{fill:${soft}}`, `.grid{stroke:${grid}}`, `.axis{stroke:${soft}}`, `.fill.old{fill:${grid}}`, `.event{stroke:${ink}}`,
  ...Object.entries(series).map(([name, color]) => `.fill.${name},text.${name}{fill:${color}}.line.${name}{stroke:${color}}`),
].join('');

const STYLE = [
  'text{font:12px system-ui,-apple-system,"Segoe UI",sans-serif}.head{font-size:15px;font-weight:600}.strong{font-weight:600}.small{font-size:11px}',
  '.line{fill:none;stroke-width:2;stroke-linejoin:round;stroke-linecap:round}.dashed{stroke-dasharray:5 4}.grid,.axis{stroke-width:1}.mark{stroke-dasharray:2 3}.faint{opacity:.3}.half{opacity:.55}',
  colors(LIGHT),
  `@media (prefers-color-scheme:dark){${colors(DARK)}}`,
].join('\n');

/**
 * @param title what a reader who does not see the drawing is told first
 * @param about the rest of what it shows, in a sentence or two
 */
export function svgDocument(width: number, height: number, title: string, about: string, body: readonly string[]): string {
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-labelledby="title about">
<title id="title">${escaped(title)}</title>
<desc id="about">${escaped(about)}</desc>
<style>
${STYLE}
</style>
<rect width="${width}" height="${height}" class="paper"/>
${body.join('\n')}
</svg>
`;
}
