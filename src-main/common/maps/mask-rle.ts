/**
 * Run-length encoding of COCO: lengths of runs down the columns, from the left, that of zeros first.
 *
 * @param mask H x W, row by row, 1 inside
 */
export function encodeRle(mask: Uint8Array, width: number, height: number): number[] {
  const counts: number[] = [];
  let [value, run] = [0, 0];
  for (let x = 0; x < width; x++) {
    for (let y = 0; y < height; y++) {
      const next = mask[y * width + x] === 0 ? 0 : 1;
      if (next !== value) {
        counts.push(run);
        [value, run] = [next, 0];
      }
      run++;
    }
  }
  counts.push(run);
  return counts;
}

/**
 * The mask of such runs, H x W, row by row.
 *
 * @throws RangeError where the runs do not make up the mask
 */
export function decodeRle(counts: readonly number[], width: number, height: number): Uint8Array {
  const mask = new Uint8Array(width * height);
  let at = 0;
  for (const [index, run] of counts.entries()) {
    if (!Number.isInteger(run) || run < 0 || at + run > mask.length)
      throw new RangeError('its runs do not fit the size of the mask');
    if (index % 2 === 1)
      for (let i = at; i < at + run; i++) mask[(i % height) * width + Math.floor(i / height)] = 1;
    at += run;
  }
  if (at !== mask.length) throw new RangeError('its runs do not make up the whole mask');
  return mask;
}

/** Printable text for runs, as the COCO API compresses them: each from the third on less the one before the last, in digits of 5 bits. */
export function compressRle(counts: readonly number[]): string {
  let text = '';
  for (const [index, count] of counts.entries()) {
    let rest = index > 2 ? count - counts[index - 2] : count;
    for (let more = true; more;) {
      let digit = rest & 0x1f;
      rest >>= 5;
      more = (digit & 0x10) !== 0 ? rest !== -1 : rest !== 0;
      if (more) digit |= 0x20;
      text += String.fromCharCode(digit + 48);
    }
  }
  return text;
}

/** @throws RangeError where the text is not such runs */
export function decompressRle(text: string): number[] {
  const counts: number[] = [];
  for (let at = 0; at < text.length;) {
    let [value, shift] = [0, 0];
    for (let more = true; more; shift += 5) {
      const digit = at < text.length ? text.charCodeAt(at++) - 48 : -1;
      if (digit < 0 || digit > 63 || shift > 30)
        throw new RangeError('its text is not compressed run lengths');
      value |= (digit & 0x1f) << shift;
      more = (digit & 0x20) !== 0;
      if (!more && (digit & 0x10) !== 0 && shift <= 25) value |= -1 << (shift + 5);
    }
    counts.push(counts.length > 2 ? value + counts[counts.length - 2] : value);
  }
  return counts;
}
