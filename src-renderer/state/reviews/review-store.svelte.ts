import { createContext } from 'svelte';
import type { ImageVerdict, Session, Verdict } from '../../../src-main/common/api/sessions.ts';
import type { Client } from '../../api/connection.svelte.ts';
import { toErrorReport, isConnectionLost } from '../../api/failures.ts';
import type { Router } from '../navigation/router.svelte.ts';
import { screenList, type ScreenInfo } from '../navigation/screens.ts';
import type { Blinding, DatasetStore } from '../datasets/dataset-store.svelte.ts';
import type { Notices } from '../notices.svelte.ts';
import { ReviewSession } from './review-session.svelte.ts';
import type { ImageSelection } from '../images/image-selection.svelte.ts';
import type { SettingsStore } from '../settings/settings-store.svelte.ts';
import type { VerdictStore } from './verdict-store.svelte.ts';

export type NewSession = Omit<Parameters<Client['sessions']['create']>[0], 'dataset' | 'operator'>;

/** The open dialog of review sessions. */
export type ReviewDialog = { kind: 'start' } | { kind: 'summary'; session: number };

/** The review sessions of the dataset, and the open one. */
export class ReviewStore {
  /** Newest first. */
  sessions = $state.raw<readonly Session[]>([]);
  current = $state.raw<ReviewSession>();
  dialog = $state.raw<ReviewDialog>();
  /** Defect types of the dataset's verdicts and folders, sorted by name so that none moves. */
  readonly defectTypes: readonly string[] = $derived.by(() => this.#knownDefectTypes());
  /**
   * What the open session hides: everything until the address's session has loaded, so that nothing appears
   * briefly.
   */
  readonly blinding: Blinding | undefined = $derived.by(() => {
    const { current } = this;
    const { session } = this.#router;
    if (session !== undefined && current?.session.id !== session)
      return { nameOf: () => '…', heatmaps: true };
    if (!current?.session.blind) return undefined;
    return { nameOf: (image) => current.hiddenNameOf(image), heatmaps: current.session.heatmapHidden };
  });
  /** Whether screens with names, scores or ground truth of all images are hidden. */
  readonly hidesScreens: boolean = $derived.by(
    () => this.blinding !== undefined && this.current?.hidesImages !== false,
  );

  readonly #client: Client;
  readonly #datasets: DatasetStore;
  readonly #selection: ImageSelection;
  readonly #verdicts: VerdictStore;
  readonly #router: Router;
  readonly #notices: Notices;
  readonly #settings: SettingsStore;
  #dataset: number | undefined;

  constructor(
    client: Client,
    deps: {
      datasets: DatasetStore;
      selection: ImageSelection;
      verdicts: VerdictStore;
      router: Router;
      notices: Notices;
      settings: SettingsStore;
    },
  ) {
    this.#client = client;
    this.#datasets = deps.datasets;
    this.#selection = deps.selection;
    this.#verdicts = deps.verdicts;
    this.#router = deps.router;
    this.#notices = deps.notices;
    this.#settings = deps.settings;
  }

  openDialog(dialog: ReviewDialog | undefined): void {
    this.dialog = dialog;
  }

  /** Whether a screen is hidden, because it would show what a blind session hides. */
  hidesScreen(path: string): boolean {
    const screen: ScreenInfo | undefined = screenList.find((each) => each.path === path);
    return this.hidesScreens && screen?.hiddenInBlindReview === true;
  }

  /** Whether a blind session hides an image, because its verdict is pending. */
  isHidden(image: number): boolean {
    return this.blinding?.nameOf(image) !== undefined;
  }

  /** An image's displayed verdict: the open session's, or the latest of any session. */
  verdictOf(image: number): ImageVerdict | undefined {
    return this.current?.has(image) ? this.current.verdictOf(image) : this.#verdicts.byImage.get(image);
  }

  /** Loads the sessions of a dataset. */
  async open(dataset: number | undefined): Promise<void> {
    if (dataset !== this.#dataset) this.sessions = [];
    this.#dataset = dataset;
    // The dataset may load after the address's session.
    if (dataset === undefined) return;
    const { current } = this;
    if (current && current.session.dataset !== dataset) this.close();
    await this.#try('Could not load sessions', async () => {
      const { sessions } = await this.#client.sessions.list({ dataset });
      this.sessions = sessions.toSorted((a, b) => b.id - a.id);
      // The session may have been finished, reopened or removed elsewhere.
      if (!current || this.current !== current || current.session.dataset !== dataset) return;
      const known = sessions.find(({ id }) => id === current.session.id);
      if (known) current.session = known;
      else this.close();
    });
  }

