import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type Box, bottomOf, centreOf, type Drawing, type Line, type Point, rightOf } from '../../infra/graphs/drawing.ts';
import { layOut } from '../../infra/graphs/lay-out.ts';
import { measure } from '../../infra/graphs/measure.ts';
import { readChart, transitionsOf } from '../../infra/graphs/read-chart.ts';
import type { Workflow } from '../../shared/kinds/workflow.ts';
import { sequences } from './sequences.ts';

const drawingOf = ({ name, definition }: Workflow): Drawing => layOut(readChart(name, definition));

/** Holds for the drawing of every workflow that `sequence` can make. */
const always = (law: (drawing: Drawing, workflow: Workflow) => void) =>
  fc.assert(
    fc.property(sequences, (workflow) => law(drawingOf(workflow), workflow)),
    { numRuns: 50 },
  );

interface Area {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}
const areaOf = (box: Box): Area => ({ left: box.x, right: rightOf(box), top: box.y, bottom: bottomOf(box) });
/** They share more than a border. */
const overlap = (a: Area, b: Area): boolean => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;

/** The pieces of a line. They have no width, which is why they are given a little. */
const piecesOf = ({ points }: Line): Area[] =>
  points.slice(1).map(([x, y], i) => {
    const [fromX, fromY] = points[i]!;
    const [left, right, top, bottom] = [Math.min(x, fromX), Math.max(x, fromX), Math.min(y, fromY), Math.max(y, fromY)];
    return left === right ? { left: left - 0.1, right: right + 0.1, top, bottom } : { left, right, top: top - 0.1, bottom: bottom + 0.1 };
  });

const isOnBorder = ([x, y]: Point, { left, right, top, bottom }: Area): boolean =>
  x >= left && x <= right && y >= top && y <= bottom && (x === left || x === right || y === top || y === bottom);

describe('a drawing', () => {
  it('shows each state once', () => {
    always(({ boxes }, { definition }) => {
      expect(boxes.map(({ state }) => state).sort()).toEqual(['', ...Object.keys(definition.States)].sort());
    });
  });

  it('shows each transition once: as a line, or by a look that hangs on its step', () => {
    always(({ boxes, lines }, { name, definition }) => {
      const hanging = boxes.flatMap((box, i): [string, string][] => (box.kind === 'look' ? [[boxes[i - 1]!.state, box.state]] : []));
      const drawn = [...lines.map(({ from, to }) => [from, to]), ...hanging];
      const told = [['', definition.StartAt], ...transitionsOf(readChart(name, definition))];
      expect(drawn.map(String).sort()).toEqual(told.map(String).sort());
    });
  });

  it('lets each look hang on its step', () => {
    always(({ boxes }) => {
      for (const [i, box] of boxes.entries()) if (box.kind === 'look') expect(box.y).toBe(bottomOf(boxes[i - 1]!));
    });
  });

  it('has all steps and the end below each other, in the order of the definition', () => {
    always(({ boxes }, { definition }) => {
      const column = boxes.filter(({ kind }) => ['heading', 'step', 'cloud step', 'look', 'end'].includes(kind));
      expect(new Set(column.map(centreOf)).size).toBe(1);
      const written = Object.keys(definition.States);
      const order = column.slice(1).map(({ state }) => written.indexOf(state));
      expect(order).toEqual(order.toSorted((a, b) => a - b));
      for (const [i, box] of column.slice(1).entries()) expect(box.y).toBeGreaterThanOrEqual(bottomOf(column[i]!));
    });
  });

  it('has no box on another, and all on the page', () => {
    always(({ boxes, width, height }) => {
      for (const [i, box] of boxes.entries()) {
        expect(overlap(areaOf(box), { left: 0, right: width, top: 0, bottom: height })).toBe(true);
        expect([box.x >= 0, box.y >= 0, rightOf(box) <= width, bottomOf(box) <= height]).toEqual([true, true, true, true]);
        for (const other of boxes.slice(i + 1)) expect(overlap(areaOf(box), areaOf(other))).toBe(false);
      }
    });
  });

  it('has lines that go straight from box to box, across no box', () => {
    always(({ boxes, lines }) => {
      for (const line of lines) {
        const at = (state: string) => areaOf(boxes.find((box) => box.state === state)!);
        expect(isOnBorder(line.points[0]!, at(line.from))).toBe(true);
        expect(isOnBorder(line.points.at(-1)!, at(line.to))).toBe(true);
        for (const [i, [x, y]] of line.points.slice(1).entries())
          expect([line.points[i]![0], line.points[i]![1]].some((v, axis) => v === [x, y][axis])).toBe(true);
        for (const piece of piecesOf(line))
          expect(boxes.filter((box) => overlap(areaOf(box), piece)).map(({ state }) => state)).toEqual([]);
      }
    });
  });

  it('has lines that cross no line of another kind', () => {
    always(({ lines }) => {
      const pieces = lines.flatMap((line) => piecesOf(line).map((piece) => ({ kind: line.kind, piece })));
      for (const { kind, piece } of pieces)
        expect(pieces.filter((other) => other.kind !== kind && overlap(piece, other.piece))).toEqual([]);
    });
  });

  it('has texts within their boxes, one below the other', () => {
    always(({ boxes }) => {
      for (const box of boxes) {
        for (const { text, x, y, size, bold } of box.texts) {
          const half = measure(text, size, bold) / 2;
          expect([x - half > box.x, x + half < rightOf(box), y - size > box.y, y < bottomOf(box)]).toEqual([true, true, true, true]);
        }
      }
    });
  });
});

describe('a measured text', () => {
  // Widths in DejaVu Sans, one of the widest fonts that a reader may have.
  it.each([
    ['PreTerminateHooks', 14, true, 154.3],
    ['EnsureInstance', 14, true, 121.6],
    ['AwaitNode', 14, true, 85.6],
    ['MMMMWWWW', 14, true, 117.5],
    ['Waits for the Node and makes it ours: providerID, labels, taints', 12, false, 378],
    ['Takes a master out of etcd, so that the others keep their quorum', 12, false, 389.2],
    ['illicit fjord (tilt)', 12, false, 88.3],
    ['0123456789', 12, false, 76.3],
    ['mmmm wwww', 12, false, 89.8],
    ['settled?', 11, false, 43.8],
  ])('%s of %d pixels (bold: %s) has room for %d', (text, size, bold, width) => {
    expect(measure(text, size, bold)).toBeGreaterThanOrEqual(width);
    expect(measure(text, size, bold)).toBeLessThan(1.25 * width);
  });
});
