import { reportOf } from '../../common/api/errors.ts';
import { otherImagesNeeded } from '../../methods/set-statistics/set-size.ts';
import { defaultBackend } from '../../methods/backend/default-backend.ts';
import { loadNativeBackend } from '../../methods/backend/native-backend.ts';
import { mutualPairCost } from '../../methods/cost-model/set-costs.ts';
import { secondsFor } from '../../methods/cost-model/compute-cost.ts';
import { scaleCount } from '../../methods/fallback/mutual-distances.ts';
import { extractorNamed } from '../../methods/registry.ts';
import { MutualScores, neighborhoodSides } from '../../methods/set-statistics/mutual.ts';
import { type PairBlock, planPairs } from '../../methods/set-statistics/plan-pairs.ts';
import { comparisonParameters } from '../../methods/set-statistics/registry.ts';
import type { Execution } from '../../methods/types.ts';
import type { EngineRequests } from '../protocol/messages.ts';
import type { NormalImage } from '../protocol/data-types.ts';
import { type HandlerContext, StageTimer } from '../runtime/handler-context.ts';
import { assertFiniteMap } from './anomaly-map.ts';
import { type ComparedImage, comparedImage, comparePairs, spreadScores } from './compared-image.ts';
import { FeatureFiles } from '../../methods/set-statistics/feature-files.ts';
import { insideFeatures, placeOnFile } from './region.ts';
import { isImageError, SetFeatures } from './set-features.ts';
import { planSetMemory } from './set-memory.ts';

type Request = EngineRequests['inspectSet']['request'];

/** A usable image: where its scores go, and how much it takes. */
interface Member {
  source: NormalImage;
  channels: number;
  positions: number;
}

/**
 * Computes the anomaly maps of images by comparing them with the others of a set. Extracts all features first, onto the disk. Then
 * compares pairs of images in blocks, so that memory is bounded, and sends each block's maps. Images that cannot be used are sent
 * first, with the reason, and the others are compared without them.
 *
 * @throws PerchError `INVALID_ARGUMENT` if fewer than two images are usable, `OUT_OF_MEMORY`, `DISK_FULL`, `CANCELED`
 */
export async function inspectSet(
  request: Request,
  context: HandlerContext,
): Promise<EngineRequests['inspectSet']['response']> {
  using _lock = await context.computeMutex.acquire(context.signal);
  const timer = new StageTimer(context);
  const files = new FeatureFiles(request.features);
  const model = await context.runnerFor(request.provider);
  const features = new SetFeatures(request, context, model, files);
  try {
    const members = await timer.time('extract', (execution) =>
      extractAll(request, features, context, execution),
    );
    const set = new SetComparison(request, features, context, members, model.provider);
    await timer.time('statistic', (execution) => set.compare(execution));
  } finally {
    await files.prune();
  }
  return {};
}

const identityOf = ({ path, crop }: NormalImage) => JSON.stringify([path, crop]);

/** Extracts the features of all images, and reports those that cannot be used. */
async function extractAll(
  request: Request,
  features: SetFeatures,
  context: HandlerContext,
  execution: Execution,
): Promise<Map<string, Member>> {
  const sources = new Map([...request.images, ...request.set].map((image) => [identityOf(image), image]));
  const members = new Map<string, Member>();
  let done = 0;
  const quiet: Execution = { threads: context.threads, signal: context.signal };
  for (const [identity, source] of sources) {
    execution.signal?.throwIfAborted();
    try {
      const stored = await features.get(source, quiet);
      const inside = insideFeatures(stored, stored.image, { ...request, path: source.path });
      const { positions } = comparedImage(stored.features, inside, { sides: [1], layers: 1 }, source.path);
      members.set(identity, { source, channels: stored.features.channels, positions });
    } catch (thrown) {
      if (!isImageError(thrown)) throw thrown;
      context.sendPart({ type: 'unusable', image: source, error: reportOf(thrown) });
    }
    execution.onProgress?.(++done / sources.size);
  }
  return members;
}

class SetComparison {
  readonly #request: Request;
  readonly #features: SetFeatures;
  readonly #context: HandlerContext;
  readonly #members: Member[];
  readonly #provider: EngineRequests['inspect']['response']['provider'];
  readonly #scored: number[];
  readonly #candidates: number[];
  readonly #isCandidate: ReadonlySet<number>;
  readonly #scales;
  readonly #fraction: number;

  constructor(
    request: Request,
    features: SetFeatures,
    context: HandlerContext,
    members: ReadonlyMap<string, Member>,
    provider: EngineRequests['inspect']['response']['provider'],
  ) {
    this.#request = request;
    this.#features = features;
    this.#context = context;
    this.#provider = provider;
    this.#members = [...members.values()];
    const indices = new Map([...members.keys()].map((identity, at) => [identity, at]));
    const usable = (images: readonly NormalImage[]) =>
      images.flatMap((image) => indices.get(identityOf(image)) ?? []);
    this.#scored = usable(request.images);
    this.#candidates = usable(request.set);
    this.#isCandidate = new Set(this.#candidates);
    const { neighborhoods, fraction } = comparisonParameters('mutual', request.method.parameters);
    const { layers = 1 } = extractorNamed(request.method.extractor);
    this.#scales = { sides: neighborhoodSides(neighborhoods), layers };
    this.#fraction = fraction;
  }

