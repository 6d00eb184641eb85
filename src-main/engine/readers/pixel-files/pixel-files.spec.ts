import { mkdtemp, open, rm } from 'node:fs/promises';
import { readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { decodeImage } from '../decode-image.ts';
import { toPlanes } from '../rgb-planes.ts';
import { fixture } from '../test/fixtures.ts';
import { makeFromStream, makePixels } from './make-pixels.ts';
import { openStream } from './open-stream.ts';
import { storedSource } from './stored-source.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'perch-pixels-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const names = readdirSync(fixture('')).filter((name) => /\.\w+$/.test(name) && !/\.(npy|json)$/.test(name));

describe.each([8, 12, undefined])('files of any format, with bit depth %s', (bitDepth) => {
  it.each(names)('%s', async (name) => {
    const path = fixture(name);
    const wanted = await decodeImage(path, { maxPixels: 1e6, bitDepth }).catch((cause: unknown) => cause);
    for (const make of [makeFromStream, makePixels]) {
      const to = join(folder, 'pixels');
      await rm(to, { force: true });
      const made = async () => {
        const stream = await openStream(path);
        if (stream.whole !== undefined && make === makeFromStream) return undefined;
        const image = await make(path, stream, to, { bitDepth });
        return storedSource(await open(to), image, { path, name, sha256: '', bitDepth });
      };
      const source = await made().catch((cause: unknown) => cause);
      if (wanted instanceof Error) {
        expect(source).toBeInstanceOf(Error);
        expect((source as Error).message).toBe(wanted.message);
        continue;
      }
      if (source === undefined) continue;
      if (source instanceof Error) throw source;
      const { width, height, notes, read, close, depth } = source as Awaited<ReturnType<typeof storedSource>>;
      const planes = toPlanes(await read({ left: 0, top: 0, width, height }));
      const { notes: wantedNotes, ...image } = wanted as Awaited<ReturnType<typeof decodeImage>>;
      expect(planes).toEqual(image);
      expect([...notes].sort()).toEqual([...wantedNotes].sort());
      const crop = { left: 1, top: 2, width: width - 3, height: height - 2 };
      const part = await decodeImage(path, { maxPixels: 1e6, bitDepth, crop });
      expect(toPlanes(await read(crop)).values).toEqual(part.values);
      expect([8, 16]).toContain(depth);
      await close();
    }
  });
});
