/** A program that runs a small model on one execution provider of ONNX Runtime. It may crash with a broken driver. */
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
    throw new Error('It computes non-finite values.');
  }
} catch (cause) {
  const text = cause instanceof Error ? cause.message : String(cause);
  // ONNX Runtime's messages start with a source location and the failed condition.
  const reason = text.split('\n')[0].replace(/^.*\bwas false\. /, '');
  process.stdout.write(reason.slice(0, 400));
  process.exitCode = 1;
}
