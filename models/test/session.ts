import * as ort from 'onnxruntime-node';
import type { Image } from './images.ts';

/** Loads a built model. @returns a function from an image to its features and their dimensions */
export async function sessionOf(model: Uint8Array) {
  const session = await ort.InferenceSession.create(model, { logSeverityLevel: 4 });
  return async ({ values, height, width }: Image, others: Record<string, ort.Tensor> = {}) => {
    const image = new ort.Tensor('float32', values, [1, 3, height, width]);
    const { features } = await session.run({ image, ...others });
    return { dims: features.dims, values: features.data as Float32Array };
  };
}
