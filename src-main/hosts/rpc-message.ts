import { z } from 'zod';

/** A message of the RPC protocol: a request, an event of a stream, or an abort. JSON only, without files. */
const rpcMessage = z.union([
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

/** Largest message, in characters. */
export const MESSAGE_LIMIT = 8 * 2 ** 20;

/** Whether the decoder accepts a message. Other messages would cause an unhandled rejection in it. */
export function isRpcMessage(message: unknown): message is string {
  if (typeof message !== 'string' || message.length > MESSAGE_LIMIT) return false;
  try {
    return rpcMessage.safeParse(JSON.parse(message)).success;
  } catch {
    return false;
  }
}
