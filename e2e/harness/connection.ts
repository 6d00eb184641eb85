import { createORPCClient } from '@orpc/client';
import { RPCLink } from '@orpc/client/websocket';
import type { ContractRouterClient } from '@orpc/contract';
import { WebSocket } from 'ws';
import type { Contract } from '../../src-main/common/api/contract.ts';
import type { Host } from './host.ts';

/** A page's connection to its host, without a page. */
export interface Connection {
  calls: ContractRouterClient<Contract>;
  /** Requests or posts an asset. */
  fetch(path: string, request?: RequestInit): Promise<Response>;
  close(): void;
}

/** Connects as a page does, with the address that the host printed and that works once. */
export async function connect({ url }: Host): Promise<Connection> {
  const { origin } = new URL(url);
  const { headers } = await fetch(url, { redirect: 'manual' });
  const own = { origin, cookie: headers.getSetCookie()[0].split(';')[0] };
  const socket = new WebSocket(`${origin.replace('http', 'ws')}/api`, { headers: own });
  await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
  return {
    calls: createORPCClient(new RPCLink({ websocket: socket as unknown as globalThis.WebSocket })),
    fetch: (path, request) => fetch(new URL(path, origin), { ...request, headers: own }),
    close: () => socket.close(),
  };
}
