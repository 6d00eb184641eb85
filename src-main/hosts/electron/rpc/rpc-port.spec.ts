import { MessageChannel } from 'node:worker_threads';
import type { MessagePort as NodePort } from 'node:worker_threads';
import { createORPCClient } from '@orpc/client';
import { RPCLink } from '@orpc/client/message-port';
import type { ContractRouterClient } from '@orpc/contract';
import { RPCHandler } from '@orpc/server/message-port';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Contract } from '../../../common/api/contract.ts';
import { createRouter } from '../../router.ts';
import { fakeServices } from '../../test/fake-services.ts';
import { isRpcMessage } from '../../rpc-message.ts';
import { serveRpcPort } from './rpc-port.ts';
import type { MainPort } from './rpc-port.ts';

/** Wraps a port of Node as one of Electron's main process, whose messages arrive in events. */
function asMainPort(port: NodePort): MainPort {
  return {
    on: (event: string, listener: (event: { data: unknown }) => void) =>
      port.on(event, (data: unknown) => listener({ data })),
    postMessage: (message) => port.postMessage(message),
    start: () => port.start(),
    close: () => port.close(),
  };
}

function connect() {
  const fake = fakeServices();
  const calls = new RPCHandler(
    createRouter(fake.services, { kind: 'desktop', choose: async () => ['/images'] }),
  );
  const { port1, port2 } = new MessageChannel();
  serveRpcPort(calls, asMainPort(port1));
  const link = new RPCLink({ port: port2 as unknown as MessagePortOfPage });
  port2.start();
  const client: ContractRouterClient<Contract> = createORPCClient(link);
  return { client, port: port2, seen: fake.seen };
}
type MessagePortOfPage = ConstructorParameters<typeof RPCLink>[0]['port'];

const closed = (port: NodePort) => new Promise<void>((resolve) => port.once('close', resolve));

beforeEach(() => void vi.spyOn(console, 'error').mockReturnValue());
afterEach(() => void vi.restoreAllMocks());

describe('a page with a port', () => {
  it('makes calls', async () => {
    const { client, port } = connect();
    expect((await client.datasets.preview({ paths: ['/images/one.png'] })).name).toBe('wood');
    expect(await client.datasets.choose({ kind: 'folder' })).toEqual({ paths: ['/images'] });
    port.close();
  });

  it('receives failures as error reports', async () => {
    const { client, port } = connect();
    await expect(client.datasets.preview({ paths: [] })).rejects.toMatchObject({
      data: { code: 'INVALID_ARGUMENT' },
    });
    const events = await client.datasets.import({ paths: ['broken'] });
    await expect(events.next()).rejects.toMatchObject({ data: { code: 'MODEL_UNUSABLE' } });
    port.close();
  });

  it('cancels an import by ending its iteration', async () => {
    const { client, port, seen } = connect();
    const events = await client.datasets.import({ paths: ['one'] });
    await events.next();
    await events.return?.();
    await vi.waitFor(() => expect(seen).toMatchObject({ running: 0, canceled: 1 }), { timeout: 4000 });
    port.close();
  });

  it('has its imports aborted when its port closes', async () => {
    const { client, port, seen } = connect();
    const events = await client.datasets.import({ paths: ['one'] });
    await events.next();
    port.close();
    await vi.waitFor(() => expect(seen).toMatchObject({ running: 0, canceled: 1 }), { timeout: 4000 });
  });

  it('is disconnected after an invalid message', async () => {
    const { port } = connect();
    const disconnected = closed(port);
    port.postMessage({ i: '1', p: { u: '/datasets/list' } });
    await disconnected;
    expect(console.error).toHaveBeenCalledOnce();
  });
});

describe('an RPC message', () => {
  it.each([
    '{"i":"1","p":{"u":"/datasets/list","b":{"json":{}}}}',
    '{"i":"1","p":{"u":"/datasets/import","h":{"last-event-id":"7"}}}',
    '{"i":"1","t":4}',
  ])('is %s', (message) => expect(isRpcMessage(message)).toBe(true));

  it.each([
    undefined,
    7,
    {},
    new Uint8Array([123, 125]),
    '',
    'null',
    '[]',
    '{"i":"1"}',
    '{"i":1,"p":{"u":"/datasets/list"}}',
    '{"i":"1","p":{"u":"https://evil.example/"}}',
    '{"i":"1","t":3,"p":{}}',
    '{"i":"1","p":{"u":"/a","h":{"content-type":"multipart/form-data"}}}',
    '{"i":"1","p":{"u":"/a","m":"DELETE"}}',
    `"${'x'.repeat(8 * 2 ** 20)}"`,
  ])('is not %s', (message) => expect(isRpcMessage(message)).toBe(false));
});
