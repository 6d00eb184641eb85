import { FieldReader, messageField } from '../protobuf-fields.ts';

/** A model with its graph's weights in a separate file, as exporters write large models. */
export function withExternalWeights(
  model: Uint8Array,
  location: string,
): { model: Uint8Array; weights: Buffer } {
  const reader = new FieldReader();
  const weights: Buffer[] = [];
  let offset = 0;
  const entry = (key: string, value: string) =>
    messageField(13, Buffer.concat([messageField(1, Buffer.from(key)), messageField(2, Buffer.from(value))]));
  const outside = (tensor: Uint8Array) => {
    const fields = reader.read(tensor);
    const raw = Buffer.from(fields.find(({ number }) => number === 9)?.body ?? []);
    const entries = [
      entry('location', location),
      entry('offset', `${offset}`),
      entry('length', `${raw.length}`),
    ];
    weights.push(raw);
    offset += raw.length;
    const remaining = fields.filter(({ number }) => number !== 9).map((field) => field.raw);
    return Buffer.concat([...remaining, ...entries, Buffer.from([0x70, 1])]);
  };
  const graph = (body: Uint8Array) =>
    reader.read(body).map(({ number, raw, body }) => (number === 5 ? messageField(5, outside(body)) : raw));
  const fields = reader
    .read(model)
    .map(({ number, raw, body }) => (number === 7 ? messageField(7, Buffer.concat(graph(body))) : raw));
  return { model: Buffer.concat(fields), weights: Buffer.concat(weights) };
}
