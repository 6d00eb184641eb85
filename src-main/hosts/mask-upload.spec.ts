import { beforeEach, describe, expect, it } from 'vitest';
import { PerchError } from '../common/api/errors.ts';
import { createAssets } from './assets.ts';
import type { FetchHandler } from './assets.ts';
import { fakeServices } from './test/fake-services.ts';

let assets: FetchHandler;
let saved: object[];

beforeEach(() => {
  const { services } = fakeServices();
  saved = [];
  services.annotation.save = async ({ png, ...drawn }) => {
    if (drawn.base === 9) throw new PerchError('CONFLICT', 'It has changed.');
    let bytes = 0;
    for await (const chunk of png) bytes += chunk.length;
    saved.push({ ...drawn, bytes });
    return { ...drawn, revision: 4, groundTruth: 'masked', mask: 'f00', source: 'drawn', pixels: 1, at: '' };
  };
  assets = createAssets(services);
});

const post = (target: string, body: Uint8Array<ArrayBuffer> | null = new Uint8Array(5)) =>
  assets(new Request(`http://127.0.0.1/assets/masks/${target}`, { method: 'POST', body }));

describe('saving a drawn mask', () => {
  it('passes image, author, base and bytes to the service, and responds with the revision', async () => {
    const response = await post('12?author=%C3%85sa&base=3');
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({ image: 12, revision: 4 });
    expect(saved).toEqual([{ image: 12, author: 'Åsa', base: 3, bytes: 5 }]);
  });

  it('passes an empty body to the service, which rejects it', async () => {
    expect((await post('12?author=Ada&base=0', null)).status).toBe(200);
    expect(saved).toMatchObject([{ bytes: 0 }]);
  });

  it('rejects a mask of a window on another store', async () => {
    const response = await post('12?author=Ada&base=0&store=other');
    expect(response.status).toBe(404);
    expect(await response.json()).toMatchObject({ message: expect.stringContaining('another library') });
    expect(saved).toEqual([]);
    expect((await post('12?author=Ada&base=0&store=own')).status).toBe(200);
  });

  it('reports a conflict with a newer revision', async () => {
    const response = await post('12?author=Ada&base=9');
    expect(response.status).toBe(409);
    expect(await response.json()).toMatchObject({ code: 'CONFLICT' });
  });

  it.each([
    '12',
    '12?author=Ada',
    '12?author=&base=0',
    '12?author=%20&base=0',
    `12?author=${'A'.repeat(101)}&base=0`,
    '12?author=Ada&base=-1',
    '12?author=Ada&base=1.5',
    '12?author=Ada&base=',
    'one?author=Ada&base=0',
    '0?author=Ada&base=0',
    '1e3?author=Ada&base=0',
  ])('rejects %s', async (target) => {
    const response = await post(target);
    expect(response.status).toBe(400);
    expect(saved).toEqual([]);
  });

  it('is the only way to change a mask', async () => {
    const response = await assets(new Request('http://127.0.0.1/assets/masks/12', { method: 'DELETE' }));
    expect(response.status).toBe(405);
    expect(response.headers.get('allow')).toBe('GET, HEAD, POST');
  });
});
