import { z } from 'zod';

/** A message of the calls' protocol: a request, an event of a stream, or an abort. It carries JSON only, no files. */
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

/** Whether the protocol's decoder can be given this: it would end in a rejection that nobody awaits otherwise. */
export function isRpcMessage(message: unknown): message is string {
  if (typeof message !== 'string' || message.length > MESSAGE_LIMIT) return false;
  try {
    return rpcMessage.safeParse(JSON.parse(message)).success;
  } catch {
    return false;
  }
}
