/** A picture as data: boxes with text, and lines between them. In pixels, from the upper left corner. */

export type Point = readonly [x: number, y: number];

export interface Drawing {
  readonly title: string;
  readonly description: string;
  readonly width: number;
  readonly height: number;
  readonly boxes: readonly Box[];
  readonly lines: readonly Line[];
}

export type BoxKind = 'heading' | 'step' | 'cloud step' | 'look' | 'pause' | 'end' | 'early end' | 'failure';

export interface Box {
  readonly kind: BoxKind;
  /** The state that it stands for; empty for the heading. */
  readonly state: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly texts: readonly Text[];
}

/** One line of text around `x`, on the base line `y`. */
export interface Text {
  readonly text: string;
  readonly x: number;
  readonly y: number;
  readonly size: number;
  readonly bold: boolean;
}

export type LineKind = 'onwards' | 'again' | 'early' | 'failure';

export interface Line {
  readonly kind: LineKind;
  readonly from: string;
  readonly to: string;
  /** Horizontal and vertical pieces; the arrow is at the last point. */
  readonly points: readonly Point[];
}

export const centreOf = ({ x, width }: Box): number => x + width / 2;
export const middleOf = ({ y, height }: Box): number => y + height / 2;
export const rightOf = ({ x, width }: Box): number => x + width;
export const bottomOf = ({ y, height }: Box): number => y + height;
