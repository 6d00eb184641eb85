import type { ImageStats, OperatingPoints, ThresholdSweep } from '../../../metrics/threshold-sweep.ts';
import type { LabeledMap } from '../../../metrics/labeled-map.ts';
import { CoreInstance } from './core-module.ts';

/** A threshold sweep in a memory of its own (`native/include/perch/threshold_sweep.hpp`). It runs in this thread. */
export class WasmThresholdSweep implements ThresholdSweep {
  readonly #core = new CoreInstance();
  readonly #sweep = this.#core.exports.new_sweep();

  add({ scores, groundTruth, width, height }: LabeledMap): ImageStats {
    const core = this.#core;
    const numbers = core.exports.allocate(2 * Float64Array.BYTES_PER_ELEMENT);
    // The core reads the scores again at the end of the sweep.
    const scoresAt = core.copyIn(scores);
    const truthAt = core.copyIn(groundTruth);
    core.exports.add_to_sweep(this.#sweep, scoresAt, truthAt, height, width, numbers);
    const [highest, regions] = core.copyDoubles(numbers, 2);
    core.exports.release(truthAt);
    core.exports.release(numbers);
    return { highest, regions };
  }

  async operatingPoints({ signal }: { signal?: AbortSignal }): Promise<OperatingPoints> {
    signal?.throwIfAborted();
    const { exports } = this.#core;
    const count = exports.sweep(this.#sweep, 1, 0);
    const column = (index: number) => this.#core.copyDoubles(exports.sweep_column(index), count);
    return Promise.resolve({
      threshold: column(0),
      falsePositives: column(1),
      truePositives: column(2),
      overlap: column(3),
    });
  }
}
