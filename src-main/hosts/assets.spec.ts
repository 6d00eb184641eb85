import { describe, expect, it } from 'vitest';
import { createAssets } from './assets.ts';
import { fakeServices } from './test/fake-services.ts';

const answer = createAssets(fakeServices().services);
const get = (path: string, headers: Record<string, string> = {}) =>
  answer(new Request(`http://perch/assets/${path}`, { headers }));
const bytesOf = async (response: Response) => [...new Uint8Array(await response.arrayBuffer())];

describe('images of datasets', () => {
  it('come whole or shrunk, and are not sent again as long as their file is the same', async () => {
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

  it('that are not there are told', async () => {
    for (const path of ['images/8', 'images/x', 'images/7?side=0']) {
      const response = await get(path);
      expect([400, 404]).toContain(response.status);
      expect(response.headers.get('cache-control')).toBe('no-store');
    }
  });
});

describe('maps and masks', () => {
  it('are named by their content, and kept by the page for good', async () => {
    for (const kind of ['maps', 'masks']) {
      const response = await get(`${kind}/${'a'.repeat(64)}`);
      expect(await bytesOf(response)).toEqual([1, 2, 3]);
      expect(response.headers.get('cache-control')).toContain('immutable');
      expect((await get(`${kind}/${'b'.repeat(64)}`)).status).toBe(404);
    }
  });
});
