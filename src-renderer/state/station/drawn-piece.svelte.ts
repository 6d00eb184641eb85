import type { Piece } from '../../../src-main/common/api/station.ts';
import type { Client } from '../../api/connection.svelte.ts';
import { isConnectionLost } from '../../api/failures.ts';
import type { BitmapCache } from '../../image-cache/bitmap-cache.ts';
import type { MapCache } from '../../image-cache/map-cache.ts';
import { isLargeMap } from '../../image-cache/map-levels.ts';
import { contourOf } from './piece-contour.ts';

/** What is drawn of a piece. */
export type PieceView = Awaited<ReturnType<Client['stations']['view']>>;

const EMPTY: PieceView = { image: null, result: null, definition: null };

/** A decision waits at most this long for its picture, in milliseconds. */
const TIMEOUT_MS = 1500;

export interface DrawnPieceDeps {
  client: Pick<Client, 'stations'>;
  bitmaps: Pick<BitmapCache, 'load'>;
  maps: Pick<MapCache, 'outline'>;
}

/**
 * The piece on screen. Decision, picture and contour change together once all of them have loaded, so that nothing flickers and
 * the decision always belongs to the picture.
 */
export class DrawnPiece {
  current = $state.raw<{ piece: Piece; view: PieceView }>();
  /** When the current piece replaced another one, by `performance.now()`. */
  replacedAt = -Infinity;
  readonly #deps: DrawnPieceDeps;
  #wanted: Piece | undefined;
  #loading = false;

  constructor(deps: DrawnPieceDeps) {
    this.#deps = deps;
  }

  /** Shows a piece as soon as it has loaded. Of pieces that arrive in the meantime, only the last one is loaded. */
  show(piece: Piece | undefined): void {
    this.#wanted = piece;
    if (!piece) this.current = undefined;
    else if (!this.#loading) void this.#loadLatest();
  }

  async #loadLatest(): Promise<void> {
    this.#loading = true;
    try {
      while (this.#wanted && !this.#isCurrent(this.#wanted)) {
        const piece = this.#wanted;
        const view = await this.#load(piece);
        // Meanwhile another station may have been chosen.
        if (this.#wanted?.station !== piece.station) continue;
        if (this.current && this.current.piece.id !== piece.id) this.replacedAt = performance.now();
        this.current = { piece, view };
      }
    } finally {
      this.#loading = false;
    }
  }

  #isCurrent({ id, result }: Piece): boolean {
    const shown = this.current?.piece;
    return shown?.id === id && shown.result === result;
  }

  async #load(piece: Piece): Promise<PieceView> {
    try {
      const view = await this.#deps.client.stations.view({ piece: piece.id });
      const timeout = new Promise((resolve) => setTimeout(resolve, TIMEOUT_MS));
      await Promise.race([this.#prepare(view), timeout]);
      return view;
    } catch (thrown) {
      // The decision is shown without a picture. Pieces that arrive after a reconnect have one again.
      if (!isConnectionLost(thrown)) console.warn(`Could not load piece ${piece.sequence}:`, thrown);
      return EMPTY;
    }
  }

  /** Loads pixels and map into the caches, from which the viewer draws them at once. The viewer reports what fails. */
  async #prepare({ image, result, definition }: PieceView): Promise<void> {
    const { bitmaps, maps } = this.#deps;
    const outlined = result && definition && !isLargeMap(result) ? contourOf(result, definition) : undefined;
    await Promise.allSettled([
      image && !image.tiled && bitmaps.load(image.id),
      result && outlined && maps.outline(result, outlined.threshold, outlined.scope),
    ]);
  }
}
