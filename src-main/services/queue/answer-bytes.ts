import { PerchError } from '../../common/api/errors.ts';
import { readNpy, writeNpy } from '../../common/maps/npy.ts';
import type { AnomalyMap } from '../../common/maps/anomaly-map.ts';
import { answer as schema, type Answer } from './task.ts';

/** Most bytes of an answer without its map. */
export const ANSWER_BYTES = 64 * 1024;

/** An answer as bytes: the length of its JSON (uint32, little endian), the JSON, and the map as NPY. */
export function encodeAnswer(answer: Answer, map?: AnomalyMap): Uint8Array<ArrayBuffer> {
  const json = Buffer.from(JSON.stringify(answer));
  const length = Buffer.alloc(4);
  length.writeUInt32LE(json.length);
  const npy = map ? writeNpy({ shape: [map.height, map.width], values: map.values }) : new Uint8Array();
  return new Uint8Array(Buffer.concat([length, json, npy]));
}

/** @throws PerchError `INVALID_MAP` if the bytes are not an answer */
export function decodeAnswer(bytes: Buffer): { answer: Answer; map?: AnomalyMap & { npy: Uint8Array } } {
  const length = bytes.length < 4 ? Infinity : bytes.readUInt32LE(0);
  if (length > Math.min(ANSWER_BYTES, bytes.length - 4)) throw invalid('its length is wrong');
  const answer = parse(bytes.toString('utf8', 4, 4 + length));
  if (answer.kind === 'error') return { answer };
  const npy = new Uint8Array(bytes.subarray(4 + length));
  const { shape, values } = readNpy(npy, 'the map of a worker');
  const [height, width] = shape;
  if (shape.length !== 2 || height < 1 || width < 1) throw invalid('its map is not a rectangle');
  if (!values.every(Number.isFinite)) throw invalid('its map has a score that is not a number');
  return { answer, map: { width, height, values, npy } };
}

function parse(json: string): Answer {
  try {
    return schema.parse(JSON.parse(json));
  } catch (cause) {
    throw invalid('it has another form', cause);
  }
}

function invalid(reason: string, cause?: unknown): PerchError {
  return new PerchError('INVALID_MAP', `The answer of a worker cannot be used: ${reason}.`, cause);
}
