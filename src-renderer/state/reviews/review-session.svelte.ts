import type { ImageVerdict, Session, Verdict, VerdictPair } from '../../../src-main/common/api/sessions.ts';
import { retryOnReconnect } from '../../api/retry.ts';
import type { Client } from '../../api/connection.svelte.ts';

/** A verdict with its defect type and note. */
export type VerdictInput = Pick<ImageVerdict, 'verdict' | 'defectType' | 'note'>;

/** The calls that an open session makes. */
export type SessionCalls = Pick<Client['sessions'], 'setVerdict' | 'undo' | 'finish' | 'reopen'>;

/**
 * An open review session. Changes are shown immediately and saved in order. A change that the host refuses is
 * reverted.
 */
export class ReviewSession {
  session = $state.raw<Session>() as Session;
  /** Ids of the images to review, in order. */
  readonly images: readonly number[];
  readonly #indexById: ReadonlyMap<number, number>;
  #verdicts = $state.raw<ReadonlyMap<number, ImageVerdict>>(new Map());
  readonly reviewed: number = $derived.by(() => this.#verdicts.size);
  readonly #pairs: ReadonlyMap<number, VerdictPair>;
  /** Defect types and notes that were entered before a verdict. */
  readonly #drafts = new Map<number, Pick<VerdictInput, 'defectType' | 'note'>>();
  readonly #calls: SessionCalls;
  #latest: Promise<unknown> = Promise.resolve();

  constructor(
    calls: SessionCalls,
    opened: {
      session: Session;
      images: readonly number[];
      verdicts: readonly ImageVerdict[];
      pairs: readonly VerdictPair[];
    },
  ) {
    this.#calls = calls;
    this.session = opened.session;
    this.images = opened.images;
    this.#indexById = new Map(opened.images.map((image, index) => [image, index]));
    this.#verdicts = new Map(opened.verdicts.map((each) => [each.image, each]));
    this.#pairs = new Map(opened.pairs.map((pair) => [pair.image, pair]));
  }

  get ended(): boolean {
    return this.session.endedAt !== null;
  }

  has(image: number): boolean {
    return this.#indexById.has(image);
  }

  /** Whether a blind session still hides images. */
  get hidesImages(): boolean {
    return this.session.blind && this.reviewed < this.images.length;
  }

  /**
   * The name of an image that a blind session hides, derived from its position in the session; undefined for
   * a visible image.
   */
  hiddenNameOf(image: number): string | undefined {
    const index = this.#indexById.get(image);
    if (!this.session.blind || index === undefined || this.#verdicts.has(image)) return undefined;
    return `Image ${index + 1}`;
  }

  /** Both operators' verdicts on an image of an adjudication. */
  pairOf(image: number): VerdictPair | undefined {
    return this.#pairs.get(image);
  }

  verdictOf(image: number): ImageVerdict | undefined {
    return this.#verdicts.get(image);
  }

  /** The verdict's defect type and note, or those entered before there is one. */
  detailsOf(image: number): Pick<VerdictInput, 'defectType' | 'note'> {
    return this.verdictOf(image) ?? this.#drafts.get(image) ?? { defectType: '', note: '' };
  }

  /** The next image without a verdict after an image, continuing at the start; undefined if all have one. */
  nextUnreviewed(after: number): number | undefined {
    const index = this.#indexById.get(after) ?? -1;
    const open = (image: number) => !this.#verdicts.has(image);
    return this.images.slice(index + 1).find(open) ?? this.images.slice(0, index + 1).find(open);
  }

  /** Sets the verdict of an image. @throws errors of the host, after the change is reverted */
  async setVerdict(image: number, verdict: Verdict): Promise<void> {
    await this.#submit(image, { ...this.#details(image), verdict });
  }

  /** Sets defect type or note. Saved immediately if there is a verdict, otherwise with the verdict. @throws as `setVerdict` */
  async annotate(image: number, details: Partial<Pick<VerdictInput, 'defectType' | 'note'>>): Promise<void> {
    const before = this.verdictOf(image);
    const changed = { ...this.#details(image), ...details };
    if (!before) {
      this.#drafts.set(image, changed);
    } else if (changed.defectType !== before.defectType || changed.note !== before.note) {
      await this.#submit(image, { ...changed, verdict: before.verdict });
    }
  }

  /** Undoes the latest change. @returns its image; null if there was none */
  async undo(): Promise<number | null> {
    return await this.#enqueue(async () => {
      const { session, image, imageVerdict } = await this.#calls.undo({ session: this.session.id });
      this.session = session;
      if (image !== null) this.#put(image, imageVerdict ?? undefined);
      return image;
    });
  }

  /** Resolves when no change is pending. */
  async whenSaved(): Promise<void> {
    await this.#latest.catch(() => {});
  }

  async finish(): Promise<void> {
    await this.#enqueue(
      async () =>
        (this.session = await retryOnReconnect(() => this.#calls.finish({ session: this.session.id }))),
    );
  }

  async reopen(): Promise<void> {
    await this.#enqueue(
      async () =>
        (this.session = await retryOnReconnect(() => this.#calls.reopen({ session: this.session.id }))),
    );
  }

  #details(image: number): Pick<VerdictInput, 'defectType' | 'note'> {
    const { defectType, note } = this.detailsOf(image);
    return { defectType, note };
  }

  async #submit(image: number, input: VerdictInput): Promise<void> {
    const before = this.verdictOf(image);
    const now = { image, ...input, at: new Date().toISOString() };
    this.#put(image, now);
    await this.#enqueue(async () => {
      try {
        const { session, imageVerdict } = await retryOnReconnect(() =>
          this.#calls.setVerdict({ session: this.session.id, image, ...input }),
        );
        this.session = session;
        this.#drafts.delete(image);
        if (this.verdictOf(image) === now) this.#put(image, imageVerdict);
      } catch (thrown) {
        if (this.verdictOf(image) === now) this.#put(image, before);
        throw thrown;
      }
    });
  }

  #put(image: number, imageVerdict: ImageVerdict | undefined): void {
    const verdicts = new Map(this.#verdicts);
    if (imageVerdict) verdicts.set(image, imageVerdict);
    else verdicts.delete(image);
    this.#verdicts = verdicts;
  }

  /** Makes calls one after another; a failed call does not stop the next. */
  async #enqueue<Answer>(call: () => Promise<Answer>): Promise<Answer> {
    const turn = this.#latest.then(call, call);
    this.#latest = turn.catch(() => undefined);
    return await turn;
  }
}
