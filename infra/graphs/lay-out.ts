/**
 * Where everything goes. The steps run down one column. To the right of each its loop, and behind the loops one lane that all
 * failures share; to the left one lane that all early ends share. So no line crosses a box, and only the lanes meet other lines:
 * where these join them.
 */
import { card, cardWidth, label, labelWidth } from './card.ts';
import { type Box, bottomOf, centreOf, type Drawing, type Line, middleOf, type Point, rightOf } from './drawing.ts';
import type { Chart, Place, Step } from './read-chart.ts';

const margin = 12;
/** Between two boxes of the column: room for an arrow. */
const gap = 28;
/** From a box to the lane beside it. */
const besideLane = 24;
/** From the column to the pauses. */
const loopWidth = 30;
const columnWidths = { least: 300, most: 340 };
const sideWidths = { least: 170, most: 190 };

/** The zones from left to right, in x. */
interface Zones {
  readonly left: { readonly x: number; readonly width: number; readonly lane: number };
  readonly column: { readonly x: number; readonly width: number; readonly centre: number };
  readonly pauses: { readonly centre: number };
  readonly right: { readonly x: number; readonly width: number; readonly lane: number };
}

/** A step's boxes. */
interface Row {
  readonly step: Step;
  readonly box: Box;
  readonly look?: Box;
  readonly pause?: Box;
}

export function layOut(chart: Chart): Drawing {
  const zones = zonesOf(chart);
  const { x, width } = zones.column;
  const heading = card(chart, { kind: 'heading', state: '', x, y: margin, width });
  const rows: Row[] = [];
  for (const step of chart.steps) rows.push(rowOf(step, zones, bottomOf(lastOf(rows.at(-1)) ?? heading) + gap));
  const y = bottomOf(lastOf(rows.at(-1)) ?? heading) + gap;
  const end = card(chart.end, { kind: 'end', state: chart.end.name, x, y, width });
  const early = stack(chart.earlyEnds, 'early end', { ...zones.left, y });
  const exit = stack(chart.failureExit, 'failure', { ...zones.right, y });
  const boxes = [
    heading,
    ...rows.flatMap(({ box, look, pause }) => [box, ...(look ? [look] : []), ...(pause ? [pause] : [])]),
    end,
    ...early,
    ...exit,
  ];
  return {
    title: chart.name,
    description: describe(chart),
    width: Math.max(...boxes.map(rightOf)) + margin,
    height: Math.max(...boxes.map(bottomOf)) + margin,
    boxes,
    lines: [...downTheColumn(heading, rows, end), ...rows.flatMap((row) => asideLines(row, early, exit, zones)), ...chain(exit)],
  };
}

function zonesOf({ steps, end, earlyEnds, failureExit, ...heading }: Chart): Zones {
  const widest = (places: readonly Place[], { least, most }: typeof sideWidths) =>
    Math.max(least, ...places.map((place) => cardWidth(place, most)));
  const sideWidth = (places: readonly Place[]) => (places.length === 0 ? 0 : widest(places, sideWidths));
  const left = { x: margin, width: sideWidth(earlyEnds), lane: margin + sideWidth(earlyEnds) + besideLane };
  const column = { x: earlyEnds.length === 0 ? margin : left.lane + besideLane, width: widest([heading, ...steps, end], columnWidths) };
  const edge = column.x + column.width;
  const pauses = Math.max(0, ...steps.map((step) => (step.pause === undefined ? 0 : labelWidth(short(step.pause, step)))));
  const width = sideWidth(failureExit);
  // The exit stands below the loops: its lane comes down behind them.
  const lane = Math.max(edge + loopWidth + pauses + besideLane, edge + besideLane + width / 2);
  return {
    left,
    column: { ...column, centre: column.x + column.width / 2 },
    pauses: { centre: edge + loopWidth + pauses / 2 },
    right: { x: lane - width / 2, width, lane },
  };
}

