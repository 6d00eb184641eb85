import { createHash } from 'node:crypto';
import type { BackboneRecord } from '../backbone.ts';

/** The record of an added model whose graph takes RGB values as they are. */
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
