import type { Execution } from '../types.ts';
import type { ComputeBackend } from './compute-backend.ts';
import type { CudaDevice, CudaImage } from './cuda-device.ts';

/** A failure of a device. */
export interface DeviceFailure {
  message: string;
  /** Whether the device can still be used for other computations. */
  isOutOfMemory: boolean;
}

/**
 * A backend that computes on a CUDA device what has a kernel there, and everything else on the CPU. What the device fails at is
 * computed again on the CPU. Use one for each request: it knows what ran where, and keeps the features on the device until `close`.
 */
export class CudaBackend {
  readonly backend: ComputeBackend;
  readonly #device: CudaDevice;
  readonly #image: CudaImage;
  readonly #ran = new Set<'reference' | 'statistic'>();
  #failure: DeviceFailure | undefined;

  constructor(device: CudaDevice, cpu: ComputeBackend, onFailure: (failure: DeviceFailure) => void) {
    this.#device = device;
    const image = device.createImage();
    this.#image = image;
    const attempt = async <Outcome>(
      part: 'reference' | 'statistic',
      execution: Execution,
      [onDevice, onCpu]: [() => Promise<Outcome>, () => Promise<Outcome>],
    ): Promise<Outcome> => {
      const isForced = execution.isa !== undefined && execution.isa !== 'auto';
      if (isForced || this.#failure) return onCpu();
      try {
        const outcome = await onDevice();
        this.#ran.add(part);
        return outcome;
      } catch (error) {
        const failure = failureOf(error);
        if (!failure) throw error;
        this.#failure = failure;
        image.close();
        onFailure(failure);
        return onCpu();
      }
    };
    this.backend = {
      ...cpu,
      medianReference: (features, patchSize, execution, tiles) =>
        attempt('reference', execution, [
          () => image.medianReference(features, patchSize, execution, tiles),
          () => cpu.medianReference(features, patchSize, execution, tiles),
        ]),
      fca: (...call) => attempt('statistic', call[3], [() => image.fca(...call), () => cpu.fca(...call)]),
      sww: (...call) => attempt('statistic', call[3], [() => image.sww(...call), () => cpu.sww(...call)]),
      fcaWithReferences: (...call) =>
        call[1].kind === 'nearest'
          ? attempt('statistic', call[3], [
              () => image.fcaWithReferences(...call),
              () => cpu.fcaWithReferences(...call),
            ])
          : cpu.fcaWithReferences(...call),
      swwWithReferences: (...call) =>
        call[1].kind === 'nearest'
          ? attempt('statistic', call[3], [
              () => image.swwWithReferences(...call),
              () => cpu.swwWithReferences(...call),
            ])
          : cpu.swwWithReferences(...call),
    };
  }

  close(): void {
    this.#image.close();
  }

  /**
   * What ran where, for display; undefined if everything ran on the CPU as it would without a device.
   *
   * @param cpu describes the CPU
   */
  ranOn(cpu: string): string | undefined {
    const name = `${this.#device.name} (CUDA)`;
    if (this.#failure) return `${cpu}, because CUDA failed: ${this.#failure.message}`;
    if (this.#ran.has('statistic')) return name;
    return this.#ran.has('reference') ? `${cpu}; reference on ${name}` : undefined;
  }
}

/** Undefined if the error is not the device's. */
function failureOf(error: unknown): DeviceFailure | undefined {
  if (!(error instanceof Error) || !('code' in error)) return undefined;
  const isOutOfMemory = error.code === 'DEVICE_OUT_OF_MEMORY';
  return isOutOfMemory || error.code === 'DEVICE_FAILED'
    ? { message: error.message, isOutOfMemory }
    : undefined;
}
