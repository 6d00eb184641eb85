import { createHash } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { BackboneRecord } from '../../../methods/extractors/backbone.ts';
import { GraphBuilder } from '../../../models/onnx/graph.ts';
import { float32 } from '../../../models/onnx/tensor.ts';

/** A network that multiplies its input. */
export function scaledBy(factor: number): Uint8Array {
  const graph = new GraphBuilder('net');
  const x = graph.input('x', 'float32', [1, 3, 'h', 'w']);
  graph.output(graph.node('Mul', [x, graph.constant(float32([], [factor]))], {}, 'y'), 'float32');
  return graph.toBytes();
}

export function recordOf(graph: Uint8Array, name = 'mine'): BackboneRecord {
  return {
    format: 1,
    name,
    title: name,
    sha256: createHash('sha256').update(graph).digest('hex'),
    bytes: graph.length,
    precision: 'as brought',
    channels: 3,
    stride: 1,
    bytesPerPixel: 100,
    preprocessing: { normalization: null, scaled: true },
    source: { file: 'net.onnx', sha256: '0'.repeat(64), publisher: 'unknown' },
    license: 'unknown',
    addedAt: '2026-01-02T03:04:05.000Z',
  };
}

/** Imports it as `mine` into a home. */
export async function writeModel(home: string, graph: Uint8Array): Promise<void> {
  const at = join(home, 'models/mine');
  await mkdir(at, { recursive: true });
  await writeFile(join(at, 'model.onnx'), graph);
  await writeFile(join(at, 'model.json'), JSON.stringify(recordOf(graph)));
}
