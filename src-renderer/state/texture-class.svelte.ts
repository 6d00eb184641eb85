import type { Inspection } from '../../src-main/api/schemas.ts';
import type { Scale } from '../../src-main/maps/colours.ts';
import { scoreDigits } from '../scores/format.ts';
import { mergeHistograms, type Histogram } from '../scores/histogram.ts';
import { classScale, proposedThreshold } from '../scores/scale.ts';
import type { OpenImage } from './open-image.svelte.ts';

const HISTOGRAM_BINS = 120;

/** The open images of one texture class: what makes their scores comparable. */
export class TextureClass {
  readonly name: string;
  images = $state.raw<OpenImage[]>([]);
  /** The threshold a person has set; while undefined the proposal holds. */
  chosen = $state<number>();

  readonly inspections: Inspection[] = $derived(
    this.images.flatMap(({ inspection }) => (inspection ? [inspection] : [])),
  );
  readonly proposed: number | undefined = $derived(proposedThreshold(this.inspections));
  readonly threshold: number | undefined = $derived(this.chosen ?? this.proposed);
  /** The scale of heatmaps, histogram and slider. */
  readonly scale: Scale = $derived(classScale(this.inspections, [this.proposed, this.threshold]));
  /** Digits after the point with which scores of this class are shown. */
  readonly digits: number = $derived(scoreDigits(this.scale.high - this.scale.low));
  readonly histogram: Histogram = $derived(
    mergeHistograms(
      this.images.flatMap(({ histogram }) => (histogram ? [histogram] : [])),
      this.scale,
      HISTOGRAM_BINS,
    ),
  );
  /** How many images have a score at or above the threshold. */
  readonly above: number = $derived(
    this.inspections.filter(({ max }) => max >= (this.threshold ?? Infinity)).length,
  );

  constructor(name: string) {
    this.name = name;
  }
}
