import type { ImageVerdict, Session, Verdict } from '../../../src-main/common/api/sessions.ts';
import { retryOnReconnect } from '../../api/retry.ts';
import type { Client } from '../../api/connection.svelte.ts';

/** What an operator says of an image. */
export type VerdictInput = Pick<ImageVerdict, 'verdict' | 'defectType' | 'note'>;

/** What an open session needs of the host. */
export type SessionCalls = Pick<Client['sessions'], 'setVerdict' | 'undo' | 'finish' | 'reopen'>;

/**
 * A review session that is open. What is said holds on screen at once and is kept by the host in the order it was said; where
 * the host refuses, what held before holds again.
 */
export class ReviewSession {
  session = $state.raw<Session>() as Session;
  /** The images to review, in order. */
  readonly images: readonly number[];
  readonly #indexById: ReadonlyMap<number, number>;
  #verdicts = $state.raw<ReadonlyMap<number, ImageVerdict>>(new Map());
  readonly reviewed: number = $derived.by(() => this.#verdicts.size);
  /** Words of images that have no verdict yet: nothing that was typed is lost by looking at another image. */
  readonly #drafts = new Map<number, Pick<VerdictInput, 'defectType' | 'note'>>();
  readonly #calls: SessionCalls;
  #latest: Promise<unknown> = Promise.resolve();

  constructor(
    calls: SessionCalls,
    opened: { session: Session; images: readonly number[]; verdicts: readonly ImageVerdict[] },
  ) {
    this.#calls = calls;
    this.session = opened.session;
    this.images = opened.images;
    this.#indexById = new Map(opened.images.map((image, place) => [image, place]));
    this.#verdicts = new Map(opened.verdicts.map((each) => [each.image, each]));
  }

  get ended(): boolean {
    return this.session.endedAt !== null;
  }

  has(image: number): boolean {
    return this.#indexById.has(image);
  }

  verdictOf(image: number): ImageVerdict | undefined {
    return this.#verdicts.get(image);
  }

  /** Kind and note as they stand: of the verdict, or typed before there was one. */
  detailsOf(image: number): Pick<VerdictInput, 'defectType' | 'note'> {
    return this.verdictOf(image) ?? this.#drafts.get(image) ?? { defectType: '', note: '' };
  }

  /** The first image after a place that has no verdict, and then from the start; undefined where all have one. */
  nextUnreviewed(after: number): number | undefined {
    const place = this.#indexById.get(after) ?? -1;
    const open = (image: number) => !this.#verdicts.has(image);
    return this.images.slice(place + 1).find(open) ?? this.images.slice(0, place + 1).find(open);
  }

  /** Says a verdict, with the words that stand. @throws what the host answers; then what held before holds again */
  async setVerdict(image: number, verdict: Verdict): Promise<void> {
    await this.#submit(image, { ...this.#details(image), verdict });
  }

  /** Says defect type or note: kept at once where there is a verdict, and with the verdict where there is none yet. @throws as `setVerdict` */
  async annotate(image: number, words: Partial<Pick<VerdictInput, 'defectType' | 'note'>>): Promise<void> {
    const before = this.verdictOf(image);
    const changed = { ...this.#details(image), ...words };
    if (!before) {
      this.#drafts.set(image, changed);
    } else if (changed.defectType !== before.defectType || changed.note !== before.note) {
      await this.#submit(image, { ...changed, verdict: before.verdict });
    }
  }

  /** Takes the latest change back. @returns the image it was about; null where there was none */
  async undo(): Promise<number | null> {
    return await this.#inTurn(async () => {
      const { session, image, imageVerdict } = await this.#calls.undo({ session: this.session.id });
      this.session = session;
      if (image !== null) this.#put(image, imageVerdict ?? undefined);
      return image;
    });
  }

  /** Resolves when every change has been answered, whether or not the host took it. */
  async whenSaved(): Promise<void> {
    await this.#latest.catch(() => {});
  }

  async finish(): Promise<void> {
    await this.#inTurn(
      async () =>
        (this.session = await retryOnReconnect(() => this.#calls.finish({ session: this.session.id }))),
    );
  }

  async reopen(): Promise<void> {
    await this.#inTurn(
      async () =>
        (this.session = await retryOnReconnect(() => this.#calls.reopen({ session: this.session.id }))),
    );
  }

  #details(image: number): Pick<VerdictInput, 'defectType' | 'note'> {
    const { defectType, note } = this.detailsOf(image);
    return { defectType, note };
  }

  async #submit(image: number, said: VerdictInput): Promise<void> {
    const before = this.verdictOf(image);
    const now = { image, ...said, at: new Date().toISOString() };
    this.#put(image, now);
    await this.#inTurn(async () => {
      try {
        const { session, imageVerdict } = await retryOnReconnect(() =>
          this.#calls.setVerdict({ session: this.session.id, image, ...said }),
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

  /** One call after the other, whether the one before went well or not. */
  async #inTurn<Answer>(call: () => Promise<Answer>): Promise<Answer> {
    const turn = this.#latest.then(call, call);
    this.#latest = turn.catch(() => undefined);
    return await turn;
  }
}