  async compare(execution: Execution): Promise<void> {
    if (this.#scored.length === 0) return;
    for (const image of this.#scored) otherImagesNeeded(this.#othersOf(image));
    const memory = this.#memory();
    this.#features.keepInMemory(memory.cachedBytes);
    const blocks = [...planPairs(this.#scored, this.#candidates, memory)];
    const pairs = blocks.reduce((sum, { steps }) => sum + pairsOf(steps), 0);
    this.#context.report({ stage: 'statistic', fraction: 0, estimate: this.#estimate(pairs, memory.bytes) });
    const open = new Map<number, MutualScores>();
    let compared = 0;
    for (const block of blocks) {
      const start = performance.now();
      const held = new Map<number, ComparedImage>();
      for (const at of block.scored) held.set(at, await this.#load(at));
      for (const { image, others } of block.steps) {
        execution.signal?.throwIfAborted();
        const one = held.get(image) ?? (await this.#load(image));
        const onProgress = (fraction: number) =>
          execution.onProgress?.((compared + Math.min(1, fraction) * others.length) / pairs);
        const distances = await comparePairs(
          one,
          others.map((other) => held.get(other) as ComparedImage),
          this.#scales,
          defaultBackend,
          { ...execution, onProgress },
        );
        for (const [i, { toOther, fromOther }] of distances.entries()) {
          this.#add(open, image, others[i], toOther);
          this.#add(open, others[i], image, fromOther);
        }
        compared += others.length;
        execution.onProgress?.(compared / pairs);
      }
      const seconds = (performance.now() - start) / 1000 / block.scored.length;
      for (const at of block.scored) await this.#send(at, open, seconds);
    }
  }

  #othersOf(image: number): number {
    return this.#candidates.length - (this.#isCandidate.has(image) ? 1 : 0);
  }

  /** Adds the distances of an image to another, if the image is scored. */
  #add(open: Map<number, MutualScores>, image: number, other: number, distances: Float32Array): void {
    if (!this.#isCandidate.has(other)) return;
    const scores = open.get(image) ?? this.#newScores(image);
    if (scores === undefined) return;
    open.set(image, scores);
    scores.add(distances);
  }

  readonly #sent = new Set<number>();

  #newScores(image: number): MutualScores | undefined {
    if (this.#sent.has(image) || !this.#scored.includes(image)) return undefined;
    const size = { height: 1, width: this.#members[image].positions };
    return new MutualScores(size, scaleCount(this.#scales), this.#othersOf(image), this.#fraction);
  }

  #inside(at: number, stored: Awaited<ReturnType<SetFeatures['get']>>): Uint8Array | undefined {
    return insideFeatures(stored, stored.image, { ...this.#request, path: this.#members[at].source.path });
  }

  async #load(at: number): Promise<ComparedImage> {
    const { source } = this.#members[at];
    const stored = await this.#features.get(source, this.#quiet());
    return comparedImage(stored.features, this.#inside(at, stored), this.#scales, source.path);
  }

  async #send(at: number, open: Map<number, MutualScores>, statistic: number): Promise<void> {
    const { source } = this.#members[at];
    const stored = await this.#features.get(source, this.#quiet());
    const inside = this.#inside(at, stored);
    const scores = (open.get(at) as MutualScores).map();
    open.delete(at);
    this.#sent.add(at);
    const map = assertFiniteMap(
      spreadScores(scores, inside, stored.features),
      `"${this.#request.method.set}"`,
    );
    this.#context.sendPart({
      type: 'map',
      image: source,
      answer: {
        placed: { map, ...placeOnFile(stored, stored.image, { ...this.#request, path: source.path }) },
        notes: stored.notes,
        seconds: { ...stored.seconds, statistic },
        provider: this.#provider,
        imageSha256: await this.#features.sha256Of(source),
        modelSha256: extractorNamed(this.#request.method.extractor).modelSha256 ?? null,
        chosen: { comparedImages: this.#othersOf(at) },
      },
    });
  }

  #quiet(): Execution {
    return { threads: this.#context.threads, signal: this.#context.signal };
  }

  #memory() {
    const { channels } = this.#members[0];
    const positions = Math.max(...this.#members.map((member) => member.positions));
    const views = this.#request.region ? this.#scales.sides.length : 1;
    const compared = Math.max(...this.#scored.map((at) => this.#othersOf(at)));
    return planSetMemory({
      featureBytes: 4 * channels * positions * views,
      scoreBytes:
        4 * positions * scaleCount(this.#scales) * Math.max(1, Math.floor(this.#fraction * compared)),
      scored: this.#scored.length,
      images: this.#members.length,
    });
  }

  #estimate(pairs: number, bytes: number) {
    const { channels } = this.#members[0];
    const positions = Math.max(...this.#members.map((member) => member.positions));
    const { operations } = mutualPairCost(
      { channels, height: 1, width: positions },
      this.#scales.sides.length,
    );
    const path = loadNativeBackend()?.isas[0] ?? 'fallback';
    return {
      bytes,
      seconds: secondsFor({ bytes, operations: operations * pairs }, path, this.#context.threads),
    };
  }
}

const pairsOf = (steps: PairBlock['steps']) => steps.reduce((sum, { others }) => sum + others.length, 0);
