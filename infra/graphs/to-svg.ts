/** A drawing as SVG text. */
import { boxColours, strokes } from './colours.ts';
import type { Box, BoxKind, Drawing, Line, LineKind, Point, Text } from './drawing.ts';

const fonts = 'ui-sans-serif, -apple-system, Segoe UI, Helvetica, Arial, sans-serif';

export function toSvg({ title, description, width, height, boxes, lines }: Drawing): string {
  const used = [...new Set(lines.map(({ kind }) => kind))];
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" aria-labelledby="title description" font-family="${fonts}" text-anchor="middle">`,
    `<title id="title">${escaped(title)}</title>`,
    `<desc id="description">${escaped(description)}</desc>`,
    `<defs>`,
    ...used.map(arrow),
    `</defs>`,
    ...lines.map(path),
    ...boxes.map(rectangle),
    `</svg>`,
    ``,
  ].join('\n');
}

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

const arrow = (kind: LineKind): string =>
  `<marker id="${kind}" viewBox="0 0 8 8" refX="7.5" refY="4" markerWidth="8" markerHeight="8" markerUnits="userSpaceOnUse" orient="auto"><path d="M0 0.5 8 4 0 7.5Z" fill="${strokes[kind].colour}"/></marker>`;

const path = ({ kind, points }: Line): string =>
  `<path d="${rounded(points)}" fill="none" stroke="${strokes[kind].colour}" stroke-width="${strokes[kind].width}" marker-end="url(#${kind})"/>`;

const radius = 8;

/** The way along the points, with round corners. */
function rounded(points: readonly Point[]): string {
  const corners = points.slice(1, -1).map((corner, i) => {
    const [before, after] = [towards(corner, points[i]!), towards(corner, points[i + 2]!)];
    return `L${before.join(' ')}Q${corner.join(' ')} ${after.join(' ')}`;
  });
  return `M${points[0]!.join(' ')}${corners.join('')}L${points.at(-1)!.join(' ')}`;
}

/** The point on the way to another where the corner begins; half-way at most. */
function towards([x, y]: Point, [toX, toY]: Point): Point {
  const step = Math.min(radius, Math.abs(toX - x + toY - y) / 2);
  return [x + Math.sign(toX - x) * step, y + Math.sign(toY - y) * step];
}

const corners: Readonly<Record<BoxKind, number>> = {
  heading: 8,
  step: 8,
  'cloud step': 8,
  look: 4,
  pause: 12,
  end: 18,
  'early end': 18,
  failure: 8,
};

function rectangle({ kind, state, x, y, width, height, texts }: Box): string {
  const { fill, stroke, text } = boxColours[kind];
  const title = state === '' ? '' : `<title>${escaped(state)}</title>`;
  const shape = `<rect x="${x}" y="${y}" width="${width}" height="${height}" rx="${corners[kind]}" fill="${fill}" stroke="${stroke}" stroke-width="1.5"/>`;
  return `<g fill="${text}">${title}${shape}${texts.map(written).join('')}</g>`;
}

const written = ({ text, x, y, size, bold }: Text): string =>
  `<text x="${x}" y="${y}" font-size="${size}"${bold ? ' font-weight="600"' : ''}>${escaped(text)}</text>`;
