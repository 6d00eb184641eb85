import type { RPCHandler } from '@orpc/server/message-port';
import { z } from 'zod';

/** A port as Electron's main process has it (`MessagePortMain`). */
export interface MainPort {
  on(event: 'message', listener: (event: { data: unknown }) => void): unknown;
  on(event: 'close', listener: () => void): unknown;
  postMessage(message: unknown): void;
  start(): void;
  close(): void;
}

/** Largest message, in characters; the same as on the web socket of the browser host. */
const messageLimit = 8 * 2 ** 20;

/** A message of the calls' protocol: a request, an event of a stream, or an abort. It carries JSON only, no files. */
const callMessage = z.union([
  z.strictObject({
    i: z.string(),
    t: z.literal(1).optional(),
    p: z.strictObject({
      u: z.string().startsWith('/'),
      b: z.unknown().optional(),
      h: z.strictObject({ 'last-event-id': z.string().optional() }).optional(),
      m: z.enum(['GET', 'POST']).optional(),
    }),
  }),
  z.strictObject({ i: z.string(), t: z.literal(4), p: z.unknown().optional() }),
]);

/** Whether the protocol's decoder can be given this: it would end in a rejection that nobody awaits otherwise. */
export function isCallMessage(message: unknown): boolean {
  if (typeof message !== 'string' || message.length > messageLimit) return false;
  try {
    return callMessage.safeParse(JSON.parse(message)).success;
  } catch {
    return false;
  }
}

/**
 * Answers the calls of the page on a port. A port that closes (the page was reloaded or its window closed) takes its
 * calls with it; one that speaks anything else is closed.
 */
export function answerCalls(calls: RPCHandler<Record<never, never>>, port: MainPort): void {
  calls.upgrade({
    on: (event, listener) => {
      if (event === 'close') port.on('close', () => listener());
      if (event !== 'message') return;
      port.on('message', ({ data }) => {
        if (isCallMessage(data)) return listener({ data });
        console.error('A window was disconnected: it sent what is no call.');
        port.close();
      });
    },
    postMessage: (message: unknown) => port.postMessage(message),
  });
  port.start();
}