/** A state's name without that of its step, beside which it stands: `EnsureInstance settled?` is `settled?`. */
const short = (state: string, { name }: Step): string => state.replace(` before ${name}`, '').replace(`${name} `, '');

function rowOf(step: Step, { column, pauses }: Zones, y: number): Row {
  const box = card(step, { kind: step.cloud ? 'cloud step' : 'step', state: step.name, x: column.x, y, width: column.width });
  const below = (state: string, kind: 'look' | 'pause', centre: number) =>
    label(short(state, step), { kind, state, centre, y: bottomOf(box) });
  return {
    step,
    box,
    ...(step.look !== undefined && { look: below(step.look, 'look', column.centre) }),
    ...(step.pause !== undefined && { pause: below(step.pause, 'pause', pauses.centre) }),
  };
}

const lastOf = (row: Row | undefined): Box | undefined => row?.look ?? row?.box;

/** One box below the other. */
function stack(places: readonly Place[], kind: Box['kind'], at: { readonly x: number; readonly y: number; readonly width: number }): Box[] {
  const boxes: Box[] = [];
  for (const place of places) {
    const above = boxes.at(-1);
    boxes.push(card(place, { kind, state: place.name, x: at.x, y: above === undefined ? at.y : bottomOf(above) + gap, width: at.width }));
  }
  return boxes;
}

const line = (kind: Line['kind'], from: Box, to: Box, ...points: readonly Point[]): Line => ({
  kind,
  from: from.state,
  to: to.state,
  points,
});

const down = (from: Box, to: Box): Line => line('onwards', from, to, [centreOf(from), bottomOf(from)], [centreOf(to), to.y]);

function downTheColumn(heading: Box, rows: readonly Row[], end: Box): Line[] {
  const tops = [...rows.map(({ box }) => box), end];
  return [down(heading, tops[0]!), ...rows.map((row, i) => down(lastOf(row)!, tops[i + 1]!))];
}

const chain = (boxes: readonly Box[]): Line[] => boxes.slice(1).map((box, i) => ({ ...down(boxes[i]!, box), kind: 'failure' }));

/** How high above the middle of a step its failure leaves, and how far below it the loop comes back. */
const offMiddle = 10;

function asideLines({ step, box, look, pause }: Row, early: readonly Box[], exit: readonly Box[], { left, right }: Zones): Line[] {
  const lines: Line[] = [];
  if (look !== undefined && pause !== undefined) {
    const back = middleOf(box) + offMiddle;
    lines.push(line('again', look, pause, [rightOf(look), middleOf(look)], [pause.x, middleOf(pause)]));
    lines.push(line('again', pause, box, [centreOf(pause), pause.y], [centreOf(pause), back], [rightOf(box), back]));
  }
  if (look !== undefined)
    for (const end of early)
      lines.push(
        line(
          'early',
          look,
          end,
          [look.x, middleOf(look)],
          [left.lane, middleOf(look)],
          [left.lane, middleOf(end)],
          [rightOf(end), middleOf(end)],
        ),
      );
  const [first] = exit;
  if (step.fails && first !== undefined) {
    const y = middleOf(box) - offMiddle;
    lines.push(line('failure', box, first, [rightOf(box), y], [right.lane, y], [right.lane, first.y]));
  }
  return lines;
}

function describe({ name, comment, steps, end, earlyEnds, failureExit }: Chart): string {
  const names = (places: readonly Place[], between: string) => places.map((place) => place.name).join(between);
  const again = steps.some(({ pause }) => pause !== undefined) ? ' A step is asked again, after a pause, until it has settled.' : '';
  const early = earlyEnds.length === 0 ? '' : ` It may end early: ${names(earlyEnds, ' or ')}.`;
  const failure = failureExit.length === 0 ? '' : ` Every failure leads to ${names(failureExit, ', then ')}.`;
  return `${comment === '' ? name : comment} Its steps: ${names([...steps, end], ', ')}.${again}${early}${failure}`;
}
