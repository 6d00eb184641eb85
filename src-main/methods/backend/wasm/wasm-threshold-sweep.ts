import type { ImageStats, OperatingPoints, ThresholdSweep } from '../../../metrics/threshold-sweep.ts';
import type { LabeledMap } from '../../../metrics/labeled-map.ts';
import { coreOfThread } from './core-module.ts';

/** Memory that a sweep holds in the core. */
interface Held {
  sweep: number;
  /** The scores of its maps, which the core reads again at the end. */
  scores: number[];
}

/** Frees the memory of sweeps that were abandoned. */
const abandoned = new FinalizationRegistry(release);

/** A threshold sweep in WebAssembly (`native/include/perch/threshold_sweep.hpp`). It runs in this thread. */
export class WasmThresholdSweep implements ThresholdSweep {
  readonly #core = coreOfThread();
  readonly #held: Held = { sweep: this.#core.exports.new_sweep(), scores: [] };

  constructor() {
    abandoned.register(this, this.#held, this);
  }

  add({ scores, groundTruth, width, height }: LabeledMap): ImageStats {
    const core = this.#core;
    const numbers = core.allocate(2 * Float64Array.BYTES_PER_ELEMENT);
    const scoresAt = core.copyIn(scores);
    const truthAt = core.copyIn(groundTruth);
    this.#held.scores.push(scoresAt);
    try {
      core.call(() => core.exports.add_to_sweep(this.#held.sweep, scoresAt, truthAt, height, width, numbers));
      const [highest, regions] = core.copyDoubles(numbers, 2);
      return { highest, regions };
    } finally {
      core.exports.release(truthAt);
      core.exports.release(numbers);
    }
  }

  /** May be called once. */
  async operatingPoints({ signal }: { signal?: AbortSignal }): Promise<OperatingPoints> {
    signal?.throwIfAborted();
    const core = this.#core;
    const count = core.call(() => core.exports.sweep(this.#held.sweep, 1, 0));
    const column = (index: number) => core.copyDoubles(core.exports.sweep_column(index), count);
    const points = {
      threshold: column(0),
      falsePositives: column(1),
      truePositives: column(2),
      overlap: column(3),
    };
    abandoned.unregister(this);
    release(this.#held);
    return Promise.resolve(points);
  }
}

function release({ sweep, scores }: Held): void {
  const { exports } = coreOfThread();
  exports.delete_sweep(sweep);
  for (const address of scores) exports.release(address);
}
