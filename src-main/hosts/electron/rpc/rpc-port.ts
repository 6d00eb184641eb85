import type { RPCHandler } from '@orpc/server/message-port';
import { isRpcMessage } from '../../rpc-message.ts';

/** A port as Electron's main process has it (`MessagePortMain`). */
export interface MainPort {
  on(event: 'message', listener: (event: { data: unknown }) => void): unknown;
  on(event: 'close', listener: () => void): unknown;
  postMessage(message: unknown): void;
  start(): void;
  close(): void;
}

/**
 * Answers the calls of the page on a port. A port that closes (the page was reloaded or its window closed) takes its
 * calls with it; one that speaks anything else is closed.
 */
export function serveRpcPort(calls: RPCHandler<Record<never, never>>, port: MainPort): void {
  calls.upgrade({
    on: (event, listener) => {
      if (event === 'close') port.on('close', () => listener());
      if (event !== 'message') return;
      port.on('message', ({ data }) => {
        if (isRpcMessage(data)) return listener({ data });
        console.error('A window was disconnected: it sent what is no call.');
        port.close();
      });
    },
    postMessage: (message: unknown) => port.postMessage(message),
  });
  port.start();
}
