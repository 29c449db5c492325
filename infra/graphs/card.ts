/** A box around a name and what it means. */
import type { Box, BoxKind, Text } from './drawing.ts';
import { measure, wrap } from './measure.ts';
import type { Place } from './read-chart.ts';

const nameSize = 14;
const commentSize = 12;
const tagSize = 10;
const lineHeight = 16;
const padding = { x: 16, y: 10 };

interface Layout {
  readonly kind: BoxKind;
  readonly state: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
}

/** What a card says beside its name: who carries the step out, if that is not the function of all other steps. */
const tag = { text: 'cloud', width: measure('cloud', tagSize, false) };

/** The width that a name needs, with a tag on its left and as much room on its right, and its comment in lines of at most `most` pixels. */
export function cardWidth({ name, comment }: Place, most: number): number {
  const lines = wrap(comment, commentSize, most - 2 * padding.x).map((line) => measure(line, commentSize, false));
  return 2 * padding.x + Math.max(measure(name, nameSize, true) + 2 * (tag.width + padding.x), ...lines);
}

/** Name above, comment below, as high as they need. */
export function card({ name, comment }: Place, { kind, state, x, y, width }: Layout): Box {
  const lines = wrap(comment, commentSize, width - 2 * padding.x);
  const centre = x + width / 2;
  const texts: Text[] = [
    { text: name, x: centre, y: y + padding.y + 13, size: nameSize, bold: true },
    ...(kind === 'cloud step'
      ? [{ text: tag.text, x: x + padding.x + tag.width / 2, y: y + padding.y + 12, size: tagSize, bold: false }]
      : []),
    ...lines.map((text, i) => ({ text, x: centre, y: y + padding.y + 13 + (i + 1) * lineHeight + 1, size: commentSize, bold: false })),
  ];
  return { kind, state, x, y, width, height: 2 * padding.y + lineHeight + lines.length * lineHeight + (lines.length > 0 ? 2 : 0), texts };
}

const labelSize = 11;
const labelPadding = 14;
const labelHeight = 24;

export const labelWidth = (text: string): number => measure(text, labelSize, false) + 2 * labelPadding;

/** A small box with one word or two, around `centre`. */
export function label(
  text: string,
  { kind, state, centre, y }: { readonly kind: BoxKind; readonly state: string; readonly centre: number; readonly y: number },
): Box {
  const width = labelWidth(text);
  const texts = [{ text, x: centre, y: y + labelHeight / 2 + 4, size: labelSize, bold: false }];
  return { kind, state, x: centre - width / 2, y, width, height: labelHeight, texts };
}
