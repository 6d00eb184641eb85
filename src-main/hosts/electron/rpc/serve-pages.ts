import { RPCHandler } from '@orpc/server/message-port';
import { ipcMain, MessageChannelMain, protocol } from 'electron';
import { z } from 'zod';
import type { Services } from '../../../services/types.ts';
import { serveStaticFiles } from '../../static-files.ts';
import { createRouter, type HostCapabilities } from '../../router.ts';
import { createHttpApp } from '../../http-app.ts';
import { serveRpcPort } from './rpc-port.ts';
import { channels } from '../channels.ts';
import { servePrintedPage } from '../windows/print-page.ts';
import { isAppUrl, isAppFrame, isPrintUrl, appScheme } from '../security/policy.ts';

/**
 * Serves the page and its assets under Perch's own scheme, and gives a port for calls only to Perch's own
 * pages (rule 17 of Electron's security checklist).
 *
 * @param renderer folder of the built renderer
 * @throws PerchError `NOT_FOUND` if the renderer has not been built
 */
export async function servePages(
  services: Services,
  renderer: string,
  capabilities: HostCapabilities,
): Promise<void> {
  const app = createHttpApp(services, await serveStaticFiles(renderer), []);
  protocol.handle(appScheme, async (request) => {
    if (isAppUrl(request.url)) return await app(request);
    return isPrintUrl(request.url) ? servePrintedPage(request.url) : new Response(null, { status: 404 });
  });
  const calls = new RPCHandler(createRouter(services, capabilities));
  const noPayload = z.tuple([]);
  ipcMain.on(channels.connect, (event, ...payload) => {
    const frame = event.senderFrame;
    if (frame === null || !isAppFrame(frame) || !noPayload.safeParse(payload).success) return;
    const { port1, port2 } = new MessageChannelMain();
    serveRpcPort(calls, port1);
    frame.postMessage(channels.port, null, [port2]);
  });
}
