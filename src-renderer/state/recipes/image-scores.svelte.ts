import type { RecipeDefinition, ScoredImage } from '../../../src-main/common/api/recipes.ts';
import type { Client } from '../../api/connection.svelte.ts';
import { toErrorReport, isConnectionLost } from '../../api/failures.ts';

/**
 * Delay of a request after the last change, because typing a number or a run changes the request many times.
 */
const DELAY_MS = 250;

/** The images of a class to score, and the recipe's definition. */
export interface ScoreRequest {
  recipe: number;
  dataset: number;
  textureClass: string;
  draft: Partial<RecipeDefinition>;
  /** Changes with results and labels. */
  version: string;
}

/**
 * The fields of a definition that its scores depend on. Region limits count regions at the review threshold.
 */
export function scoringPart(definition: RecipeDefinition): Partial<RecipeDefinition> {
  const { method, modelSha256, region, sizeLimits, edgeMargin, mmPerPixel, regionLimits, thresholds } =
    definition;
  const limited = regionLimits.maxCount !== null || regionLimits.maxTotalArea !== null;
  return {
    method,
    modelSha256,
    region,
    sizeLimits,
    edgeMargin,
    mmPerPixel,
    ...(limited && thresholds && { regionLimits, thresholds }),
  };
}

/** A class's image scores by a draft of a recipe. */
export class ImageScores {
  images = $state.raw<readonly ScoredImage[]>([]);
  /** Ids of images that the method has not inspected. */
  missing = $state.raw<readonly number[]>([]);
  /** Whether the class has other normal images than the saved thresholds were calibrated with. */
  otherNormalImages = $state(false);
  /** Whether the scores of the last request have arrived. */
  loaded = $state(false);
  /** Progress in maps while they are scored. */
  progress = $state.raw<{ done: number; total: number }>();
  /** Why scoring failed; empty if it did not. */
  failure = $state('');

  readonly #client: Pick<Client, 'recipes'>;
  /** The class and recipe whose scores are shown. */
  #shown = '';
  #wanted: ScoreRequest | undefined;
  #loading: { definition: string; abort: AbortController } | undefined;

  constructor(client: Pick<Client, 'recipes'>) {
    this.#client = client;
  }

  /**
   * Loads scores. Scores of the same recipe and class remain until the new ones arrive.
   *
   * @returns a function that cancels the request
   */
  open(request: ScoreRequest | undefined): () => void {
    const shown = request ? `${request.recipe} ${request.dataset} ${request.textureClass}` : '';
    const delay = shown === this.#shown ? DELAY_MS : 0;
    if (shown !== this.#shown) {
      this.images = [];
      this.missing = [];
      this.otherNormalImages = false;
    }
    this.#shown = shown;
    this.#wanted = request;
    this.loaded = false;
    // New results and labels do not interrupt a request, because they may arrive faster than scores are
    // computed.
    if (this.#loading?.definition !== definitionOf(request)) this.#loading?.abort.abort();
    if (request && !this.#loading) void this.#loadWanted(delay);
    return () => {
      this.#wanted = undefined;
      // A change calls this before the next request starts.
      queueMicrotask(() => this.#wanted ?? this.#loading?.abort.abort());
    };
  }

  /** Loads until no newer request is waiting. */
  async #loadWanted(delay: number): Promise<void> {
    this.#loading = { definition: '', abort: new AbortController() };
    await new Promise((resolve) => setTimeout(resolve, delay));
    const request = this.#wanted;
    if (request) {
      const abort = new AbortController();
      this.#loading = { definition: definitionOf(request), abort };
      await this.#load(request, abort.signal);
    }
    this.#loading = undefined;
    if (this.#wanted && this.#wanted !== request) void this.#loadWanted(DELAY_MS);
  }

  async #load({ version: _, ...request }: ScoreRequest, signal: AbortSignal): Promise<void> {
    this.failure = '';
    try {
      for await (const event of await this.#client.recipes.scores(request, { signal })) {
        if (signal.aborted) return;
        if (event.type === 'progress') {
          this.progress = { done: event.done, total: event.total };
        } else {
          this.images = event.images;
          this.missing = event.missing;
          this.otherNormalImages = event.otherNormalImages;
          this.loaded = this.#wanted !== undefined;
        }
      }
    } catch (thrown) {
      if (!signal.aborted && !isConnectionLost(thrown)) this.failure = toErrorReport(thrown).message;
    } finally {
      this.progress = undefined;
    }
  }
}

/** A request without its version, as text. */
function definitionOf(request: ScoreRequest | undefined): string {
  return request ? JSON.stringify({ ...request, version: '' }) : '';
}
