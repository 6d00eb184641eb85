import { describe, expect, it } from 'vitest';
import { imagePoint, partOf } from './roll-geometry.ts';

describe('places on a roll', () => {
  const rectangle = { x: 10, y: 200, width: 30, height: 40 };

  it('are measured along its direction', () => {
    expect(partOf(rectangle, 'down')).toEqual({ along: 200, length: 40, across: 10, width: 30 });
    expect(partOf(rectangle, 'right')).toEqual({ along: 10, length: 30, across: 200, width: 40 });
  });

  it.each(['down', 'right'] as const)('convert back to the image: %s', (direction) => {
    const { x, y } = rectangle;
    expect(imagePoint(partOf(rectangle, direction), direction)).toEqual({ x, y });
  });
});
