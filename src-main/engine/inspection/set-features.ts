import { LRUCache } from 'lru-cache';
import { type ErrorCode, PerchError } from '../../common/api/errors.ts';
import type { Provider } from '../../common/api/schemas.ts';
import { splitPage } from '../../files/paged-path.ts';
import type { ModelRunner } from '../../methods/extractors/extractor.ts';
import { extractorNamed } from '../../methods/registry.ts';
import type { Execution } from '../../methods/types.ts';
import type { EngineRequests } from '../protocol/messages.ts';
import type { NormalImage } from '../protocol/data-types.ts';
import { contentSha256 } from '../readers/pixel-files/file-identity.ts';
import type { HandlerContext } from '../runtime/handler-context.ts';
import type { FeatureFiles } from '../../methods/set-statistics/feature-files.ts';
import { type StoredFeatures } from '../../methods/set-statistics/feature-files.ts';
import { assertExtractable, resizeImage } from './features.ts';
import { imageChanged } from './image-cache.ts';
import { assertRegionFits } from './region.ts';

type Request = EngineRequests['inspectSet']['request'];

/** Failures of the request, which no other image would survive. All other errors make one image unusable. */
const FATAL: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'CANCELED',
  'DISK_FULL',
  'NOT_WRITABLE',
  'MODEL_MISSING',
  'MODEL_UNUSABLE',
  'UNKNOWN_NAME',
]);

/** Whether an error belongs to a single image. */
export const isImageError = (thrown: unknown): thrown is PerchError =>
  thrown instanceof PerchError && !FATAL.has(thrown.code);

/** The features of a set's images: extracted once, kept on disk, and some of them in memory. */
export class SetFeatures {
  readonly #request: Request;
  readonly #context: HandlerContext;
  readonly #model: { runner: ModelRunner; provider: Provider };
  readonly #files: FeatureFiles;
  readonly #keys = new Map<NormalImage, { key: string; sha256: string }>();
  #memory: LRUCache<string, StoredFeatures> | undefined;

  constructor(
    request: Request,
    context: HandlerContext,
    model: { runner: ModelRunner; provider: Provider },
    files: FeatureFiles,
  ) {
    this.#request = request;
    this.#context = context;
    this.#model = model;
    this.#files = files;
  }

  /** Keeps features of this many bytes in memory. */
  keepInMemory(bytes: number): void {
    this.#memory = new LRUCache({
      maxSize: Math.max(1, Math.floor(bytes)),
      sizeCalculation: ({ features }) => Math.max(1, features.values.byteLength),
    });
  }

  /** SHA-256 of an image's file. */
  async sha256Of(image: NormalImage): Promise<string> {
    return (await this.#identify(image)).sha256;
  }

  /** Reads an image's features, or extracts them if they are not on disk. @throws PerchError */
  async get(image: NormalImage, execution: Execution): Promise<StoredFeatures> {
    const { key } = await this.#identify(image);
    const kept = this.#memory?.get(key) ?? (await this.#files.read(key));
    const stored = kept ?? (await this.#extract(image, execution));
    if (!kept) await this.#files.write(key, stored);
    this.#memory?.set(key, stored);
    return stored;
  }

  async #identify(image: NormalImage): Promise<{ key: string; sha256: string }> {
    const known = this.#keys.get(image);
    if (known) return known;
    const { path, crop, bitDepth } = image;
    const sha256 = await contentSha256(path);
    if (image.sha256 !== undefined && image.sha256 !== sha256) throw imageChanged(path);
    const { extractor, resize } = this.#request.method;
    const { modelSha256 } = extractorNamed(extractor);
    const page = splitPage(path).page;
    const inputs = [sha256, page, crop, bitDepth, extractor, modelSha256, resize, this.#model.provider];
    const identity = { key: this.#files.keyOf(inputs), sha256 };
    this.#keys.set(image, identity);
    return identity;
  }

  async #extract(image: NormalImage, execution: Execution): Promise<StoredFeatures> {
    const { method, region, maxPixels, keepPixels } = this.#request;
    const { value: file, seconds: decode } = await this.#context.imageCache.decode({
      ...image,
      maxPixels,
      keepPixels,
    });
    assertRegionFits({ path: image.path, region, method }, file);
    const input = resizeImage(file, method.resize);
    const extractor = extractorNamed(method.extractor);
    assertExtractable(image.path, input, extractor);
    const start = performance.now();
    const extraction = await extractor.extract(input, this.#model.runner, execution);
    return {
      ...extraction,
      image: { height: file.height, width: file.width },
      notes: file.notes,
      seconds: { decode, extract: (performance.now() - start) / 1000 },
    };
  }
}
