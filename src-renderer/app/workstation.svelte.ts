import { createContext, onMount } from 'svelte';
import type { Status } from '../../src-main/common/api/schemas.ts';
import { stepped } from '../../src-main/common/maps/scale.ts';
import { Annotator } from '../annotation/annotation-store.svelte.ts';
import { bridge } from '../api/bridge.ts';
import { Drafts, type Draft } from '../annotation/drafts.ts';
import { DisplayChannel, displayHash, displaySource } from '../display/display-channel.ts';
import { displayStateOf } from '../display/display-sync.ts';
import { followDesktop } from './desktop-commands.ts';
import { Connection } from '../api/connection.svelte.ts';
import { failureOf } from '../api/failures.ts';
import { MaskWorker } from '../mask/mask-worker.ts';
import { Bitmaps } from '../image-cache/bitmap-cache.ts';
import { ImageValues } from '../image-cache/pixel-values.ts';
import { Maps } from '../image-cache/map-cache.ts';
import { Thumbnails } from '../image-cache/thumbnail-cache.svelte.ts';
import { PixelWorker } from '../image-cache/render-worker.ts';
import { Address } from '../state/navigation/router.svelte.ts';
import { Comparison } from '../state/results/method-comparison.svelte.ts';
import { Catalogue } from '../state/datasets/dataset-store.svelte.ts';
import { Disagreement } from '../state/results/disagreement-store.svelte.ts';
import { follow } from '../api/consume-stream.ts';
import { Importer } from '../state/datasets/importer.svelte.ts';
import { Masks } from '../image-cache/mask-cache.ts';
import { Methods } from '../state/methods/method-store.svelte.ts';
import { Notices } from '../state/notices.svelte.ts';
import { Results } from '../state/results/result-store.svelte.ts';
import { Reviews } from '../state/reviews/review-store.svelte.ts';
import { Runs } from '../state/runs/run-store.svelte.ts';
import { Scores } from '../state/results/class-scores.svelte.ts';
import { Selection } from '../state/images/image-selection.svelte.ts';
import { Settings } from '../state/settings/settings-store.svelte.ts';
import type { DatasetImage } from '../../src-main/common/api/datasets.ts';
import type { ShownImage } from '../state/view/active-image.svelte.ts';
import { Thresholds } from '../state/results/threshold-store.svelte.ts';
import { Verdicts } from '../state/reviews/verdict-store.svelte.ts';
import { Viewing } from '../viewer/viewer-state.svelte.ts';
import { watch } from '../reactivity/watch.svelte.ts';

