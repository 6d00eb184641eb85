import type { Inspection, InspectionEvent, Method, MethodChoices } from '../../src-main/api/schemas.ts';
import type { Client } from '../api/connection.svelte.ts';
import { failureOf } from '../api/failures.ts';
import type { Maps } from '../pixels/maps.ts';
import type { Library } from './library.svelte.ts';
import type { Notices } from './notices.svelte.ts';
import type { OpenImage } from './open-image.svelte.ts';
import { nextBatch, secondsLeft } from './queue.ts';

/** Images asked for at once: few, so that the image that is looked at never waits for long. */
const BATCH = 4;

/** Inspects what is open and keeps count. */
export class Inspector {
  choices = $state.raw<MethodChoices>();
  /** The method that is chosen, and the one that what is shown was inspected with. */
  method = $state.raw<Method>();
  usedMethod = $state.raw<Method>();
  /** The run in progress: images ended since it was started, and since when. */
  running = $state<{ done: number; since: number }>();
  /** How many images the run comes to, those included that were opened meanwhile. */
  readonly total: number = $derived.by(
    () => (this.running?.done ?? 0) + this.#library.images.filter(({ ended }) => !ended).length,
  );
  readonly left: number | undefined = $derived.by(() => {
    if (!this.running) return undefined;
    const { done, since } = this.running;
    return secondsLeft((Date.now() - since) / 1000, done, this.total);
  });
  readonly waiting: number = $derived.by(() => this.#library.images.filter(({ waits }) => waits).length);
  /** Whether what is shown was inspected with another method than the chosen one. */
  readonly outdated: boolean = $derived(
    this.usedMethod !== undefined && this.method !== undefined && !sameMethod(this.usedMethod, this.method),
  );

  readonly #client: Client;
  readonly #library: Library;
  readonly #maps: Maps;
  readonly #notices: Notices;
  #abort = new AbortController();

  constructor(client: Client, library: Library, maps: Maps, notices: Notices) {
    this.#client = client;
    this.#library = library;
    this.#maps = maps;
    this.#notices = notices;
  }

  async loadChoices(): Promise<void> {
    this.choices = await this.#client.methods.choices();
    this.method ??= this.choices.standard;
  }

  /** Inspects everything that waits; images inspected with another method are inspected again. */
  async inspect(): Promise<void> {
    if (!this.method || this.running) return;
    if (this.outdated) this.#forget();
    this.usedMethod = this.method;
    this.#abort = new AbortController();
    this.running = { done: 0, since: Date.now() };
    try {
      while (this.waiting > 0 && !this.#abort.signal.aborted) {
        await this.#inspectBatch(
          nextBatch(this.#library.images, this.#library.index, BATCH),
          this.usedMethod,
        );
      }
    } catch (thrown) {
      if (!this.#abort.signal.aborted) this.#notices.problem('The inspection stopped', failureOf(thrown));
    } finally {
      this.running = undefined;
    }
  }

  /** Ends the run; what is not inspected yet keeps waiting. */
  cancel(): void {
    this.#abort.abort();
  }

  /** Tries a failed image again. */
  async retry(image: OpenImage): Promise<void> {
    image.reset();
    await this.inspect();
  }

  async #inspectBatch(batch: OpenImage[], method: Method): Promise<void> {
    const { signal } = this.#abort;
    try {
      const events = await this.#client.inspections.start(
        { images: batch.map(({ image }) => image.id), method },
        { signal },
      );
      for await (const event of events) {
        if (signal.aborted) break;
        const image = batch.find((asked) => asked.image.id === event.image);
        if (image) this.#note(image, event);
      }
    } finally {
      for (const image of batch) if (!image.ended) image.reset();
    }
    if (!signal.aborted) this.#giveUpOn(batch.filter(({ waits }) => waits));
  }

  #note(image: OpenImage, event: InspectionEvent): void {
    if (event.type === 'stage') {
      image.outcome = { state: 'running', stage: event.stage, fraction: event.fraction };
      return;
    }
    if (event.type === 'failed') {
      image.outcome = { state: 'failed', error: event.error };
    } else {
      image.outcome = { state: 'inspected', inspection: event.inspection };
      void this.#count(image, event.inspection);
    }
    if (this.running) this.running.done++;
  }

  async #count(image: OpenImage, inspection: Inspection): Promise<void> {
    try {
      const histogram = await this.#maps.histogram(inspection);
      if (image.inspection === inspection) image.histogram = histogram;
    } catch (thrown) {
      this.#notices.problem('An anomaly map could not be read', failureOf(thrown));
    }
  }

  /** A host that ends a run without a word on some image must not be asked for it forever. */
  #giveUpOn(images: OpenImage[]): void {
    for (const image of images) {
      const error = { code: 'CANCELLED', message: 'The inspection ended before this image.' } as const;
      image.outcome = { state: 'failed', error };
    }
  }

  /** Results of two methods have nothing in common: scores, scale and threshold start anew. */
  #forget(): void {
    for (const image of this.#library.images) image.reset();
    for (const textureClass of this.#library.classes) textureClass.chosen = undefined;
  }
}

export function sameMethod(a: Method, b: Method): boolean {
  return (
    a.extractor === b.extractor &&
    a.statistic === b.statistic &&
    a.reference === b.reference &&
    a.patch === b.patch &&
    a.resize === b.resize
  );
}
