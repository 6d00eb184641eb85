import { Duplex } from 'node:stream';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { receiveMessages, sendMessage } from './ipc-codec.ts';

/** A stream that delivers the written bytes in chunks of `size` bytes. */
function loopback(size: number): Duplex {
  return new Duplex({
    read() {},
    write(chunk: Buffer, _encoding, done) {
      for (let at = 0; at < chunk.length; at += size) this.push(chunk.subarray(at, at + size));
      done();
    },
  });
}

/** Sends messages through a stream and returns what arrives. */
async function transfer(messages: readonly unknown[], chunkBytes = 65_536): Promise<unknown[]> {
  const stream = loopback(chunkBytes);
  const received: unknown[] = [];
  const complete = new Promise<void>((resolve, reject) => {
    stream.on('error', reject);
    receiveMessages(stream, (message) => received.push(message) === messages.length && resolve());
  });
  for (const message of messages) sendMessage(stream, message);
  await complete;
  return received;
}

/** The bytes of one message. */
function encode(message: unknown): Buffer {
  const written: Buffer[] = [];
  const stream = new Duplex({
    read() {},
    write(chunk: Buffer, _encoding, done) {
      written.push(Buffer.from(chunk));
      done();
    },
  });
  sendMessage(stream, message);
  return Buffer.concat(written);
}

/** Delivers bytes. Returns the messages that were read, and the error that the stream was destroyed with. */
async function receive(bytes: Buffer): Promise<{ messages: unknown[]; error: Error | undefined }> {
  const stream = new Duplex({ read() {}, write() {} });
  const messages: unknown[] = [];
  let error: Error | undefined;
  stream.on('error', (cause) => (error = cause));
  receiveMessages(stream, (message) => messages.push(message));
  stream.push(bytes);
  await new Promise((resolve) => setImmediate(resolve));
  return { messages, error };
}

const typedArray = fc.oneof(
  fc.uint8Array(),
  fc.uint8ClampedArray(),
  fc.int8Array(),
  fc.uint16Array(),
  fc.int16Array(),
  fc.uint32Array(),
  fc.int32Array(),
  fc.float32Array(),
  fc.float64Array(),
  fc.bigInt64Array(),
  fc.bigUint64Array(),
);
const scalar = fc.oneof(
  fc.constantFrom(undefined, null, true, false, NaN, Infinity, -Infinity),
  fc.double().map((value) => (Object.is(value, -0) ? 0 : value)),
  fc.maxSafeInteger(),
  fc.bigInt(),
  fc.string({ unit: 'grapheme' }),
);
const { message } = fc.letrec((tie) => ({
  message: fc.oneof(
    { depthSize: 'small' },
    scalar,
    typedArray,
    fc.array(tie('message')),
    fc.dictionary(
      fc.string().filter((key) => key !== '__proto__'),
      tie('message'),
      { noNullPrototype: true },
    ),
  ),
}));

describe('the codec between host and engine', () => {
  it('preserves every kind of value and typed array', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(message, { minLength: 1, maxLength: 3 }),
        fc.integer({ min: 1, max: 200 }),
        async (messages, chunkBytes) => {
          expect(await transfer(messages, chunkBytes)).toStrictEqual(messages);
        },
      ),
      { numRuns: 300 },
    );
  });

  it('preserves -0 and NaN in arrays, and the window of a view', async () => {
    const { buffer } = Float32Array.of(9, -0, NaN, 7);
    expect(await transfer([{ view: new Float32Array(buffer, 4, 2) }])).toStrictEqual([
      { view: Float32Array.of(-0, NaN) },
    ]);
  });

  it('delivers a Buffer as a Uint8Array', async () => {
    expect(await transfer([Buffer.from([1, 2])])).toStrictEqual([Uint8Array.of(1, 2)]);
  });

  it('delivers each array in a separate buffer', async () => {
    const [first, second] = (await transfer([[Uint8Array.of(1), Float64Array.of(2)]]))[0] as Uint8Array[];
    expect([first.buffer.byteLength, second.buffer.byteLength]).toEqual([1, 8]);
  });

  it('carries arrays of many megabytes', async () => {
    const values = Float32Array.from({ length: 5e6 }, (_, i) => i / 3);
    const [received] = (await transfer([{ values }])) as { values: Float32Array }[];
    expect(Buffer.from(received.values.buffer).equals(Buffer.from(values.buffer))).toBe(true);
  });

  it('waits for the rest of a truncated frame', async () => {
    const bytes = encode({ values: Float32Array.of(1, 2, 3), text: 'whole' });
    for (let length = 0; length < bytes.length; length++)
      expect(await receive(bytes.subarray(0, length))).toEqual({ messages: [], error: undefined });
  });

  it.each([
    ['an enormous message', [0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0]],
    ['too many arrays', [0, 0, 0, 0, 0xff, 0xff, 0xff, 0xff]],
    ['an array of NaN bytes', [1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xf8, 0x7f, 0xc0]],
    ['an array of negative length', [1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xf0, 0xbf, 0xc0]],
    ['an array of 2^70 bytes', [1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x50, 0x44, 0xc0]],
    ['a reference to a missing array', [5, 0, 0, 0, 0, 0, 0, 0, 0xd5, 1, 0x92, 0, 0]],
    ['a truncated value', [1, 0, 0, 0, 0, 0, 0, 0, 0x91]],
    ['two values', [2, 0, 0, 0, 0, 0, 0, 0, 1, 1]],
  ])('destroys the stream after %s', async (_name, bytes) => {
    const { messages, error } = await receive(Buffer.from(bytes));
    expect(messages).toEqual([]);
    expect(error).toMatchObject({ message: 'An invalid message was received.' });
  });

  it('survives nesting that is too deep', async () => {
    const nested = Buffer.concat([Buffer.from([0xa0, 0x86, 1, 0, 0, 0, 0, 0]), Buffer.alloc(100_000, 0x91)]);
    expect((await receive(nested)).error).toBeInstanceOf(Error);
  });

  it('never throws on arbitrary bytes, and never delivers a message with changed prototypes', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), async (body) => {
        const header = Buffer.alloc(8);
        header.writeUInt32LE(body.length, 0);
        const { messages, error } = await receive(Buffer.concat([header, body]));
        expect(messages.length + (error ? 1 : 0)).toBe(1);
        expect(({} as Record<string, unknown>).polluted).toBeUndefined();
      }),
      { numRuns: 500 },
    );
  });
});
