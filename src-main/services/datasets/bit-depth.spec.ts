import { copyFile, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { decodeImage } from '../../engine/readers/decode-image.ts';
import { fixture } from '../../engine/readers/test/fixtures.ts';
import { addResult } from '../../test/store.ts';
import { imageSource } from './image-source.ts';
import { imported, root, setUpImports, temporary } from './test/importing.ts';

setUpImports();

/** Copies fixtures into a class. */
async function lay(...names: string[]): Promise<void> {
  await mkdir(join(root, 'cloth'), { recursive: true });
  for (const name of names) await copyFile(fixture(name), join(root, 'cloth', name));
}

const imagesOf = (dataset: { id: number }) => temporary.store.images.listByDataset(dataset.id);
const depths = (dataset: { id: number }) => imagesOf(dataset).map(({ bitDepth }) => bitDepth);

describe('the bit depth of 16-bit images', () => {
  it('is determined per class and used by inspections', async () => {
    await lay('gray12in16.tif', 'gray.png');
    const { dataset, problems } = await imported();
    expect(depths(dataset)).toEqual([undefined, 12]);
    expect(problems).toContainEqual(
      expect.objectContaining({
        kind: 'note',
        message: 'cloth: 1 image with 16 bits is read as 12-bit, based on the values of the class.',
      }),
    );
    const [plain, deep] = await Promise.all(
      imagesOf(dataset).map((image) => {
        const { path, ...options } = imageSource(image);
        return decodeImage(path, { maxPixels: 1e6, ...options });
      }),
    );
    for (let i = 0; i < plain.values.length; i++) expect(deep.values[i]).toBeCloseTo(plain.values[i], 2);
  });

  it('can be set, is kept by later imports, and can be detected again', async () => {
    await lay('gray12in16.tif');
    const { dataset } = await imported(undefined, { bitDepth: 14 });
    expect(depths(dataset)).toEqual([14]);
    expect(depths((await imported()).dataset)).toEqual([14]);
    expect(depths((await imported(undefined, { bitDepth: 'auto' })).dataset)).toEqual([12]);
  });

  it('removes the results that depend on another depth', async () => {
    await lay('gray12in16.tif');
    const { dataset } = await imported();
    const [image] = imagesOf(dataset);
    const definition = { extractor: 'colors', statistic: 'fca', reference: 'median', patchSize: 9 };
    const computed = temporary.store.methods.upsertDefinition(definition, 'made').id;
    const brought = temporary.store.methods.upsertImported('brought').id;
    for (const method of [computed, brought])
      await addResult(temporary.store, { image: image.id, method, max: 1, threshold: 0.5 });
    const found = (method: number) =>
      temporary.store.results.find({
        image: image.id,
        method,
        imageSha256: 'f'.repeat(64),
        modelSha256: null,
      });
    expect([found(computed), found(brought)].every(Boolean)).toBe(true);
    await imported(undefined, { bitDepth: 16 });
    expect([found(computed) !== undefined, found(brought) !== undefined]).toEqual([false, true]);
  });
});

describe('pages of a file', () => {
  it('are separate images', async () => {
    await lay('pages.tif');
    const { dataset } = await imported();
    expect(imagesOf(dataset).map((image) => [image.name, imageSource(image).path])).toEqual(
      [1, 2, 3].map((page) => [`pages.tif #${page}`, `${join(root, 'cloth', 'pages.tif')}#${page}`]),
    );
  });
});
