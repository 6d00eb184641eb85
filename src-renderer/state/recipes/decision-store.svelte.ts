import { createContext } from 'svelte';
import type { ImageDecision } from '../../../src-main/common/api/recipes.ts';
import type { Client } from '../../api/connection.svelte.ts';
import { isConnectionLost, toErrorReport } from '../../api/failures.ts';
import type { Notices } from '../notices.svelte.ts';

/** Changes within this time, in milliseconds, reload the decisions only once. */
const DELAY_MS = 1000;
const none: ReadonlyMap<number, ImageDecision> = new Map();

/** The recipes' decisions on the dataset's images. */
export class DecisionStore {
  #loaded = $state.raw<ReadonlyMap<number, ImageDecision>>(none);
  /** Whether the dataset's decisions have not arrived yet. */
  loading = $state(false);
  /** The decisions by image id, without those that a blind review hides. */
  readonly byImage: ReadonlyMap<number, ImageDecision> = $derived.by(() => {
    const isHidden = this.#isHidden();
    return isHidden ? new Map([...this.#loaded].filter(([image]) => !isHidden(image))) : this.#loaded;
  });

  readonly #client: Pick<Client, 'recipes'>;
  readonly #notices: Notices;
  readonly #isHidden: () => ((image: number) => boolean) | undefined;
  #dataset: number | undefined;
  /** Number of the latest request. */
  #requests = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** @param isHidden returns whether a blind review hides an image */
  constructor(
    client: Pick<Client, 'recipes'>,
    notices: Notices,
    isHidden: () => ((image: number) => boolean) | undefined,
  ) {
    this.#client = client;
    this.#notices = notices;
    this.#isHidden = isHidden;
  }

  /**
   * Loads a dataset's decisions. Opening the same dataset again reloads them; the old decisions remain until
   * then.
   */
  async open(dataset: number | undefined): Promise<void> {
    if (dataset !== this.#dataset) this.#loaded = none;
    this.#dataset = dataset;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const request = ++this.#requests;
    this.loading = dataset !== undefined;
    if (dataset === undefined) return;
    try {
      const { decisions } = await this.#client.recipes.decisions({ dataset });
      if (request !== this.#requests) return;
      this.#loaded = new Map(decisions.map((decision) => [decision.image, decision]));
    } catch (thrown) {
      if (request === this.#requests && !isConnectionLost(thrown))
        this.#notices.showError('Could not load the decisions', toErrorReport(thrown));
    } finally {
      if (request === this.#requests) this.loading = false;
    }
  }

  /** Reloads the decisions shortly after a result or a recipe has changed. */
  reloadSoon(): void {
    this.#timer ??= setTimeout(() => void this.open(this.#dataset), DELAY_MS);
  }

  of(image: number | undefined): ImageDecision | undefined {
    return image === undefined ? undefined : this.byImage.get(image);
  }
}

export const [getDecisions, setDecisions] = createContext<DecisionStore>();
