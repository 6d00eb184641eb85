import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PerchError } from '../../common/api/errors.ts';
import { encodePreview } from './decode-image.ts';
import { readMask } from '../masks/mask.ts';
import { readMap } from './read-map.ts';
import { mutated, seeds } from './test/mutations.ts';

/** Number of files per format. `npm run fuzz` tests many more. */
const FILES = 40;
const MAX_PIXELS = 4e6;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'perch-mutated-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('mutated files', () => {
  it.each(seeds())(
    'of the format $format are read, or rejected with their name and a reason',
    async ({ format, names }) => {
      let rejected = 0;
      const uses = format.startsWith('map')
        ? [readMap]
        : [
            (path: string) => encodePreview(path, 64, { maxPixels: MAX_PIXELS }),
            (path: string) => readMask(path, MAX_PIXELS),
          ];
      for (let number = 0; number < FILES; number++) {
        const { name, bytes } = mutated(names, number);
        const path = join(folder, `${number}${extname(name)}`);
        await writeFile(path, bytes);
        for (const use of uses) {
          const start = performance.now();
          const outcome = await use(path).catch((thrown: unknown) => thrown);
          expect(performance.now() - start, name).toBeLessThan(10_000);
          if (!(outcome instanceof Error)) continue;
          rejected++;
          expect(outcome, `${name} ${number}`).toBeInstanceOf(PerchError);
          expect(outcome.message).toContain(path);
          expect(outcome.message.length).toBeGreaterThan(path.length + 20);
        }
      }
      expect(rejected).toBeGreaterThan(0);
      expect(rejected).toBeLessThan(uses.length * FILES);
    },
  );
});
