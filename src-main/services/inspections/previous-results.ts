/** Default output folder of `perch inspect`. */
export const RESULTS_FOLDER = 'perch-results';

/** Suffixes of the files that an inspection writes, after the stem of the image. */
export const resultEndings = {
  map: '.map.npy',
  heatmap: '.heatmap.png',
  overlay: '.overlay.png',
  mask: '.mask.png',
} as const;

/**
 * Returns those names of a folder's files that an earlier inspection wrote. Such files are never images to
 * inspect, and a predicted mask is never ground truth. `.mask.png` is a common name for ground truth as well,
 * so it counts only next to its map or heatmap.
 *
 * @param names all file names of one folder
 */
export function ownResults(names: readonly string[]): Set<string> {
  const { map, heatmap, overlay, mask } = resultEndings;
  const all = new Set(names.map((name) => name.toLowerCase()));
  return new Set(
    names.filter((name) => {
      const lower = name.toLowerCase();
      if ([map, heatmap, overlay].some((ending) => lower.endsWith(ending))) return true;
      if (!lower.endsWith(mask)) return false;
      const stem = lower.slice(0, -mask.length);
      return all.has(stem + map) || all.has(stem + heatmap);
    }),
  );
}
