/**
 * The mean of the `count` smallest values, by quickselect (Hoare). Reorders `values`. Expected cost O(n).
 *
 * @param count 1 to `values.length`
 */
export function meanOfSmallest(values: Float32Array, count: number): number {
  let low = 0;
  let high = values.length - 1;
  while (low < high) {
    const pivot = values[(low + high) >> 1];
    let i = low;
    let j = high;
    while (i <= j) {
      while (values[i] < pivot) i++;
      while (values[j] > pivot) j--;
      if (i > j) break;
      const value = values[i];
      values[i++] = values[j];
      values[j--] = value;
    }
    if (count - 1 <= j) high = j;
    else if (count - 1 >= i) low = i;
    else break;
  }
  let sum = 0;
  for (let i = 0; i < count; i++) sum += values[i];
  return sum / count;
}
