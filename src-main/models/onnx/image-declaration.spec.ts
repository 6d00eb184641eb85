import { describe, expect, it } from 'vitest';
import { imageDeclaration, type Layout } from './image-declaration.ts';

const declared = (element: string | undefined, sides: (number | null)[] | undefined, layout?: Layout) =>
  imageDeclaration({ name: 'image', element, sides }, layout);

describe('an image input', () => {
  it.each([
    ['float32', [1, 3, 256, 224], { layout: 'nchw', channels: 3, batch: 1, height: 256, width: 224 }],
    ['float16', [null, 1, null, null], { layout: 'nchw', channels: 1, batch: null, height: null }],
    ['uint8', [null, 480, 640, 3], { layout: 'nhwc', channels: 3, height: 480, width: 640 }],
    ['uint8', [4, 480, 640, 1], { layout: 'nhwc', channels: 1, batch: 4 }],
    ['uint8', [null, null, null, 3], { layout: 'nhwc', channels: 3, height: null }],
    ['float32', [null, null, null, null], { layout: 'nchw', channels: 3, height: null }],
    [undefined, undefined, { type: 'float32', layout: 'nchw', channels: 3, height: null, width: null }],
  ])('is found by its shape: %s %j', (element, sides, expected) => {
    expect(declared(element, sides)).toMatchObject(expected);
  });

  it('has the layout that the user gives', () => {
    expect(declared('float32', [1, 3, 64, 3], 'nhwc')).toMatchObject({
      layout: 'nhwc',
      height: 3,
      width: 64,
    });
    expect(declared('float32', [1, null, null, null], 'nhwc')).toMatchObject({ layout: 'nhwc', channels: 3 });
  });

  it.each([
    ['int64', [1, 3, 8, 8], /"image" takes int64/],
    ['float32', [1, 2, 8, 8], /takes \[1, 2, 8, 8\]/],
    ['float32', [3, 8, 8], /takes \[3, 8, 8\]/],
    ['float32', [1, 3, 8, 8, 8], /takes \[1, 3, 8, 8, 8\]/],
  ])('is refused: %s %j', (element, sides, reason) => {
    expect(() => declared(element, sides)).toThrow(reason);
  });
});
