/** `text` in one line of at most `most` bytes of UTF-8, so of at most as many characters. What does not fit gives way to an ellipsis. */
export function shorten(text: string, most: number): string {
  const line = text
    .toWellFormed()
    .replaceAll(/[\s\p{Cc}]+/gu, ' ')
    .trim();
  const bytes = new TextEncoder().encode(line);
  if (bytes.length <= most) return line;
  let end = most - ellipsisBytes;
  // Between two characters: within one, bytes begin with the bits 10.
  while ((bytes[end]! & 0xc0) === 0x80) end -= 1;
  return `${new TextDecoder().decode(bytes.subarray(0, end))}…`;
}

const ellipsisBytes = 3;
