import type { Inspection } from '../../src-main/common/api/schemas.ts';
import { isConnectionLost } from '../api/failures.ts';
import type { Point, Size } from '../viewer/viewport.ts';
import type { RenderWorker } from './render-worker.ts';

/** Reads the scores of pixels by one method. */
export interface ScoreReader {
  /** A pixel's score; undefined until it has loaded. */
  at(pixel: Point): number | undefined;
}

/** Side of the part around the pointer whose scores are loaded together. */
const SIDE = 256;

/** Scores of a large map, of which only the part around the last pixel is in memory. */
export class PartialScores implements ScoreReader {
  readonly #inspection: Inspection;
  readonly #worker: Pick<RenderWorker, 'request'>;
  #loaded = $state.raw<{ part: Point & Size; values: Float32Array }>();
  #wanted: Point | undefined;
  #loading = false;

  constructor(inspection: Inspection, worker: Pick<RenderWorker, 'request'>) {
    this.#inspection = inspection;
    this.#worker = worker;
  }

  at(pixel: Point): number | undefined {
    const loaded = this.#loaded;
    if (loaded && isInside(loaded.part, pixel)) {
      const { x, y, width } = loaded.part;
      return loaded.values[(pixel.y - y) * width + pixel.x - x];
    }
    this.#wanted = pixel;
    // Loading changes state, which a derivation must not do while it reads.
    queueMicrotask(() => void this.#load());
    return undefined;
  }

  /** Loads one part at a time, and skips all but the last pixel while the pointer moves. */
  async #load(): Promise<void> {
    if (this.#loading) return;
    this.#loading = true;
    try {
      while (this.#wanted) {
        const part = partAround(this.#wanted, this.#inspection);
        this.#wanted = undefined;
        if (this.#loaded?.part.x === part.x && this.#loaded.part.y === part.y) continue;
        const values = await this.#worker.request('scores', { inspection: this.#inspection, part });
        this.#loaded = { part, values };
      }
    } catch (thrown) {
      // The screens of the method show the error; the readout shows a dash until the pointer moves.
      if (!isConnectionLost(thrown)) console.warn('Could not load scores:', thrown);
    } finally {
      this.#loading = false;
    }
  }
}

function partAround({ x, y }: Point, { width, height }: Size): Point & Size {
  const [left, top] = [x - (x % SIDE), y - (y % SIDE)];
  return { x: left, y: top, width: Math.min(SIDE, width - left), height: Math.min(SIDE, height - top) };
}

function isInside(part: Point & Size, { x, y }: Point): boolean {
  return x >= part.x && y >= part.y && x < part.x + part.width && y < part.y + part.height;
}
