import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { wideResnet50 } from '../../../models/networks/wide-resnet50.ts';
import { mulberry32 } from '../../../methods/prng.ts';

/**
 * Writes a Wide ResNet-50-2 with seeded random weights, which take as long as trained ones: He initialization, and batch
 * normalization that is the identity.
 *
 * @returns its path
 */
export async function writeRandomBackbone(folder: string): Promise<string> {
  const random = mulberry32(3);
  const network = wideResnet50.network(new Map());
  const read = async (name: string) => {
    const shape = network.weights[name];
    const count = shape.reduce((product, side) => product * side, 1);
    if (shape.length === 1) return new Float32Array(count).fill(/weight|var/.test(name) ? 1 : 0);
    const bound = Math.sqrt(6 / (count / shape[0]));
    return Float32Array.from({ length: count }, () => bound * (2 * random() - 1));
  };
  const path = join(folder, 'wide_resnet50.onnx');
  await writeFile(path, await network.build(read, 'float32'));
  return path;
}
