/**
 * Encodes a mask as COCO run lengths: column-major, starting with a run of zeros.
 *
 * @param mask H x W, row-major, nonzero inside
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
 * Decodes COCO run lengths.
 *
 * @returns H x W, row-major, 1 inside
 * @throws RangeError if the runs do not add up to the size of the mask
 */
export function decodeRle(counts: readonly number[], width: number, height: number): Uint8Array {
  const mask = new Uint8Array(width * height);
  let start = 0;
  for (const [index, run] of counts.entries()) {
    if (!Number.isInteger(run) || run < 0 || start + run > mask.length)
      throw new RangeError('its runs do not fit the size of the mask');
    if (index % 2 === 1)
      for (let i = start; i < start + run; i++) mask[(i % height) * width + Math.floor(i / height)] = 1;
    start += run;
  }
  if (start !== mask.length) throw new RangeError('its runs do not cover the mask');
  return mask;
}

/** Compresses run lengths to the text format of the COCO API: from the fourth run, differences to the run two before, in digits of 5 bits. */
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

/** Decompresses the text format of the COCO API. @throws RangeError if the text is invalid */
export function decompressRle(text: string): number[] {
  const counts: number[] = [];
  for (let position = 0; position < text.length;) {
    let [value, shift] = [0, 0];
    for (let more = true; more; shift += 5) {
      const digit = position < text.length ? text.charCodeAt(position++) - 48 : -1;
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
