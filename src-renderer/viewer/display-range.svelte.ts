import { automaticRange, displayTable, FULL_RANGE, LEVELS, type LevelRange } from './gray-levels.ts';

/** A display range without an image: its mode, and the levels that a person set last. */
export interface DisplayRangeState extends LevelRange {
  mode: DisplayRange['mode'];
  gamma: number;
}

/**
 * The levels between which images are shown, as window and level with a gamma. Only what is seen changes: methods and readout take
 * the pixels as they are.
 */
export class DisplayRange {
  /** `auto`: each image that uses few levels is stretched; `full`: none is; `set`: the range of a person, for every image. */
  mode = $state<'auto' | 'full' | 'set'>('auto');
  gamma = $state(1);
  /** How many pixels of the image that is looked at have each level; undefined while it is on its way. */
  counts = $state.raw<Uint32Array>();
  readonly current: LevelRange = $derived.by(() => {
    if (this.mode === 'set') return this.#set;
    return this.mode === 'auto' && this.counts ? automaticRange(this.counts) : FULL_RANGE;
  });
  readonly window: number = $derived(this.current.high - this.current.low);
  readonly level: number = $derived((this.current.high + this.current.low) / 2);
  readonly changes: boolean = $derived(
    this.gamma !== 1 || this.current.low !== FULL_RANGE.low || this.current.high !== FULL_RANGE.high,
  );
  /** Id of an SVG filter with `table`, another one for each range; undefined where the pixels are shown as they are. */
  readonly filter: string | undefined = $derived(
    this.changes
      ? `display-${this.current.low}-${this.current.high}-${this.gamma}`.replaceAll('.', '_')
      : undefined,
  );
  /** What each level becomes, as SVG takes it. */
  readonly table: string = $derived(
    displayTable(this.current, this.gamma)
      .map((share) => share.toFixed(4))
      .join(' '),
  );
  #set = $state.raw<LevelRange>(FULL_RANGE);

  /** Shows a range of levels, for every image from now on. */
  set({ low, high }: LevelRange): void {
    const least = Math.min(Math.max(low, 0), LEVELS - 2);
    this.#set = { low: least, high: Math.min(Math.max(high, least + 1), LEVELS - 1) };
    this.mode = 'set';
  }

  /** What another window needs to show images over the same range. */
  get state(): DisplayRangeState {
    return { mode: this.mode, gamma: this.gamma, ...this.#set };
  }

  show({ mode, gamma, low, high }: DisplayRangeState): void {
    this.#set = { low, high };
    this.mode = mode;
    this.gamma = gamma;
  }

  setWindow(width: number): void {
    this.set({ low: this.level - width / 2, high: this.level + width / 2 });
  }

  setLevel(level: number): void {
    this.set({ low: level - this.window / 2, high: level + this.window / 2 });
  }
}