  /** Opens the address's session, or closes the open one. */
  async openRequested(id: number | undefined): Promise<void> {
    if (id === undefined) this.close();
    else if (this.current?.session.id !== id) await this.#open(id);
  }

  /**
   * Creates a session for each operator, and opens the first operator's session.
   *
   * @param overlap the share of the images that all operators review
   * @throws errors from the call
   */
  async start(request: NewSession, operators: readonly string[], overlap = 1): Promise<void> {
    const dataset = this.#datasets.selectedId;
    if (dataset === undefined) return;
    const calls = this.#client.sessions;
    const created =
      operators.length === 1
        ? [await calls.create({ ...request, dataset, operator: operators[0] })]
        : (await calls.createGroup({ ...request, dataset, operators: [...operators], overlap })).sessions;
    await this.#enter(created);
  }

  /** Creates the adjudication of two sessions and opens it. @throws errors from the call */
  async adjudicate(request: { first: number; second: number; operator: string }): Promise<void> {
    await this.#enter([await this.#client.sessions.adjudicate(request)]);
  }

  async #enter(created: readonly Session[]): Promise<void> {
    this.sessions = [...created.toReversed(), ...this.sessions];
    this.#router.screen = 'inspect';
    await this.resume(created[0].id);
  }

  /** Opens a session at its first image without a verdict. */
  async resume(id: number): Promise<void> {
    this.#selection.requestedId = undefined;
    await this.#open(id);
  }

  /** Opens a session at the requested image or, if that has a verdict, at the first image without one. */
  async #open(id: number): Promise<void> {
    await this.#try('Could not open the session', async () => {
      const opened = await this.#client.sessions.get({ session: id }).catch((thrown: unknown) => {
        if (!isConnectionLost(thrown)) this.#router.session = undefined;
        throw thrown;
      });
      this.current = new ReviewSession(this.#client.sessions, opened);
      this.#router.session = id;
      this.#selection.reviewImages = opened.images;
      const { requestedId } = this.#selection;
      const open =
        requestedId !== undefined && this.current.has(requestedId) && !this.current.verdictOf(requestedId);
      if (!open) this.#openImage(this.current.nextUnreviewed(-1) ?? opened.images[0]);
    });
  }

  /** Closes the session; its verdicts are saved. */
  close(): void {
    this.current = undefined;
    this.#router.session = undefined;
    this.#selection.reviewImages = undefined;
  }

  /** Sets the verdict of the open image. */
  async setVerdict(verdict: Verdict): Promise<void> {
    const { current } = this;
    const { image } = this.#selection;
    if (!current) return this.openDialog({ kind: 'start' });
    if (!image || !this.#canReview(current, image.id)) return;
    const first = current.verdictOf(image.id) === undefined;
    const isComplete = () => current.reviewed === current.images.length;
    const saved = current.setVerdict(image.id, verdict);
    // Only this verdict opens the summary, even if earlier ones are saved after it was given.
    const isLast = first && isComplete();
    this.#showVerdict(current, image.id);
    if (this.#settings.values.autoAdvance) this.#openImage(current.nextUnreviewed(image.id));
    await this.#awaitSave(
      `Could not save the verdict on ${image.name}. Try again.`,
      current,
      image.id,
      saved,
    );
    // The host computes the summary, so the verdict must be saved first.
    if (isLast && isComplete()) this.openDialog({ kind: 'summary', session: current.session.id });
  }

  /** Sets the defect type or the note of an image. */
  async annotate(image: number, details: { defectType?: string; note?: string }): Promise<void> {
    const { current } = this;
    if (!current || !this.#canReview(current, image)) return;
    const saved = current.annotate(image, details);
    this.#showVerdict(current, image);
    const name = this.#datasets.byId.get(image)?.name ?? 'the image';
    await this.#awaitSave(
      `Could not save the defect type or note of ${name}. Try again.`,
      current,
      image,
      saved,
    );
  }

  /** Undoes the latest change and opens its image. */
  async undo(): Promise<void> {
    const { current } = this;
    if (!current) return;
    await this.#try('Could not undo', async () => {
      const image = await current.undo();
      this.#update(current.session);
      if (image === null) return;
      this.#openImage(image);
      await this.#verdicts.open(current.session.dataset);
    });
  }

  async finish(): Promise<void> {
    const { current } = this;
    if (!current) return;
    await this.#try('Could not finish the session', async () => {
      await current.finish();
      this.#update(current.session);
    });
  }

  async reopen(): Promise<void> {
    const { current } = this;
    if (!current) return;
    await this.#try('Could not reopen the session', async () => {
      await current.reopen();
      this.#update(current.session);
    });
  }

  async remove(id: number): Promise<void> {
    await this.#try('Could not remove the session', async () => {
      await this.#client.sessions.remove({ session: id });
      if (this.current?.session.id === id) this.close();
      this.sessions = this.sessions.filter((session) => session.id !== id);
      await this.#verdicts.open(this.#datasets.selectedId);
    });
  }

  #canReview(current: ReviewSession, image: number): boolean {
    if (current.ended) {
      const title = 'The session is finished';
      const reason = 'Reopen it from the session menu to change verdicts.';
      this.#notices.show('error', title, [{ subject: '', reason }]);
      return false;
    }
    if (current.has(image)) return true;
    const reason = 'Select an image of the session, or leave the session and start another one.';
    this.#notices.show('error', 'This image is not part of the session', [{ subject: '', reason }]);
    return false;
  }

  /** Shows a verdict on every screen, before it is saved. */
  #showVerdict(current: ReviewSession, image: number): void {
    const imageVerdict = current.verdictOf(image);
    const { id, name, operator } = current.session;
    if (imageVerdict) this.#verdicts.upsert({ ...imageVerdict, session: id, sessionName: name, operator });
  }

  async #awaitSave(
    title: string,
    current: ReviewSession,
    image: number,
    saved: Promise<void>,
  ): Promise<void> {
    try {
      await saved;
      this.#showVerdict(current, image);
      this.#update(current.session);
    } catch (thrown) {
      this.#notices.showError(title, toErrorReport(thrown));
      this.#openImage(image);
      await this.#verdicts.open(current.session.dataset);
    }
  }

  #update(session: Session): void {
    this.sessions = this.sessions.map((known) => (known.id === session.id ? session : known));
  }

  #openImage(image: number | undefined): void {
    const found = image === undefined ? undefined : this.#datasets.byId.get(image);
    if (found) this.#selection.open(found);
    else if (image !== undefined) this.#selection.requestedId = image;
  }

  #knownDefectTypes(): readonly string[] {
    const ofVerdicts = [...this.#verdicts.byImage.values()]
      .map(({ defectType }) => defectType)
      .filter((defectType) => defectType !== '');
    return [...new Set([...this.#datasets.defectTypes, ...ofVerdicts])].sort((a, b) => a.localeCompare(b));
  }

  async #try(title: string, work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (thrown) {
      if (!isConnectionLost(thrown)) this.#notices.showError(title, toErrorReport(thrown));
    }
  }
}

export const [getReviews, setReviews] = createContext<ReviewStore>();
