import type { Inspection, InspectionEvent, Method, MethodChoices } from '../../src-main/api/schemas.ts';
import type { Client } from '../api/connection.svelte.ts';
import { failureOf, isLost } from '../api/failures.ts';
import type { Maps } from '../pixels/maps.ts';
import type { Library } from './library.svelte.ts';
import type { Notices } from './notices.svelte.ts';
import type { OpenImage } from './open-image.svelte.ts';
import { nextWaiting, secondsLeft } from './queue.ts';

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
  #run: Promise<void> | undefined;

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

  /** Inspects everything that waits, unless that is under way; images inspected with another method are inspected anew. */
  async inspect(): Promise<void> {
    if (!this.method || this.running) return;
    this.#run = this.#inspectWaiting(this.method);
    await this.#run;
  }

  /** Inspects everything with the method that is chosen now. */
  async inspectAgain(): Promise<void> {
    this.cancel();
    await this.#run;
    await this.inspect();
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

  async #inspectWaiting(method: Method): Promise<void> {
    if (this.outdated) this.#forget();
    this.usedMethod = method;
    const { signal } = (this.#abort = new AbortController());
    this.running = { done: 0, since: Date.now() };
    try {
      for (;;) {
        const next = nextWaiting(this.#library.images, this.#library.index);
        if (!next || signal.aborted) break;
        await this.#inspectOne(next, method, signal);
      }
    } catch (thrown) {
      if (!signal.aborted && !isLost(thrown))
        this.#notices.problem('The inspection stopped', failureOf(thrown));
    } finally {
      this.running = undefined;
    }
  }

  /** One call an image: what is looked at next never waits for more than the one before it. */
  async #inspectOne(image: OpenImage, method: Method, signal: AbortSignal): Promise<void> {
    try {
      const events = await this.#client.inspections.start({ images: [image.image.id], method }, { signal });
      for await (const event of events) {
        if (signal.aborted) break;
        this.#note(image, event);
      }
    } finally {
      if (!image.ended) image.reset();
    }
    if (!image.ended && !signal.aborted) this.#giveUpOn(image);
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

  /** A host that ends a run without a word on an image must not be asked for it forever. */
  #giveUpOn(image: OpenImage): void {
    const error = { code: 'CANCELLED', message: 'The inspection ended before this image.' } as const;
    image.outcome = { state: 'failed', error };
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
