import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { addImages } from '../../test/store.ts';
import {
  HEIGHT,
  WIDTH,
  annotation,
  drawing,
  grayOf,
  half,
  images,
  revisions,
  save,
  signal,
  store,
} from './test/fixture.ts';

describe('saving a drawn mask', () => {
  it('stores a drawn mask as 0 and 255, counts it and reports the change of ground truth', async () => {
    let reported = 0;
    store.changes.on('datasets', () => reported++);
    const saved = await save(await drawing(5, { level: 200 }), 0);
    expect(saved).toMatchObject({
      revision: 1,
      groundTruth: 'masked',
      pixels: 5,
      author: 'Ada',
      source: 'drawn',
    });
    const gray = await grayOf(await store.blobs.read(saved.mask ?? ''));
    expect(gray).toEqual(gray.map((_, at) => (at >= WIDTH && at < WIDTH + 5 ? 255 : 0)));
    expect(store.images.get(images[0])).toMatchObject({ mask: saved.mask, revision: 1, annotated: true });
    expect(reported).toBe(1);
  });

  it('marks the image as normal if the mask has no anomalous pixel', async () => {
    expect(await save(await drawing(0), 0)).toMatchObject({ groundTruth: 'normal', mask: null, pixels: 0 });
  });

  it('refuses a mask drawn over an older revision, and keeps the latest', async () => {
    await save(await drawing(1), 0);
    const mine = await drawing(2);
    const [ada, asa] = await Promise.allSettled([
      save(mine, 1),
      save(await drawing(3), 1, { author: 'Åsa' }),
    ]);
    expect([ada.status, asa.status].sort()).toEqual(['fulfilled', 'rejected']);
    expect([ada, asa].find(({ status }) => status === 'rejected')).toMatchObject({
      reason: { code: 'CONFLICT' },
    });
    expect(await revisions()).toHaveLength(2);
  });

  it('creates no second revision when a save is repeated after a lost response', async () => {
    const png = await drawing();
    const saved = await save(png, 0);
    expect(await save(png, 0)).toEqual(saved);
    expect(await save(png, 1)).toEqual(saved);
    await expect(save(png, 0, { author: 'Åsa' })).rejects.toMatchObject({ code: 'CONFLICT' });
    expect(await revisions()).toHaveLength(1);
  });

  it('refuses a mask for an image that no longer exists', async () => {
    await expect(save(await drawing(), 0, { image: 99 })).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it.each<[string, () => Promise<Uint8Array>]>([
    ['nothing', async () => new Uint8Array()],
    ['no image', async () => Buffer.from('<svg/>')],
    ['an incomplete mask', half],
    ['another size', () => drawing(5, { width: HEIGHT, height: WIDTH })],
    [
      'JPEG',
      async () =>
        sharp(await drawing())
          .jpeg()
          .toBuffer(),
    ],
    [
      'an image in color',
      async () =>
        sharp(await drawing())
          .toColourspace('srgb')
          .png()
          .toBuffer(),
    ],
    [
      '16 bits',
      async () =>
        sharp(await drawing())
          .toColourspace('grey16')
          .png()
          .toBuffer(),
    ],
    ['a huge size in its header', async () => claiming(await drawing(), 60_000)],
    ['more bytes than it can have', async () => Buffer.concat([await drawing(), Buffer.alloc(100_000)])],
  ])('refuses %s and saves nothing', async (_, png) => {
    await expect(save(await png(), 0)).rejects.toMatchObject({ code: 'INVALID_MASK' });
    expect(await revisions()).toEqual([]);
  });

  it('saves a mask of 4096 x 4096 pixels', async () => {
    const side = { width: 4096, height: 4096 };
    const large = addImages(store, [side], 'large').images[0];
    expect(await save(await drawing(4000, side), 0, { image: large })).toMatchObject({ pixels: 4000 });
  });
});

/** Returns the PNG with a different size in its header. */
function claiming(png: Buffer, side: number): Buffer {
  const changed = Buffer.from(png);
  changed.writeUInt32BE(side, 16);
  changed.writeUInt32BE(side, 20);
  return changed;
}

describe('revisions', () => {
  it('are all kept, and any of them can be restored as the latest', async () => {
    const { mask } = await save(await drawing(), 0);
    await annotation.mark({ image: images[0], author: 'Åsa', groundTruth: 'normal' }, signal);
    await annotation.mark({ image: images[0], author: 'Åsa', groundTruth: 'unknown' }, signal);
    const restored = await annotation.restore({ image: images[0], author: 'Ada', revision: 1 }, signal);
    expect(restored).toMatchObject({
      revision: 4,
      groundTruth: 'masked',
      mask,
      pixels: 5,
      source: 'restored',
    });
    expect((await revisions()).map(({ groundTruth }) => groundTruth)).toEqual([
      'masked',
      'normal',
      'unknown',
      'masked',
    ]);
    const missing = annotation.restore({ image: images[0], author: 'Ada', revision: 9 }, signal);
    await expect(missing).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });
});

describe('resetting the ground truth to unknown', () => {
  it('adds a revision, or restores the state before the first one', async () => {
    await save(await drawing(0), 0);
    const unknown = { groundTruth: 'unknown', mask: null, pixels: 0 };
    const by = { image: images[0], author: 'Ada' };
    expect(await annotation.mark({ ...by, groundTruth: 'unknown' }, signal)).toMatchObject(unknown);
    expect(store.images.get(images[0]).groundTruth).toBe('unknown');
    await save(await drawing(5), 2);
    const restored = await annotation.restore({ ...by, revision: 0 }, signal);
    expect(restored).toMatchObject({ ...unknown, revision: 4, source: 'restored' });
  });

  it('is refused over a newer revision, and adds one revision when repeated', async () => {
    await save(await drawing(5), 0);
    const mark = (base: number, author = 'Ada') =>
      annotation.mark({ image: images[0], author, groundTruth: 'unknown', base }, signal);
    await expect(mark(0)).rejects.toMatchObject({ code: 'CONFLICT' });
    const marked = await mark(1);
    expect(await mark(1)).toEqual(marked);
    await expect(mark(1, 'Åsa')).rejects.toMatchObject({ code: 'CONFLICT' });
  });
});