/** Everything a window knows; screens are views of it. */
export class Workstation {
  readonly notices = new Notices();
  readonly viewing = new Viewing();
  readonly bitmaps = new Bitmaps();
  readonly imageValues = new ImageValues();
  readonly #pixels = new PixelWorker();
  readonly maps = new Maps(this.#pixels);
  readonly masks = new Masks(this.#pixels);
  readonly connection = new Connection(() => this.#onOpen());
  readonly thumbnails = new Thumbnails(this.connection.client.datasets);
  readonly catalogue = new Catalogue(this.connection.client, this.notices, () => this.selection.reset());
  readonly methods = new Methods(this.connection.client, this.notices);
  readonly results = new Results(this.connection.client, this.notices);
  readonly verdicts = new Verdicts(this.connection.client, this.notices);
  readonly disagreement = new Disagreement(this.connection.client, this.notices);
  readonly runs = new Runs(
    this.connection.client,
    this.notices,
    (result) => {
      this.results.note(result);
      if (this.catalogue.byId.has(result.image)) this.methods.noteResult(result.method);
    },
    () => void this.methods.open(this.catalogue.dataset?.id),
  );
  readonly settings = new Settings(this.connection.client, this.notices);
  readonly selection = new Selection(this.catalogue, {
    score: ({ id }) => this.results.get(id, this.methods.chosenId)?.max,
    verdict: ({ id }) => this.reviews.verdictOf(id)?.verdict,
    disagreement: ({ id }) => this.disagreement.byImage.get(id),
  });
  readonly address = new Address(this.catalogue, this.selection, this.methods);
  readonly thresholds = new Thresholds(this.connection.client, this.notices);
  readonly scores = new Scores(this.catalogue, this.results, this.thresholds, () => this.methods.chosenId);
  readonly comparison = new Comparison(this.connection.client, this.methods);
  readonly reviews: Reviews = new Reviews(this.connection.client, this);
  readonly importer = new Importer(this.connection.client, this.catalogue);
  readonly annotator = new Annotator({
    client: this.connection.client,
    worker: new MaskWorker(),
    author: () => this.settings.values.operator,
    dataset: () => this.catalogue.chosenId,
    drafts: new Drafts(),
  });
  status = $state.raw<Status>();
  /** Whether an inspection of the class was asked for and is not queued yet. */
  starting = $state(false);
  shortcutsShown = $state(false);
  paletteShown = $state(false);
  /** What is drawn of the image that is looked at; there while a screen shows one. */
  shown = $state.raw<ShownImage>();
  readonly #display = new DisplayChannel(displaySource());
  readonly #warned: string[] = [];

  /** Connects, and stays so. To be called in a component. */
  start(): void {
    this.address.keep();
    this.#followDataset();
    watch(
      () => displayStateOf(this),
      (state) => this.#display.publish(state),
    );
    watch(
      () => ({
        dataset: this.catalogue.chosenId,
        wanted:
          this.selection.filter.disagreement !== undefined || this.selection.order.by === 'disagreement',
        methods: this.methods.used,
      }),
      ({ dataset, wanted, methods }) => {
        // Disagreement is computed over all used methods, and only where it is asked for.
        const compared = methods.slice(0, 20).map(({ id }) => id);
        if (dataset !== undefined && wanted) void this.disagreement.load(dataset, compared);
      },
    );
    watch(
      () => (this.reviews.blind ? (image: number) => this.reviews.hides(image) : undefined),
      (hides) => (this.catalogue.hides = hides),
    );
    watch(
      () => {
        const { wanted, image } = this.selection;
        const { byId, images } = this.catalogue;
        return wanted !== undefined && images.length > 0 && !byId.has(wanted)
          ? (image?.name ?? '')
          : undefined;
      },
      (shown) => {
        if (shown === undefined) return;
        this.selection.wanted = undefined;
        this.catalogue.tellImageGone(shown);
      },
    );
    watch(
      () => this.address.session,
      (session) => void this.reviews.goTo(session),
    );
    onMount(() => {
      const flush = () => void this.thresholds.flush();
      addEventListener('pagehide', flush);
      return () => removeEventListener('pagehide', flush);
    });
    onMount(() => {
      // A browser asks before it leaves a page with unsaved changes; the desktop's window asks by itself (followDesktop).
      const hold = (event: BeforeUnloadEvent) => {
        if (!this.annotator.pending) return;
        event.preventDefault();
        void this.annotator.saveAgain();
      };
      addEventListener('beforeunload', hold);
      return () => removeEventListener('beforeunload', hold);
    });
    void this.connection.keep();
    void this.#recoverDrafts();
    if (bridge) followDesktop(bridge, this);
  }

  /** Connects as a second window, which shows what another window publishes. To be called in a component. */
  startDisplay(): void {
    this.#followDataset();
    void this.connection.keep();
  }

  /** Opens a second window that shows the image of this one. */
  openDisplay(): void {
    const source = displaySource();
    if (bridge)
      this.connection.client.system
        .openDisplay({ source })
        .catch((thrown: unknown) =>
          this.notices.problem('The second window does not open', failureOf(thrown)),
        );
    else window.open(`/${displayHash(source)}`, `perch-display-${source}`, 'popup');
  }

  /** Moves the threshold of the class that is looked at by hundredths of its scale. */
  stepThreshold(steps: number): void {
    const scores = this.selection.image && this.scores.byClass.get(this.selection.image.textureClass);
    if (scores) this.scores.setThreshold(scores.textureClass, stepped(scores.threshold, steps, scores.scale));
  }

  /** Inspects the class of the image that is looked at by the method that is chosen, that image first. */
  async inspectClass(): Promise<void> {
    const { chosenId: dataset } = this.catalogue;
    const { chosenId: method } = this.methods;
    const { image } = this.selection;
    if (dataset === undefined || method === undefined || !image || this.starting) return;
    this.starting = true;
    try {
      const { provider } = this.settings.values;
      const scope = { dataset, classes: [image.textureClass], methods: [method], provider };
      await this.runs.start({ ...scope, first: true });
      await this.runs.prefer([image.id]);
    } catch (thrown) {
      // A run that waits has it already: what is looked at comes first there.
      if (failureOf(thrown).code === 'CONFLICT')
        return await this.runs.prefer(
          this.selection
            .neighbours(50)
            .map(({ id }) => id)
            .slice(0, 100),
        );
      this.notices.problem(`${image.textureClass} is not inspected`, failureOf(thrown));
    } finally {
      this.starting = false;
    }
  }

  #followDataset(): void {
    watch(
      () => this.catalogue.dataset?.id,
      (dataset) => this.#openDataset(dataset),
    );
    watch(
      () => [this.catalogue.dataset?.id, this.methods.chosenId] as const,
      (chosen) => this.#openThresholds(...chosen),
    );
  }

  /** Everything that is told by the host, anew with every connection. */
  #onOpen(): void {
    void this.#watchStatus();
    void this.#watchChanges();
    void this.catalogue.watch();
    void this.runs.watch();
    void this.settings.load();
    void this.methods.load();
    void this.annotator.saveAgain();
    this.#openDataset(this.catalogue.dataset?.id);
  }

  /** Brings back the masks that an earlier page could not save. */
  async #recoverDrafts(): Promise<void> {
    try {
      const { restored, gone } = await this.annotator.recoverDrafts((draft) => this.#imageOf(draft));
      if (restored.length > 0)
        this.notices.tell(
          'skipped',
          'Masks were restored that had not been saved when Perch ended',
          restored.map((subject) => ({ subject, reason: '' })),
        );
      if (gone.length > 0)
        this.notices.tell(
          'problem',
          'Unsaved masks were dropped',
          gone.map((subject) => ({ subject, reason: 'The image is not in the library any more.' })),
        );
    } catch (thrown) {
      this.notices.problem('Unsaved masks of an earlier window cannot be restored', failureOf(thrown));
    }
  }

  /** The image of a draft, if it is still the one that was drawn on. */
  async #imageOf({ dataset, image }: Draft): Promise<DatasetImage | undefined> {
    const { datasets } = await this.connection.client.datasets.list();
    if (!datasets.some(({ id }) => id === dataset)) return undefined;
    const { images } = await this.connection.client.datasets.images({ dataset });
    return images.find(
      ({ id, name, thumbnail, width, height }) =>
        id === image.id &&
        name === image.name &&
        thumbnail === image.thumbnail &&
        width === image.width &&
        height === image.height,
    );
  }

