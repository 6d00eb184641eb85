/** Tries one execution provider of ONNX Runtime on a small image, in a process that may crash. */
import { readFile } from 'node:fs/promises';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { modelsFolder } from '../paths.ts';

const SIDE = 64;

try {
  const graph = await readFile(new URL('gabor.onnx', modelsFolder));
  const session = await InferenceSession.create(graph, { executionProviders: [process.argv[2]] });
  const image = Float32Array.from({ length: 3 * SIDE * SIDE }, (_, i) => ((i * 31) % 97) / 97);
  const outputs = await session.run({ image: new Tensor('float32', image, [1, 3, SIDE, SIDE]) });
  const { data } = outputs[session.outputNames[0]];
  if (!(data instanceof Float32Array) || data.some((value) => !Number.isFinite(value))) {
    throw new Error('It computes values that are not finite.');
  }
} catch (cause) {
  const text = cause instanceof Error ? cause.message : String(cause);
  // ONNX Runtime puts the place in its source and the condition that failed before what it has to say.
  const reason = text.split('\n')[0].replace(/^.*\bwas false\. /, '');
  process.stdout.write(reason.slice(0, 400));
  process.exitCode = 1;
}
