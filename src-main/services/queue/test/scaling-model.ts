import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { recordOf } from '../../../methods/extractors/test/model-record.ts';
import { GraphBuilder } from '../../../models/onnx/graph.ts';
import { float32 } from '../../../models/onnx/tensor.ts';

/** A network that multiplies its input. */
export function scaledBy(factor: number): Uint8Array {
  const graph = new GraphBuilder('net');
  const x = graph.input('x', 'float32', [1, 3, 'h', 'w']);
  graph.output(graph.node('Mul', [x, graph.constant(float32([], [factor]))], {}, 'y'), 'float32');
  return graph.toBytes();
}

/** Imports it as `mine` into a home. */
export async function writeModel(home: string, graph: Uint8Array): Promise<void> {
  const at = join(home, 'models/mine');
  await mkdir(at, { recursive: true });
  await writeFile(join(at, 'model.onnx'), graph);
  await writeFile(join(at, 'model.json'), JSON.stringify(recordOf(graph)));
}
