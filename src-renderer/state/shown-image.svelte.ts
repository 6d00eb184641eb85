import type { ErrorReport } from '../../src-main/api/errors.ts';
import type { Inspection } from '../../src-main/api/schemas.ts';
import type { ColourMapName, Scale } from '../../src-main/maps/colours.ts';
import type { CoveredImage } from '../../src-main/maps/cover.ts';
import { failureOf } from '../api/failures.ts';
import type { Outline } from '../pixels/tasks.ts';
import type { OpenImage } from './open-image.svelte.ts';
import type { Workstation } from './workstation.svelte.ts';

/** How many images on either side are made ready to be switched to. */
const REACH = 2;

/** The image that is looked at, with everything drawn of it. Must be made while a component is set up. */
export class ShownImage {
  bitmap = $state.raw<ImageBitmap>();
  covered = $state.raw<CoveredImage>();
  heatmap = $state.raw<ImageBitmap>();
  outline = $state.raw<Outline>();
  /** Why the image itself cannot be shown. */
  failure = $state.raw<ErrorReport>();

  readonly #station: Workstation;
  readonly inspection: Inspection | undefined = $derived.by(() => this.#station.library.selected?.inspection);
  readonly #scores: Scale | undefined = $derived.by(() => this.inspection && this.#scaleOf(this.inspection));
  readonly #low: number | undefined = $derived(this.#scores?.low);
  readonly #high: number | undefined = $derived(this.#scores?.high);
  /** The scale that the heatmap is coloured on; another object only where its numbers are others. */
  readonly scale: Scale | undefined = $derived(
    this.#low === undefined || this.#high === undefined ? undefined : { low: this.#low, high: this.#high },
  );
  readonly threshold: number | undefined = $derived.by(() => this.#station.library.selectedClass?.threshold);
  readonly contour: Path2D | undefined = $derived(this.outline && new Path2D(this.outline.path));
  #asked: { inspection: Inspection; threshold: number } | undefined;
  #outlining = false;
  /** Whose heatmap and whose outline are shown. */
  #coloured: Inspection | undefined;
  #outlined: Inspection | undefined;

  constructor(station: Workstation) {
    this.#station = station;
    $effect(() => this.#showBitmap(this.#station.library.selected));
    $effect(() => this.#showScores(this.inspection));
    $effect(() => this.#showHeatmap(this.inspection, this.scale, this.#station.viewing.colours));
    $effect(() => this.#showOutline(this.inspection, this.threshold));
  }

  #scaleOf({ min, max }: Inspection): Scale | undefined {
    if (this.#station.viewing.scaleOf === 'class') return this.#station.library.selectedClass?.scale;
    return { low: min, high: Math.max(max, min + Number.EPSILON) };
  }

  #showBitmap(selected: OpenImage | undefined): void {
    const { bitmaps, viewing } = this.#station;
    const show = (bitmap: ImageBitmap) => {
      this.bitmap = bitmap;
      viewing.present({ width: bitmap.width, height: bitmap.height });
      void this.#preload(bitmap);
    };
    this.failure = undefined;
    this.bitmap = undefined;
    if (!selected) return;
    const kept = bitmaps.kept(selected.image.id);
    if (kept) return show(kept);
    const current = () => this.#station.library.selected === selected;
    bitmaps.load(selected.image.id).then(
      (bitmap) => current() && show(bitmap),
      (thrown) => current() && (this.failure = failureOf(thrown)),
    );
  }

  /** Makes the neighbours ready, so that switching to them is instant. */
  async #preload(shown: ImageBitmap): Promise<void> {
    const { bitmaps, library, maps, viewing } = this.#station;
    const neighbours = library.neighbours(REACH);
    await bitmaps.preload(
      shown,
      neighbours.map(({ image }) => image.id),
    );
    for (const { image, inspection } of neighbours) {
      const scale = library.classes.find(({ name }) => name === image.textureClass)?.scale;
      if (inspection && scale) await maps.heatmap(inspection, scale, viewing.colours).catch(() => undefined);
    }
  }

  #showScores(inspection: Inspection | undefined): void {
    this.covered = undefined;
    if (!inspection) return;
    this.#station.maps.covered(inspection).then(
      (covered) => this.inspection === inspection && (this.covered = covered),
      (thrown) => this.#tell(thrown),
    );
  }

  /** Until the heatmap on a new scale is there, the one on the old scale of the same image stays. */
  #showHeatmap(inspection: Inspection | undefined, scale: Scale | undefined, colours: ColourMapName): void {
    if (!inspection || !scale) {
      this.#coloured = undefined;
      this.heatmap = undefined;
      return;
    }
    const { maps } = this.#station;
    const kept = maps.keptHeatmap(inspection, scale, colours);
    if (kept || this.#coloured !== inspection) this.heatmap = kept;
    this.#coloured = inspection;
    if (kept) return;
    maps.heatmap(inspection, scale, colours).then(
      (heatmap) => {
        const wanted = this.#station.viewing.colours === colours;
        if (wanted && this.inspection === inspection && this.scale === scale) this.heatmap = heatmap;
      },
      (thrown) => this.#tell(thrown),
    );
  }

  /** While the threshold is dragged, only the latest is worth drawing: one is outlined, the last asked for comes next. */
  #showOutline(inspection: Inspection | undefined, threshold: number | undefined): void {
    if (!inspection || threshold === undefined) {
      this.#asked = undefined;
      this.outline = undefined;
      return;
    }
    if (this.#outlined !== inspection) this.outline = undefined;
    this.#asked = { inspection, threshold };
    if (!this.#outlining) void this.#outlineAsked();
  }

  async #outlineAsked(): Promise<void> {
    this.#outlining = true;
    try {
      while (this.#asked) {
        const { inspection, threshold } = this.#asked;
        this.#asked = undefined;
        const outline = await this.#station.maps.outline(inspection, threshold);
        if (this.inspection !== inspection) continue;
        this.#outlined = inspection;
        this.outline = outline;
      }
    } catch (thrown) {
      this.#tell(thrown);
    } finally {
      this.#outlining = false;
    }
  }

  #tell(thrown: unknown): void {
    this.#station.notices.problem('The anomaly map cannot be shown', failureOf(thrown));
  }
}
