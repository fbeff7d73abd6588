/** One chart of a drawing: a frame with two logarithmic axes. */
import { line, text } from './marks';
import { logScale, type Scale } from './scale';

export interface Axis {
  readonly title: string;
  /** Labelled values in order; the first and the last are the axis' ends. */
  readonly ticks: readonly { readonly value: number; readonly label: string }[];
}

export interface Frame {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

export interface Panel {
  readonly x: Scale;
  readonly y: Scale;
  /** Its title, axes and grid. */
  readonly marks: readonly string[];
}

export function panel({ left, top, right, bottom }: Frame, title: string, xAxis: Axis, yAxis: Axis): Panel {
  const x = logScale(...endsOf(xAxis), left, right);
  const y = logScale(...endsOf(yAxis), bottom, top);
  return {
    x,
    y,
    marks: [
      text({ x: left, y: top - 30 }, title, 'ink head'),
      text({ x: left, y: top - 10 }, yAxis.title, 'soft small'),
      ...yAxis.ticks.flatMap(({ value, label }) => [
        line({ x: left, y: y.at(value) }, { x: right, y: y.at(value) }, 'grid'),
        text({ x: left - 8, y: y.at(value) + 4 }, label, 'soft', 'end'),
      ]),
      ...axisBelow({ left, right, bottom }, xAxis, x),
    ],
  };
}

export function axisBelow({ left, right, bottom }: Omit<Frame, 'top'>, { title, ticks }: Axis, x: Scale): string[] {
  return [
    ...ticks.flatMap(({ value, label }) => [
      line({ x: x.at(value), y: bottom }, { x: x.at(value), y: bottom + 5 }, 'axis'),
      text({ x: x.at(value), y: bottom + 20 }, label, 'soft', 'middle'),
    ]),
    line({ x: left, y: bottom }, { x: right, y: bottom }, 'axis'),
    text({ x: (left + right) / 2, y: bottom + 40 }, title, 'soft', 'middle'),
  ];
}

function endsOf({ ticks }: Axis): [least: number, most: number] {
  const [first, last] = [ticks[0]?.value ?? 1, ticks.at(-1)?.value ?? 1];
  return [first, last > first ? last : first * 2];
}
