import type { Estimate } from '../../api/runs.ts';
import type { AnyMethod } from '../../api/schemas.ts';
import { normalised } from '../../methods/checked.ts';
import type { StoredImage } from '../../store/images.ts';
import type { Timing } from '../../store/results.ts';
import type { Store } from '../../store/store.ts';

/** What a method is expected to need for those of the images that it has no result of. */
export function estimateOf(store: Store, images: readonly StoredImage[], definition: AnyMethod): Estimate {
  const method = store.methods.find(normalised(definition));
  const timings = method ? store.results.timings(method.id) : [];
  const done =
    method && images[0] ? resultsOf(store, images[0].dataset, method.id) : new Map<number, string>();
  const left = images.filter((image) => done.get(image.id) !== image.file.sha256);
  return {
    secondsPerImage: measuredSeconds(timings, left.length > 0 ? left : images, definition.resize),
    images: left.length,
    bytes: null,
    measured: timings.length > 0,
  };
}

function resultsOf(store: Store, dataset: number, method: number): Map<number, string> {
  return new Map(store.results.of(dataset, method).map(({ image, imageSha256 }) => [image, imageSha256]));
}

/** Mean seconds an image, by earlier results: those of images that are not resized go by their pixels. */
function measuredSeconds(
  timings: readonly Timing[],
  images: readonly StoredImage[],
  resize: number | undefined,
): number | null {
  if (timings.length === 0 || images.length === 0) return null;
  const seconds = sum(timings.map((timing) => timing.seconds));
  if (resize !== undefined) return seconds / timings.length;
  const pixels = sum(images.map(({ width, height }) => width * height)) / images.length;
  return (seconds / sum(timings.map((timing) => timing.pixels))) * pixels;
}

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
