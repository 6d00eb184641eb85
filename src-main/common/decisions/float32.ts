const value = new Float32Array(1);
const bits = new Int32Array(value.buffer);

/** The smallest float32 above a number. Scores are float32, so `score >= nextFloat32(limit)` means `score > limit`. */
export function nextFloat32(number: number): number {
  value[0] = number;
  if (value[0] > number) return value[0];
  if (value[0] === 0) return 2 ** -149;
  bits[0] += value[0] > 0 ? 1 : -1;
  return value[0];
}

/** A float32 in (low, high], as close to the middle as float32 allows. */
export function middleFloat32(low: number, high: number): number {
  const middle = Math.fround(low + (high - low) / 2);
  return middle > low && middle <= high ? middle : high;
}
