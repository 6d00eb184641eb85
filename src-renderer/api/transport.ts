import type { ClientContext, ClientLink } from '@orpc/client';
import { RPCLink as PortLink } from '@orpc/client/message-port';
import { RPCLink as SocketLink } from '@orpc/client/websocket';
import { bridge, portFrom } from './bridge.ts';

/** An open connection to the host. */
export interface Transport {
  link: ClientLink<ClientContext>;
  close(): void;
  /** Resolves when either end closes the connection. */
  closed: Promise<void>;
}

/** Connects to the host: by a message port on the desktop, by a web socket to the page's origin in a browser. */
export async function openTransport(): Promise<Transport> {
  return bridge ? openPort(await portFrom(bridge)) : await openSocket();
}

/** Whether a host answers but rejects this window's cookie, because it was restarted. */
export async function isRefused(): Promise<boolean> {
  if (bridge) return false;
  const answer = await fetch('/', { method: 'HEAD', cache: 'no-store' }).catch(() => undefined);
  return answer?.status === 403;
}

function openPort(port: MessagePort): Transport {
  const closed = new Promise<void>((resolve) => port.addEventListener('close', () => resolve()));
  const link = new PortLink({ port });
  port.start();
  return { link, close: () => port.close(), closed };
}

async function openSocket(): Promise<Transport> {
  const address = new URL('/api', location.href);
  address.protocol = address.protocol === 'https:' ? 'wss:' : 'ws:';
  const socket = new WebSocket(address);
  const closed = new Promise<void>((resolve) => socket.addEventListener('close', () => resolve()));
  const link = new SocketLink({ websocket: socket });
  await new Promise<void>((resolve, reject) => {
    socket.addEventListener('open', () => resolve());
    socket.addEventListener('close', () => reject(new Error('The host did not respond.')));
  });
  return { link, close: () => socket.close(), closed };
}
