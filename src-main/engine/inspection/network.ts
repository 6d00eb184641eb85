import { PerchError } from '../../common/api/errors.ts';
import type { NetworkMethod } from '../../common/api/schemas.ts';
import { networkNamed } from '../../methods/extractors/added-backbones.ts';
import type { ModelRunner } from '../../methods/extractors/extractor.ts';
import { type NetworkFinding, networkMap } from '../../methods/networks/network-map.ts';
import { networkPixels } from '../../methods/networks/network-record.ts';
import type { RgbImage } from '../../methods/types.ts';
import { memoryBudget, memoryLimit } from '../../platform/memory.ts';
import type { StageTimer } from '../runtime/handler-context.ts';
import { resizeImage } from './features.ts';

/**
 * Computes an anomaly map with an imported network.
 *
 * @throws PerchError `MODEL_MISSING`, `MODEL_UNUSABLE`, `IMAGE_TOO_LARGE`
 */
export async function inspectWithNetwork(
  image: RgbImage,
  { path, method }: { path: string; method: NetworkMethod },
  runner: ModelRunner,
  timer: StageTimer,
): Promise<NetworkFinding & { modelSha256: string }> {
  const { record, file } = networkNamed(method.network);
  const { sha256 } = record;
  const found = await timer.time('statistic', () => {
    const input = resizeImage(image, method.resize);
    const bytes = networkPixels(record, input) * record.bytesPerPixel;
    if (bytes > memoryBudget()) throw tooLarge(path, input, method.network, bytes);
    return networkMap({ record, model: { file, sha256 } }, input, runner);
  });
  return { ...found, modelSha256: sha256 };
}

function tooLarge(path: string, { height, width }: RgbImage, network: string, bytes: number): PerchError {
  const gib = (amount: number) => `${(amount / 2 ** 30).toFixed(1)} GiB`;
  return new PerchError(
    'IMAGE_TOO_LARGE',
    `${path} is ${width} x ${height} pixels. The network "${network}" needs about ${gib(bytes)} of memory for it, and Perch may use ` +
      `${gib(memoryLimit())} on this machine. Resize or split the image.`,
    undefined,
    { kind: 'resize-images' },
  );
}
