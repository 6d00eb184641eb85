/**
 * Labels the 8-connected regions of a mask (connected-component labeling). Cost O(H W).
 *
 * @param mask H x W, nonzero inside
 * @returns H x W labels from 1, in the order of the first pixel of each region in row-major order; 0 outside
 */
export function labelRegions(
  mask: Uint8Array,
  width: number,
  height: number,
): { labels: Int32Array; count: number } {
  const labels = new Int32Array(mask.length);
  const pending: number[] = [];
  let count = 0;
  for (let start = 0; start < mask.length; start++) {
    if (mask[start] === 0 || labels[start] !== 0) continue;
    labels[start] = ++count;
    pending.push(start);
    for (let pixel = pending.pop(); pixel !== undefined; pixel = pending.pop()) {
      const [y, x] = [Math.floor(pixel / width), pixel % width];
      for (let ny = Math.max(0, y - 1); ny <= Math.min(height - 1, y + 1); ny++) {
        for (let nx = Math.max(0, x - 1); nx <= Math.min(width - 1, x + 1); nx++) {
          const neighbor = ny * width + nx;
          if (mask[neighbor] === 0 || labels[neighbor] !== 0) continue;
          labels[neighbor] = count;
          pending.push(neighbor);
        }
      }
    }
  }
  return { labels, count };
}
