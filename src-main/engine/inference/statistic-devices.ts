import { existsSync } from 'node:fs';
import type { ProviderChoice } from '../../common/api/schemas.ts';
import type { ComputeBackend } from '../../methods/backend/compute-backend.ts';
import { CudaBackend, type DeviceFailure } from '../../methods/backend/cuda-backend.ts';
import { type CudaDevice, cudaLibrary, openCudaDevice } from '../../methods/backend/cuda-device.ts';
import { defaultBackend } from '../../methods/backend/default-backend.ts';
import { remedyFor } from '../../platform/remedies.ts';
import type { StatisticReport } from '../protocol/data-types.ts';
import { runProbe } from './run-probe.ts';

/** The device of a request's references and statistics. Dispose it at the end of the request, to free the memory of the device. */
export interface StatisticDevice extends Disposable {
  backend: ComputeBackend;
  /** The device that is tried first; null for the CPU. */
  name: string | null;
  /** What ran where so far, for display; undefined if everything ran on the CPU. */
  ranOn(): string | undefined;
}

export const onCpu: StatisticDevice = {
  backend: defaultBackend,
  name: null,
  ranOn: () => undefined,
  [Symbol.dispose]: () => {},
};

/** Chooses the device of statistics. Probes the CUDA kernels at most once, and never where they are not installed. */
export class StatisticDevices {
  readonly #cpu: string;
  readonly #warn: (warning: string) => void;
  #report: Promise<StatisticReport> | undefined;
  #cuda: CudaDevice | undefined;

  /**
   * @param cpu describes the CPU
   * @param warn called with each permanent problem, maybe repeatedly
   */
  constructor(cpu: string, warn: (warning: string) => void) {
    this.#cpu = cpu;
    this.#warn = warn;
  }

  /** The device for a choice of provider: a GPU for `cuda`, or for `auto` if it works. */
  async select(choice: ProviderChoice): Promise<StatisticDevice> {
    if (choice !== 'auto' && choice !== 'cuda') return onCpu;
    if (!existsSync(cudaLibrary().path)) return onCpu;
    const report = await this.probe();
    const cuda = report.usable ? (this.#cuda ??= openCudaDevice()) : undefined;
    if (!cuda) {
      if (choice === 'cuda')
        this.#warn(
          `The CUDA kernels cannot be used. Statistics run on the CPU instead. ${report.reason ?? ''}`,
        );
      return onCpu;
    }
    const request = new CudaBackend(cuda, defaultBackend, (failure) => this.#onFailure(failure));
    return {
      backend: request.backend,
      name: cuda.name,
      ranOn: () => request.ranOn(this.#cpu),
      [Symbol.dispose]: () => request.close(),
    };
  }

  /** Finds out whether the CUDA kernels are usable. */
  probe(): Promise<StatisticReport> {
    return (this.#report ??= probeCuda());
  }

  #onFailure({ message, isOutOfMemory }: DeviceFailure): void {
    if (isOutOfMemory) return;
    // After such a failure, the driver refuses every later computation of this process.
    this.#report = Promise.resolve({ usable: false, reason: message });
    this.#warn(`CUDA failed: ${message} Statistics run on the CPU until Perch is started again.`);
  }
}

async function probeCuda(): Promise<StatisticReport> {
  if (!existsSync(cudaLibrary().path)) {
    return { usable: false, reason: `Its library was not built. ${remedyFor('cudaKernels')}` };
  }
  const outcome = await runProbe('probe-cuda');
  return 'reason' in outcome
    ? { usable: false, reason: outcome.reason }
    : { usable: true, device: outcome.found };
}
