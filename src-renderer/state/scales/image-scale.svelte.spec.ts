import { expect, it } from 'vitest';
import type { Scale } from '../../../src-main/common/scale.ts';
import { ImageScale, type ImageScaleDeps } from './image-scale.svelte.ts';

const scaleWith = (roll?: { scale: Scale | null; direction: 'down' | 'right' }) =>
  new ImageScale({
    selection: { image: { id: 7, textureClass: 'linen' } },
    scales: { of: (name?: string) => (name === 'linen' ? { across: 0.1, along: 0.2 } : undefined) },
    rolls: { byImage: new Map(roll && [[7, { ...roll, image: 7 }]]) },
  } as unknown as ImageScaleDeps);

it('is that of the class', () => {
  expect(scaleWith()).toMatchObject({ pixel: { x: 0.1, y: 0.2 }, ownRoll: undefined });
});

it('is turned for a roll to the right', () => {
  const scale = scaleWith({ scale: null, direction: 'right' });
  expect(scale).toMatchObject({ pixel: { x: 0.2, y: 0.1 }, ownRoll: undefined });
  expect(scale.scaleAt({ x: 0.4, y: 0.3 })).toEqual({ across: 0.3, along: 0.4 });
});

it('is that of a roll that has its own', () => {
  const direction = 'down';
  expect(scaleWith({ scale: { across: 0.5, along: 0.6 }, direction })).toMatchObject({
    pixel: { x: 0.5, y: 0.6 },
    ownRoll: 7,
  });
  expect(scaleWith({ scale: { across: 0.1, along: 0.2 }, direction }).ownRoll).toBeUndefined();
});
