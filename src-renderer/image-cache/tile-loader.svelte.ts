import { isTile, levelCount, TILE_SIDE, type TileAddress } from '../../src-main/common/tiles.ts';
import type { ErrorReport } from '../../src-main/common/api/errors.ts';
import { isConnectionLost, toErrorReport } from '../api/failures.ts';
import { tilesOver, type TileSource } from '../viewer/tiles.ts';
import type { Point, Size } from '../viewer/viewport.ts';
import type { ByteCache } from './byte-cache.ts';

/** Concurrent loads. A browser opens six connections per host, and calls and thumbnails need some. */
const MAX_LOADS = 4;
/** Pause before a level is requested again that the host has not made yet. */
const RETRY_MS = 500;
/** Pause before a tile that failed is requested again. */
const FAILED_MS = 5000;
/** Tiles of a level this much coarser load first, and fill the pane until the finer ones are there. */
const COARSER = 2;

/** Loads one tile. Rejects if `signal` aborts. */
export type LoadTile = (address: TileAddress, signal: AbortSignal) => Promise<ImageBitmap>;

const keyOf = ({ level, x, y }: TileAddress): string => `${level}/${x}/${y}`;

/** Loads the tiles of one layer while a pane shows them. */
export class TileLoader implements TileSource {
  readonly size: Size;
  /** Incremented when a tile has loaded, or the preview. */
  version = $state(0);
  #preview: ImageBitmap | undefined;
  /** The tile that shows the whole image. */
  readonly whole: ImageBitmap | undefined = $derived.by(() => {
    void this.version;
    return this.peek({ level: levelCount(this.size) - 1, x: 0, y: 0 });
  });
  /** Why tiles are missing; undefined once a tile has loaded again. */
  failure = $state.raw<ErrorReport>();
  /** What is missing because the host still makes it, as a sentence. */
  pending = $state<string>();
  readonly #name: string;
  readonly #cache: ByteCache<ImageBitmap>;
  readonly #load: LoadTile;
  #wanted: TileAddress[] = [];
  readonly #loading = new Map<string, AbortController>();
  #probed: TileAddress | undefined;
  #closed = false;
  /** Levels and tiles that are not requested for a while. */
  readonly #held = new Set<number | string>();

  /** @param name of the layer, unique in the cache */
  constructor(name: string, size: Size, cache: ByteCache<ImageBitmap>, load: LoadTile) {
    this.#name = name;
    this.size = size;
    this.#cache = cache;
    this.#load = load;
  }

  get preview(): ImageBitmap | undefined {
    return this.#preview;
  }

  set preview(bitmap: ImageBitmap | undefined) {
    this.#preview = bitmap;
    this.version++;
  }

  peek(address: TileAddress): ImageBitmap | undefined {
    return this.#cache.get(this.#key(address));
  }

  /** A pixel of the image: its tile of level 0 and the position in it. Loads the tile if it is missing. */
  pixel({ x, y }: Point): (Point & { bitmap: ImageBitmap }) | undefined {
    void this.version;
    const tile = { level: 0, x: Math.floor(x / TILE_SIDE), y: Math.floor(y / TILE_SIDE) };
    if (!isTile(this.size, tile)) return undefined;
    const bitmap = this.peek(tile);
    if (bitmap) return { bitmap, x: x - tile.x * TILE_SIDE, y: y - tile.y * TILE_SIDE };
    // Loading changes state, which a derivation must not do while it reads.
    queueMicrotask(() => this.#probe(tile));
    return undefined;
  }

  show(level: number, part: Point & Size): void {
    if (this.#closed) return;
    const last = levelCount(this.size) - 1;
    const coarser = Math.min(level + COARSER, last);
    this.#wanted = [
      { level: last, x: 0, y: 0 },
      ...(coarser > level && coarser < last ? tilesOver(this.size, coarser, part) : []),
      ...tilesOver(this.size, level, part),
      // Those around the part load in advance, so that panning finds them.
      ...tilesOver(this.size, level, part, 1),
    ];
    this.#update();
  }

  /** Loads a tile that is not shown, whose pixels the readout shows. */
  #probe(address: TileAddress): void {
    if (this.#closed) return;
    this.#probed = address;
    this.#update();
  }

  /** Cancels all loads. */
  close(): void {
    this.#closed = true;
    this.#wanted = [];
    this.#probed = undefined;
    this.#update();
  }

  #key(address: TileAddress): string {
    return `${this.#name}/${keyOf(address)}`;
  }

  #update(): void {
    const all = this.#probed ? [...this.#wanted, this.#probed] : this.#wanted;
    const keys = new Set(all.map(keyOf));
    for (const [key, load] of this.#loading) {
      if (keys.has(key)) continue;
      load.abort();
      this.#loading.delete(key);
    }
    for (const address of all) {
      if (this.#loading.size >= MAX_LOADS) return;
      const key = keyOf(address);
      if (this.#held.has(address.level) || this.#held.has(key) || this.#loading.has(key)) continue;
      if (!this.peek(address)) void this.#start(address);
    }
  }

  async #start(address: TileAddress): Promise<void> {
    const load = new AbortController();
    this.#loading.set(keyOf(address), load);
    try {
      const bitmap = await this.#load(address, load.signal);
      // An aborted load may still end with a tile, which is as good as any other.
      this.#cache.set(this.#key(address), bitmap, bitmap.width * bitmap.height * 4);
      this.failure = undefined;
      if (address.level > 0) this.pending = undefined;
      this.version++;
    } catch (thrown) {
      if (!load.signal.aborted) this.#fail(address, thrown);
    } finally {
      if (this.#loading.get(keyOf(address)) === load) this.#loading.delete(keyOf(address));
      this.#update();
    }
  }

  #fail(address: TileAddress, thrown: unknown): void {
    const error = toErrorReport(thrown);
    if (error.code === 'NOT_YET') this.pending = error.message;
    else if (!isConnectionLost(thrown)) this.failure = error;
    const isComing = error.code === 'NOT_YET' || isConnectionLost(thrown);
    const held = isComing ? address.level : keyOf(address);
    this.#held.add(held);
    const again = () => {
      this.#held.delete(held);
      this.#update();
    };
    setTimeout(again, isComing ? RETRY_MS : FAILED_MS);
  }
}
