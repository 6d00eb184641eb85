import type { Surface } from './surface.ts';

/** Grows the set area by one pixel in the four directions; shrinks it if `grow` is false. */
function step(mask: Uint8Array, size: number, grow: boolean): Uint8Array {
  const to = mask.slice();
  const [from, into] = grow ? [0, 1] : [1, 0];
  for (let row = 0; row < size; row++) {
    for (let column = 0; column < size; column++) {
      const at = row * size + column;
      if (mask[at] !== from) continue;
      const met =
        (column > 0 && mask[at - 1] === into) ||
        (column < size - 1 && mask[at + 1] === into) ||
        (row > 0 && mask[at - size] === into) ||
        (row < size - 1 && mask[at + size] === into);
      if (met) to[at] = into;
    }
  }
  return to;
}

/** Sets to `to` every 4-connected component of pixels equal to `from` that has fewer than `least` pixels. */
function dropSmall(mask: Uint8Array, size: number, from: number, least: number): void {
  const seen = new Uint8Array(mask.length);
  for (let start = 0; start < mask.length; start++) {
    if (seen[start] || mask[start] !== from) continue;
    const component = [start];
    seen[start] = 1;
    for (let k = 0; k < component.length; k++) {
      const at = component[k];
      const column = at % size;
      const around = [column > 0 ? at - 1 : -1, column < size - 1 ? at + 1 : -1, at - size, at + size];
      for (const other of around) {
        if (other < 0 || other >= mask.length || seen[other] || mask[other] !== from) continue;
        seen[other] = 1;
        component.push(other);
      }
    }
    if (component.length < least) for (const at of component) mask[at] = 1 - from;
  }
}

/**
 * Ground truth of a surface at `size` pixels: the pixels where the defect's alpha is at least one half,
 * closed with a radius of two pixels, without specks and pinholes. Returns size x size bytes, 0 or 255.
 */
export function maskOf(surface: Surface, size: number): Uint8Array {
  const { side, alpha } = surface;
  const samples = side / size;
  let mask: Uint8Array = new Uint8Array(size * size);
  for (let at = 0; at < mask.length; at++) {
    const row = Math.floor(at / size) * samples;
    const column = (at % size) * samples;
    let sum = 0;
    for (let r = row; r < row + samples; r++) {
      for (let c = column; c < column + samples; c++) sum += alpha[r * side + c];
    }
    mask[at] = sum >= 0.5 * samples * samples ? 1 : 0;
  }
  for (const grow of [true, true, false, false]) mask = step(mask, size, grow);
  const least = Math.max(2, Math.round((size / 128) ** 2));
  dropSmall(mask, size, 1, least);
  dropSmall(mask, size, 0, 2 * least);
  return mask.map((set) => 255 * set);
}
