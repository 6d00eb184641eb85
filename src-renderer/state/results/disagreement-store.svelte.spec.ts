import { expect, it, vi } from 'vitest';
import type { Client } from '../../api/connection.svelte.ts';
import { Notices } from '../notices.svelte.ts';
import { DisagreementStore } from './disagreement-store.svelte.ts';

type Response = Awaited<ReturnType<Client['evaluation']['disagreement']>>;
const load = vi.fn<() => Promise<Response>>();
const responseOf = (disagreement: number) => ({ images: [{ image: 1, disagreement }] }) as Response;
const create = () =>
  new DisagreementStore({ evaluation: { disagreement: load } } as unknown as Client, new Notices());

it('is empty for fewer than two methods', async () => {
  const store = create();
  load.mockResolvedValueOnce(responseOf(0.5));
  await store.load(1, [7, 8]);
  expect(store.byImage.get(1)).toBe(0.5);
  await store.load(1, [7]);
  expect(store.byImage.size).toBe(0);
});

it('ignores the response to an earlier request', async () => {
  const store = create();
  const slow = Promise.withResolvers<Response>();
  load.mockImplementationOnce(() => slow.promise).mockResolvedValueOnce(responseOf(0.75));
  const first = store.load(1, [7, 8]);
  await store.load(1, [7, 9]);
  slow.resolve(responseOf(0.25));
  await first;
  expect(store.byImage.get(1)).toBe(0.75);
});
