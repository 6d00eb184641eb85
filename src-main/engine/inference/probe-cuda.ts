/** A program that computes a small map with the CUDA kernels and on the CPU. It may crash with a broken driver. */
import type { ComputeBackend } from '../../methods/backend/compute-backend.ts';
import { openCudaDevice } from '../../methods/backend/cuda-device.ts';
import { defaultBackend } from '../../methods/backend/default-backend.ts';

const features = {
  values: Float32Array.from({ length: 3 * 20 * 24 }, (_, i) => ((i * 7919) % 1013) / 1013),
  channels: 3,
  height: 20,
  width: 24,
};
const execution = { threads: 1 };

try {
  const device = openCudaDevice();
  const found = await compute(device.createImage());
  for (const [i, expected] of (await compute(defaultBackend)).entries()) assertEqual(found[i], expected);
  const { name, computeCapability } = device;
  process.stdout.write(`${name}, compute capability ${computeCapability}`);
} catch (cause) {
  process.stdout.write((cause instanceof Error ? cause.message : String(cause)).slice(0, 400));
  process.exitCode = 1;
}

async function compute(
  backend: Pick<ComputeBackend, 'medianReference' | 'fca' | 'swwWithReferences'>,
): Promise<Float32Array[]> {
  const reference = await backend.medianReference(features, 5, execution);
  const fca = { patchSize: 5, sigmaP: 3, sigmaS: 1 };
  return [
    reference,
    await backend.fca(features, reference, fca, execution),
    await backend.swwWithReferences(
      features,
      { kind: 'nearest', k: 30 },
      { patchSize: 5, sigma: 6 },
      execution,
    ),
  ];
}

function assertEqual(found: Float32Array, expected: Float32Array): void {
  const range = Math.max(...expected) - Math.min(...expected);
  // Written so that NaN fails.
  const isEqual = expected.every((value, i) => Math.abs(value - found[i]) <= 1e-5 * range);
  if (!isEqual) throw new Error('Its results differ from those of the CPU.');
}
