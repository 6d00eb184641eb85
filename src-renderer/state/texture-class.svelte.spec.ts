import { describe, expect, it } from 'vitest';
import type { Inspection } from '../../src-main/api/schemas.ts';
import { OpenImage } from './open-image.svelte.ts';
import { TextureClass } from './texture-class.svelte.ts';

function inspected(min: number, max: number, threshold: number): OpenImage {
  const image = new OpenImage({ id: `${min} ${max}`, name: 'a.png', textureClass: 'linen', path: '/a.png' });
  const inspection = { map: 'm', min, max, threshold } as Inspection;
  image.outcome = { state: 'inspected', inspection };
  return image;
}

describe('a texture class', () => {
  it('proposes the mean threshold until a person chooses one', () => {
    const linen = new TextureClass('linen');
    linen.images = [inspected(0, 4, 1), inspected(1, 8, 3)];
    expect(linen.threshold).toBe(2);
    linen.chosen = 5;
    expect(linen.threshold).toBe(5);
    expect(linen.proposed).toBe(2);
    expect(linen.above).toBe(1);
  });

  it('widens its scale with the images that come', () => {
    const linen = new TextureClass('linen');
    linen.images = [inspected(1, 4, 2)];
    expect(linen.scale).toEqual({ low: 1, high: 4 });
    linen.images = [...linen.images, inspected(0, 9, 2)];
    expect(linen.scale).toEqual({ low: 0, high: 9 });
  });

  it('has nothing to say of images that wait', () => {
    const linen = new TextureClass('linen');
    linen.images = [new OpenImage({ id: '1', name: 'a.png', textureClass: 'linen', path: '/a.png' })];
    expect(linen.threshold).toBeUndefined();
    expect(linen.above).toBe(0);
  });
});
