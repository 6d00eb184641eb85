import { createHmac } from 'node:crypto';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { DecisionMessage } from '../../../common/api/decision-message.ts';
import { type ErrorReport, PerchError } from '../../../common/api/errors.ts';
import { assertEncrypted, trustedCertificates, unreachable } from './connection.ts';
import type { Target, TargetOf } from './target.ts';

/** Characters of the answer that an error quotes. */
const QUOTED = 200;
/** Statuses for a message that the receiver will never accept. Any other failure may be temporary. */
const REFUSED = new Set([400, 413, 415, 422]);

/** Posts messages as JSON, with a signature. Redirects are not followed. */
export function openWebhook(target: TargetOf<'webhook'>, secret: string): Target {
  const { url } = target;
  assertEncrypted(target);

  async function post(message: DecisionMessage, signal: AbortSignal): Promise<ErrorReport | undefined> {
    const body = JSON.stringify(message);
    const headers = {
      'Content-Type': 'application/json',
      'Content-Length': Buffer.byteLength(body),
      'Idempotency-Key': message.id,
      'X-Perch-Signature': signatureOf(body, secret),
      'User-Agent': `perch/${message.software.version}`,
    };
    const { status, text } = await send(target, headers, body, signal);
    if (status >= 200 && status < 300) return undefined;
    const answer = text && ` and the answer "${text}"`;
    const error = new PerchError(
      'NOT_DELIVERED',
      `${url} refused the message with status ${status}${answer}.`,
    );
    if (REFUSED.has(status)) return { code: error.code, message: error.message };
    throw error;
  }

  return {
    deliver: post,
    async test(message, signal) {
      const refused = await post(message, signal);
      if (refused) throw new PerchError(refused.code, refused.message);
    },
    close: async () => {},
  };
}

/**
 * `t=<seconds since 1970>,v1=<hex>`: the HMAC-SHA256 of the time, a period and the body. A receiver compares it, and refuses an old
 * time, so that a recorded message cannot be sent again.
 */
export function signatureOf(body: string, secret: string, seconds = Math.floor(Date.now() / 1000)): string {
  return `t=${seconds},v1=${createHmac('sha256', secret).update(`${seconds}.${body}`).digest('hex')}`;
}

async function send(
  target: TargetOf<'webhook'>,
  headers: Record<string, string | number>,
  body: string,
  signal: AbortSignal,
): Promise<{ status: number; text: string }> {
  const request = target.url.startsWith('https:') ? httpsRequest : httpRequest;
  const options = { method: 'POST', headers, signal, agent: false, ...trustedCertificates(target) };
  try {
    return await new Promise((resolve, reject) => {
      const sent = request(target.url, options, (response) => {
        beginningOf(response).then((text) => resolve({ status: response.statusCode ?? 0, text }), reject);
      });
      sent.on('error', reject).end(body);
    });
  } catch (cause) {
    throw unreachable(target.url, cause);
  }
}

/** The first characters of an answer, on one line. The rest is not read. */
async function beginningOf(response: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of response.setEncoding('utf8')) {
    text += chunk as string;
    if (text.length > QUOTED) break;
  }
  return text
    .slice(0, QUOTED)
    .replaceAll(/[\p{Cc}\s]+/gu, ' ')
    .trim();
}
