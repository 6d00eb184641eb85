import type { RPCHandler } from '@orpc/server/message-port';
import { isRpcMessage } from '../../rpc-message.ts';

/** The part of Electron's `MessagePortMain` that calls need. */
export interface MainPort {
  on(event: 'message', listener: (event: { data: unknown }) => void): unknown;
  on(event: 'close', listener: () => void): unknown;
  postMessage(message: unknown): void;
  start(): void;
  close(): void;
}

/**
 * Serves a page's calls on a port. If the port closes because the page reloads or its window closes, aborts
 * its calls. Closes a port that receives an invalid message.
 */
export function serveRpcPort(calls: RPCHandler<Record<never, never>>, port: MainPort): void {
  calls.upgrade({
    on: (event, listener) => {
      if (event === 'close') port.on('close', () => listener());
      if (event !== 'message') return;
      port.on('message', ({ data }) => {
        if (isRpcMessage(data)) return listener({ data });
        console.error('Disconnected a page that sent an invalid message.');
        port.close();
      });
    },
    postMessage: (message: unknown) => port.postMessage(message),
  });
  port.start();
}
