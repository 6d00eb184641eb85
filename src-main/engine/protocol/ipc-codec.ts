import type { Duplex } from 'node:stream';

/**
 * Messages between host and engine over a byte stream. The two may run different versions of V8 (Electron's and Node's), whose
 * own serialisation need not agree, so the format is ours: JSON in which each typed array stands as a reference to bytes
 * that follow.
 *
 *     u32 length of the JSON, u32 number of arrays, f64 bytes of each array, the JSON, the arrays (little-endian)
 */
type ArrayKind = 'float32' | 'uint8';

interface ArrayReference {
  $array: number;
  kind: ArrayKind;
}

/** Sends one message; `bytes` of typed arrays are read before this returns or shortly after, so they must not change. */
export function sendMessage(stream: Duplex, message: unknown): void {
  if (!stream.writable) return;
  const arrays: Uint8Array[] = [];
  const json = Buffer.from(JSON.stringify(withReferences(message, arrays)));
  const head = Buffer.alloc(8 + 8 * arrays.length);
  head.writeUInt32LE(json.length, 0);
  head.writeUInt32LE(arrays.length, 4);
  arrays.forEach(({ length }, i) => head.writeDoubleLE(length, 8 + 8 * i));
  stream.cork();
  for (const part of [head, json, ...arrays]) stream.write(part);
  stream.uncork();
}

/** The message with each typed array replaced by a reference; the arrays are added to `arrays`. */
function withReferences(value: unknown, arrays: Uint8Array[]): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (value instanceof Float32Array || value instanceof Uint8Array) {
    const bytes = new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
    const kind = value instanceof Float32Array ? 'float32' : 'uint8';
    return { $array: arrays.push(bytes) - 1, kind } satisfies ArrayReference;
  }
  if (Array.isArray(value)) return value.map((item) => withReferences(item, arrays));
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, withReferences(item, arrays)]));
}

/** Calls back with each message that arrives on a stream. */
export function receiveMessages(stream: Duplex, receive: (message: unknown) => void): void {
  const reader = new FrameReader();
  stream.on('data', (chunk: Buffer) => {
    reader.push(chunk);
    for (let frame = reader.next(); frame !== undefined; frame = reader.next()) receive(parse(frame));
  });
}

interface Frame {
  json: Buffer;
  arrays: Buffer[];
}

/** Collects chunks and cuts them into frames; bytes are joined once, however many chunks they come in. */
class FrameReader {
  #chunks: Buffer[] = [];
  #bytes = 0;

  push(chunk: Buffer): void {
    this.#chunks.push(chunk);
    this.#bytes += chunk.length;
  }

  next(): Frame | undefined {
    const start = this.#peek(8);
    if (!start) return undefined;
    const count = start.readUInt32LE(4);
    const head = this.#peek(8 + 8 * count);
    if (!head) return undefined;
    const lengths = [head.readUInt32LE(0)];
    for (let i = 0; i < count; i++) lengths.push(head.readDoubleLE(8 + 8 * i));
    const whole = head.length + lengths.reduce((sum, length) => sum + length, 0);
    if (this.#bytes < whole) return undefined;

    const frame = this.#take(whole);
    let at = head.length;
    const parts = lengths.map((length) => frame.subarray(at, (at += length)));
    return { json: parts[0], arrays: parts.slice(1) };
  }

  #peek(length: number): Buffer | undefined {
    if (this.#bytes < length) return undefined;
    if (this.#chunks[0].length < length) this.#chunks = [Buffer.concat(this.#chunks)];
    return this.#chunks[0].subarray(0, length);
  }

  #take(length: number): Buffer {
    const all = this.#chunks.length === 1 ? this.#chunks[0] : Buffer.concat(this.#chunks);
    this.#chunks = all.length > length ? [all.subarray(length)] : [];
    this.#bytes -= length;
    return all.subarray(0, length);
  }
}

function parse({ json, arrays }: Frame): unknown {
  return JSON.parse(json.toString(), (_key, value: unknown) => {
    if (!isReference(value)) return value;
    // Copied, for a float32 array must be aligned and the frame should not be kept alive by its arrays.
    const bytes = new Uint8Array(arrays[value.$array]);
    return value.kind === 'float32' ? new Float32Array(bytes.buffer) : bytes;
  });
}

function isReference(value: unknown): value is ArrayReference {
  return typeof value === 'object' && value !== null && '$array' in value;
}
