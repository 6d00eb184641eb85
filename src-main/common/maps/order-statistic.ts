/** Bits that each pass decides, from the highest. */
const PASSES = [11, 11, 10];

/**
 * The value at a rank of the sorted values, counted from 0. Three passes over the values; no copy of them.
 *
 * @param count number of values, at least 1
 * @param valueAt a value, rounded to float32; not NaN
 */
export function orderStatistic(count: number, valueAt: (index: number) => number, rank: number): number {
  const single = new Float32Array(1);
  const bits = new Int32Array(single.buffer);
  /** Maps float32 values to unsigned integers in the same order. */
  const keyOf = (value: number) => {
    single[0] = value;
    const pattern = bits[0];
    return (pattern < 0 ? ~pattern : pattern | 0x80000000) >>> 0;
  };
  let [prefix, shift, rest] = [0, 32, rank];
  for (const width of PASSES) {
    const fixed = shift;
    shift -= width;
    const counts = new Uint32Array(2 ** width);
    const mask = 2 ** width - 1;
    for (let i = 0; i < count; i++) {
      const key = keyOf(valueAt(i));
      if (fixed === 32 || key >>> fixed === prefix >>> fixed) counts[(key >>> shift) & mask]++;
    }
    let bucket = 0;
    while (rest >= counts[bucket]) rest -= counts[bucket++];
    prefix = (prefix | (bucket << shift)) >>> 0;
  }
  bits[0] = prefix & 0x80000000 ? prefix & 0x7fffffff : ~prefix;
  return single[0];
}
