import { automaticRange, displayTable, FULL_RANGE, LEVELS, type LevelRange } from './gray-levels.ts';

/** The settings of a display range, independent of an image. */
export interface DisplayRangeState extends LevelRange {
  mode: DisplayRange['mode'];
  gamma: number;
}

/**
 * The gray levels between which images are displayed (window and level) and a gamma. It changes the display only: methods
 * and the readout use the original pixels.
 */
export class DisplayRange {
  /** `auto` stretches images that use few levels, `full` stretches none, `set` applies the operator's range to all images. */
  mode = $state<'auto' | 'full' | 'set'>('auto');
  gamma = $state(1);
  /** Histogram of the active image; undefined while it loads. */
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
  /** Id of the SVG filter with `table`, unique for the range; undefined if pixels are displayed unchanged. */
  readonly filter: string | undefined = $derived(
    this.changes
      ? `display-${this.current.low}-${this.current.high}-${this.gamma}`.replaceAll('.', '_')
      : undefined,
  );
  /** The lookup table in the syntax of SVG. */
  readonly table: string = $derived(
    displayTable(this.current, this.gamma)
      .map((level) => level.toFixed(4))
      .join(' '),
  );
  #set = $state.raw<LevelRange>(FULL_RANGE);

  /** Displays all images over a range of levels. */
  set({ low, high }: LevelRange): void {
    const lowest = Math.min(Math.max(low, 0), LEVELS - 2);
    this.#set = { low: lowest, high: Math.min(Math.max(high, lowest + 1), LEVELS - 1) };
    this.mode = 'set';
  }

  /** The settings, for another window. */
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
