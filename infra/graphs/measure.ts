/** How wide a text becomes. A picture is shown in whatever font the reader has, so this is the width in one of the widest, DejaVu Sans. */

const narrow = /[ijl.,:;'|!I()[\]ftr -]/;
const wide = /[mwMW@%&…]/;

/** Widths of characters in units of the font's size. */
function widthOf(character: string): number {
  if (narrow.test(character)) return 0.41;
  if (wide.test(character)) return 1;
  return /[A-Z]/.test(character) ? 0.75 : 0.64;
}

const boldIsWider = 1.1;

/** Pixels. */
export function measure(text: string, size: number, bold: boolean): number {
  const width = [...text].reduce((sum, character) => sum + widthOf(character), 0);
  return Math.ceil(width * size * (bold ? boldIsWider : 1));
}

/** Breaks a text between words into as few lines of at most `most` pixels as will do, of about the same length. A longer word has a line of its own. */
export function wrap(text: string, size: number, most: number): string[] {
  const words = text.split(' ').filter((word) => word !== '');
  const lines = fill(words, size, most);
  let even = lines;
  for (let width = most - size; width > 0 && fill(words, size, width).length === lines.length; width -= size)
    even = fill(words, size, width);
  return even;
}

function fill(words: readonly string[], size: number, most: number): string[] {
  const lines: string[] = [];
  for (const word of words) {
    const longer = lines.length === 0 ? word : `${lines.at(-1)} ${word}`;
    if (lines.length > 0 && measure(longer, size, false) <= most) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines;
}