  /** Told once: what a person has dismissed does not come back with every change of state. */
  #warn(warning: string): void {
    if (this.#warned.includes(warning)) return;
    this.#warned.push(warning);
    this.notices.tell('problem', warning);
  }

  /** What belongs to a dataset, loaded with it and again with every connection. */
  #openDataset(dataset: number | undefined): void {
    this.results.open(dataset);
    if (bridge && dataset !== undefined)
      void this.connection.client.system.noteDataset({ dataset }).catch(() => undefined);
    void this.verdicts.open(dataset);
    void this.methods.open(dataset);
    void this.reviews.open(dataset);
  }

  #openThresholds(dataset: number | undefined, method: number | undefined): void {
    if (dataset !== undefined && method !== undefined) void this.thresholds.load(dataset, method);
  }

  /** Loads again what was written to the store by whoever wrote it. Ends with the connection. */
  async #watchChanges(): Promise<void> {
    await follow(
      this.connection.client.system.changes(),
      ({ topics }) => {
        const dataset = this.catalogue.dataset?.id;
        if (topics.includes('settings')) void this.settings.load();
        if (topics.includes('methods')) void this.methods.open(dataset);
        if (topics.includes('thresholds')) this.#openThresholds(dataset, this.methods.chosenId);
        if (topics.includes('sessions')) {
          void this.verdicts.open(dataset);
          void this.reviews.open(dataset);
        }
      },
      (failure) => this.notices.problem('Lost the stream of changes from the server', failure),
    );
  }

  /** Ends with the line it runs over; a new one starts it anew. */
  async #watchStatus(): Promise<void> {
    await follow(
      this.connection.client.system.watch(),
      (status) => {
        this.status = status;
        for (const warning of status.warnings) this.#warn(warning);
      },
      (failure) => this.notices.problem('Lost the status stream from the server', failure),
    );
  }
}

export const [getWorkstation, setWorkstation] = createContext<Workstation>();
