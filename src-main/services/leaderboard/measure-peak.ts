import { createHash } from 'node:crypto';
import { canonicalJson } from '../../common/canonical-json.ts';
import { otherImages } from '../../common/api/other-images.ts';
import type { ProviderChoice } from '../../common/api/schemas.ts';
import { EngineClient } from '../../engine/client/engine-client.ts';
import type { Store } from '../../store/store.ts';
import { inspectedImages } from '../evaluation/class-samples.ts';
import { storeEvaluation } from '../evaluation/store-evaluation.ts';
import { imageSource } from '../datasets/image-source.ts';
import { DEFAULT_MAX_PIXELS } from '../inspections/max-pixels.ts';
import { prepareMethod } from '../runs/prepare-method.ts';

/**
 * The peak resident memory, in bytes, of a new engine process that inspects the largest image with a result. It is cached
 * by the inputs of that result. Null for imported maps, for methods that compare a set, and without a result.
 */
export async function measurePeak(
  store: Store,
  { dataset, method, provider }: { dataset: number; method: number; provider: ProviderChoice },
  signal: AbortSignal,
): Promise<number | null> {
  const stored = store.methods.get(method);
  if (stored.definition === null || otherImages(stored.definition) === 'set') return null;
  const inspected = inspectedImages(store, dataset, method);
  if (inspected.length === 0) return null;
  const pixels = ({ result }: (typeof inspected)[number]) => result.width * result.height;
  const { image, result } = inspected.reduce((most, each) => (pixels(each) > pixels(most) ? each : most));
  const prepared = prepareMethod(store, dataset, stored);
  const { device, versions } = result;
  const inputs = { peak: 1, ...prepared.keyOf(image), definition: prepared.definition, device, versions };
  const key = createHash('sha256').update(canonicalJson(inputs)).digest('hex');
  const known = store.evaluations.find(key);
  if (known) return JSON.parse(known.outcome) as number;

  const normal = prepared.othersOf(image);
  const engine = new EngineClient();
  try {
    await engine.request(
      'inspect',
      {
        ...imageSource(image),
        method: prepared.definition,
        ...(normal && { normal }),
        region: prepared.regionOf(image),
        maxPixels: DEFAULT_MAX_PIXELS,
        provider,
      },
      { signal },
    );
    const { bytes } = await engine.request('peakMemory', {}, { signal });
    const { textureClass } = image;
    storeEvaluation(store, { key, dataset, method, textureClass, outcome: String(bytes), curves: null });
    return bytes;
  } finally {
    await engine.close();
  }
}
