import type { Services } from '../services/types.ts';
import { createAssets, isAsset } from './assets.ts';
import type { FetchHandler } from './assets.ts';

/**
 * Creates the handler of the page's origin, which is the same for every host: it serves assets and the built
 * renderer, with security headers.
 *
 * @param renderer the built renderer, as `serveStaticFiles` serves it
 * @param connections other origins that the page may connect to (the web host's WebSocket)
 * @param uploadLimit largest dropped file, in bytes
 */
export function createHttpApp(
  services: Services,
  renderer: FetchHandler,
  connections: string[],
  uploadLimit?: number,
): FetchHandler {
  const assets = createAssets(services, uploadLimit);
  const headers = securityHeaders(connections);
  return async (request) => {
    const response = await (isAsset(new URL(request.url).pathname) ? assets(request) : renderer(request));
    for (const [name, value] of Object.entries(headers)) response.headers.set(name, value);
    return response;
  };
}

/** Headers of every response: scripts and styles of this origin only, no frames, no content sniffing. */
export function securityHeaders(connections: string[]): Record<string, string> {
  return {
    'content-security-policy': contentSecurityPolicy(connections),
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
  };
}

function contentSecurityPolicy(connections: string[]): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "font-src 'self'",
    "img-src 'self' blob: data:",
    ["connect-src 'self'", ...connections].join(' '),
    "worker-src 'self' blob:",
    "frame-ancestors 'none'",
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
}
