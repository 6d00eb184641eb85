import { describe, expect, it } from 'vitest';
import { createAssets } from './assets.ts';
import { fakeServices } from './test/fake-services.ts';

const answer = createAssets(fakeServices().services);
const get = (path: string, headers: Record<string, string> = {}) =>
  answer(new Request(`http://perch/assets/${path}`, { headers }));
const bytesOf = async (response: Response) => [...new Uint8Array(await response.arrayBuffer())];

describe('images of datasets', () => {
  it('are sent in full or as thumbnails, and only once while the file is unchanged', async () => {
    const whole = await get('images/7');
    expect(await bytesOf(whole)).toEqual([7, 0]);
    expect(whole.headers.get('content-type')).toBe('image/png');
    const small = await get('images/7?side=64');
    expect(await bytesOf(small)).toEqual([7, 64]);
    const tags = [whole, small].map(({ headers }) => headers.get('etag') ?? '');
    expect(tags[0]).not.toBe(tags[1]);
    const again = await get('images/7?side=64', { 'if-none-match': tags[1] });
    expect([again.status, await bytesOf(again)]).toEqual([304, []]);
    expect((await get('images/7', { 'if-none-match': tags[1] })).status).toBe(200);
  });

  it.each([
    ['an unknown image', 'images/8', 404, 'NOT_FOUND'],
    ['an id that is not a number', 'images/x', 404, 'NOT_FOUND'],
    ['an invalid size', 'images/7?side=0', 400, 'INVALID_ARGUMENT'],
  ])('reports %s, and the response is not cached', async (_, path, status, code) => {
    const response = await get(path);
    expect(response.status).toBe(status);
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect(await response.json()).toEqual({ code, message: expect.any(String) });
  });
});

describe('tiles', () => {
  it('of images have an ETag, those of maps are cached forever', async () => {
    const tile = await get('images/7/tiles/2/3/4');
    expect(await bytesOf(tile)).toEqual([7, 2, 3, 4]);
    const tag = tile.headers.get('etag') ?? '';
    expect((await get('images/7/tiles/2/3/4', { 'if-none-match': tag })).status).toBe(304);
    const values = await get('images/7/tiles/0/3/4?values', { 'if-none-match': tag });
    expect(await bytesOf(values)).toEqual([7, 16, 3, 4]);
    const map = await get(`maps/${'a'.repeat(64)}/tiles/1/0/2`);
    expect(await bytesOf(map)).toEqual([1, 0, 2]);
    expect(map.headers.get('cache-control')).toContain('immutable');
  });

  it.each(['images/8/tiles/0/0/0', 'images/x/tiles/0/0/0', 'images/7/tiles/0/0', 'images/7/tiles/-1/0/0'])(
    'do not exist at %s',
    async (path) => {
      expect((await get(path)).status).toBe(404);
    },
  );
});

describe('maps and masks', () => {
  it('are named by their content and cached forever', async () => {
    for (const kind of ['maps', 'masks']) {
      const response = await get(`${kind}/${'a'.repeat(64)}`);
      expect(await bytesOf(response)).toEqual([1, 2, 3]);
      expect(response.headers.get('cache-control')).toContain('immutable');
      expect((await get(`${kind}/${'b'.repeat(64)}`)).status).toBe(404);
    }
  });
});
