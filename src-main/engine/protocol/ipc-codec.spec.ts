import { Duplex } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { receiveMessages, sendMessage } from './ipc-codec.ts';

/** A stream that hands on what is written in pieces of a few bytes. */
function pieces(size: number): Duplex {
  return new Duplex({
    read() {},
    write(chunk: Buffer, _encoding, done) {
      for (let at = 0; at < chunk.length; at += size) this.push(chunk.subarray(at, at + size));
      done();
    },
  });
}

const messages = [
  { type: 'plain', text: 'Prüfung 布', nested: { list: [1, null, 'x'] } },
  {
    floats: Float32Array.of(1.5, -0, NaN, Infinity),
    bytes: Uint8Array.of(0, 255),
    empty: new Float32Array(0),
  },
  { view: new Float32Array(new Float32Array([9, 8, 7, 6]).buffer, 4, 2) },
  { buffer: Buffer.from('bytes of a Buffer') },
  { large: Float32Array.from({ length: 50_000 }, (_, i) => i) },
];

describe('the wire between host and engine', () => {
  it.each([1, 7, 65_536])('carries values and typed arrays, in pieces of %i bytes', async (size) => {
    const stream = pieces(size);
    const received: unknown[] = [];
    receiveMessages(stream, (message) => received.push(message));
    for (const message of messages) sendMessage(stream, message);
    await new Promise((resolve) => setTimeout(resolve, 50));
    const plain = (message: unknown) => (Buffer.isBuffer(message) ? new Uint8Array(message) : message);
    expect(received).toEqual(
      messages.map((message) =>
        Object.fromEntries(Object.entries(message).map(([key, value]) => [key, plain(value)])),
      ),
    );
  });
});
