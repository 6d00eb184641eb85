import type { Duplex } from 'node:stream';
// This entry is plain JavaScript. The package's main entry also loads an optional native module.
import { addExtension, Packr } from 'msgpackr/pack';

/**
 * Messages between host and engine over a byte stream. Node's structured clone is not used because its format depends on the version of
 * V8, and Electron's differs from Node's.
 *
 * A message is encoded as MessagePack, except that the bytes of typed arrays follow it unchanged, so that large arrays are never copied
 * into another buffer. A frame is, in little-endian order:
 *
 *     u32     length of the MessagePack part in bytes
 *     u32     number of arrays
 *     f64[]   length of each array in bytes
 *     u8[]    the MessagePack part, in which each array is an index into the arrays
 *     u8[][]  the arrays
 *
 * Numbers arrive unchanged, including NaN and infinities, except that -0 becomes 0 outside typed arrays. A `Buffer` arrives as a
 * `Uint8Array`.
 */

/** Typed arrays by their code in a frame. The codes must be the same on both ends; both come from one version of Perch. */
const ARRAY_TYPES = [
  Uint8Array,
  Uint8ClampedArray,
  Int8Array,
  Uint16Array,
  Int16Array,
  Uint32Array,
  Int32Array,
  Float16Array,
  Float32Array,
  Float64Array,
  BigUint64Array,
  BigInt64Array,
] as const;

type TypedArray = InstanceType<(typeof ARRAY_TYPES)[number]>;

/** Limits on the sizes that a frame can announce, so that a corrupt one is rejected instead of exhausting memory. */
const MAX_MESSAGE_BYTES = 2 ** 30;
const MAX_ARRAYS = 2 ** 20;

/** MessagePack extension type of a typed array. */
const EXTENSION_TYPE = 1;

/** The arrays of the message that is being encoded or decoded. Both are synchronous, so there is one at a time. */
let arrays: Uint8Array<ArrayBuffer>[] = [];

const packr = new Packr({ useRecords: false, moreTypes: true });

addExtension({
  // The class that all typed arrays extend.
  Class: Object.getPrototypeOf(Uint8Array) as new () => TypedArray,
  type: EXTENSION_TYPE,
  write: (array: TypedArray) => {
    const code = ARRAY_TYPES.findIndex((type) => array instanceof type);
    if (code < 0) throw new TypeError(`${array.constructor.name} cannot be sent`);
    const bytes = new Uint8Array(array.buffer as ArrayBuffer, array.byteOffset, array.byteLength);
    return [code, arrays.push(bytes) - 1];
  },
  read: (reference: unknown) => {
    const [code, index] = Array.isArray(reference) ? (reference as unknown[]) : [];
    const Type = ARRAY_TYPES[code as number];
    const bytes = arrays[index as number];
    if (Type === undefined || bytes === undefined || bytes.length % Type.BYTES_PER_ELEMENT !== 0)
      throw new RangeError('an array does not match its frame');
    return new Type(bytes.buffer, 0, bytes.length / Type.BYTES_PER_ELEMENT);
  },
});

/** Sends one message. The bytes of its typed arrays are read until the stream has written them, so they must not change. */
export function sendMessage(stream: Duplex, message: unknown): void {
  if (!stream.writable) return;
  arrays = [];
  const encoded = packr.pack(message);
  const parts = arrays;
  arrays = [];
  const header = Buffer.alloc(8 + 8 * parts.length);
  header.writeUInt32LE(encoded.length, 0);
  header.writeUInt32LE(parts.length, 4);
  parts.forEach(({ length }, i) => header.writeDoubleLE(length, 8 + 8 * i));
  stream.cork();
  for (const part of [header, encoded, ...parts]) stream.write(part);
  stream.uncork();
}

/**
 * Calls `receive` with each message that arrives. Destroys the stream with an error after an invalid frame.
 */
export function receiveMessages(stream: Duplex, receive: (message: unknown) => void): void {
  const reader = readFrames();
  let target = reader.next().value as Uint8Array;
  let filled = 0;
  stream.on('data', (chunk: Buffer) => {
    let at = 0;
    for (;;) {
      const count = Math.min(target.length - filled, chunk.length - at);
      target.set(chunk.subarray(at, at + count), filled);
      filled += count;
      at += count;
      if (filled < target.length) return;
      let next: Uint8Array | { message: unknown };
      try {
        next = reader.next().value as Uint8Array | { message: unknown };
      } catch (cause) {
        stream.destroy(new Error('An invalid message was received.', { cause }));
        return;
      }
      if ('message' in next) {
        receive(next.message);
        next = reader.next().value as Uint8Array;
      }
      target = next;
      filled = 0;
    }
  });
}

/**
 * Splits a byte stream into messages: yields each buffer that has to be filled next, and each message once it
 * is complete. Every array has a separate buffer, which is aligned and can be transferred.
 */
function* readFrames(): Generator<Uint8Array | { message: unknown }, never, void> {
  for (;;) {
    const header = Buffer.alloc(8);
    yield header;
    const messageBytes = header.readUInt32LE(0);
    const count = header.readUInt32LE(4);
    if (messageBytes > MAX_MESSAGE_BYTES || count > MAX_ARRAYS) throw new RangeError('a frame is too large');
    const lengths = Buffer.alloc(8 * count);
    yield lengths;
    const encoded = Buffer.allocUnsafeSlow(messageBytes);
    yield encoded;
    const parts: Uint8Array<ArrayBuffer>[] = [];
    for (let i = 0; i < count; i++) {
      const part = Buffer.allocUnsafeSlow(lengths.readDoubleLE(8 * i));
      yield part;
      parts.push(part);
    }
    yield { message: decode(encoded, parts) };
  }
}

function decode(encoded: Buffer, parts: Uint8Array<ArrayBuffer>[]): unknown {
  arrays = parts;
  try {
    return packr.unpack(encoded);
  } finally {
    arrays = [];
  }
}
