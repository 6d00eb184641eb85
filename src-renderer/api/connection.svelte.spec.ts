import { beforeEach, describe, expect, it, vi } from 'vitest';
import { ORPCError } from '@orpc/client';
import { Connection } from './connection.svelte.ts';
import { ConnectionLostError } from './failures.ts';
import type { Transport } from './transport.ts';

const openTransport = vi.hoisted(() => vi.fn<() => Promise<Transport>>());
const isRefused = vi.hoisted(() => vi.fn(async () => false));
vi.mock('./transport.ts', () => ({ openTransport, isRefused }));

/** A host with a store. A function answers its other calls. */
function hostOf(store: string, answer: (path: readonly string[]) => unknown = () => ({})) {
  const closed = Promise.withResolvers<undefined>();
  const call = async (path: readonly string[]) =>
    path.join('.') === 'storage.identity' ? { id: store } : await answer(path);
  const transport = { link: { call }, close: vi.fn(), closed: closed.promise } as unknown as Transport;
  return { transport, close: () => closed.resolve(undefined) };
}

describe('Connection', () => {
  const pending = () => new Promise<never>(() => {});

  beforeEach(() => {
    vi.spyOn(console, 'warn').mockImplementation(() => {});
    openTransport.mockReset();
    openTransport.mockImplementation(pending);
    isRefused.mockReset();
    isRefused.mockResolvedValue(false);
  });

  it('makes calls after it has connected, and again after a reconnect', async () => {
    const first = hostOf('store', () => ({ datasets: [1] }));
    const second = hostOf('store', () => ({ datasets: [2] }));
    openTransport.mockResolvedValueOnce(first.transport).mockResolvedValueOnce(second.transport);
    const connection = new Connection();
    const onOpen = vi.fn();
    const early = connection.client.datasets.list();
    void connection.connect(onOpen);
    expect(await early).toEqual({ datasets: [1] });
    first.close();
    await vi.waitFor(() => expect(connection.state).toBe('lost'));
    const late = connection.client.datasets.list();
    expect(await late).toEqual({ datasets: [2] });
    expect([connection.state, connection.connectionCount, onOpen.mock.calls.length]).toEqual(['open', 2, 2]);
  });

  it('connects to no host with another store', async () => {
    const own = hostOf('store');
    const foreign = hostOf('other store');
    openTransport.mockResolvedValueOnce(own.transport).mockResolvedValueOnce(foreign.transport);
    const connection = new Connection();
    void connection.connect(() => {});
    await vi.waitFor(() => expect(connection.state).toBe('open'));
    own.close();
    await vi.waitFor(() => expect(connection.state).toBe('foreign'));
    expect(foreign.transport.close).toHaveBeenCalled();
    expect(connection.connectionCount).toBe(1);
  });

  it('distinguishes a host that refuses the window from no host', async () => {
    openTransport.mockRejectedValueOnce(new Error('closed'));
    isRefused.mockResolvedValueOnce(true);
    const connection = new Connection();
    void connection.connect(() => {});
    await vi.waitFor(() => expect(connection.state).toBe('refused'));
  });

  it("reports the host's errors unchanged, and others as a lost connection", async () => {
    const answer = vi.fn<() => unknown>();
    openTransport.mockResolvedValueOnce(hostOf('store', answer).transport);
    const connection = new Connection();
    void connection.connect(() => {});
    const refusal = new ORPCError('NOT_FOUND');
    answer.mockRejectedValueOnce(refusal).mockRejectedValueOnce(new Error('socket'));
    await expect(connection.client.datasets.list()).rejects.toBe(refusal);
    await expect(connection.client.datasets.list()).rejects.toBeInstanceOf(ConnectionLostError);
  });

  it('is idle when no call is pending', async () => {
    const response = Promise.withResolvers<object>();
    openTransport.mockResolvedValueOnce(hostOf('store', () => response.promise).transport);
    const connection = new Connection();
    void connection.connect(() => {});
    const call = connection.client.datasets.list();
    await vi.waitFor(() => expect(connection.waiting).toBe(true));
    const onIdle = vi.fn();
    void connection.idle().then(onIdle);
    await Promise.resolve();
    expect(onIdle).not.toHaveBeenCalled();
    response.resolve({});
    await call;
    await vi.waitFor(() => expect(onIdle).toHaveBeenCalled());
    expect(connection.waiting).toBe(false);
  });
});
