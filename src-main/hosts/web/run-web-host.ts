import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { PerchError } from '../../common/api/errors.ts';
import { openServices } from '../../services/create-services.ts';
import type { Services } from '../../services/types.ts';
import { openInBrowser } from './open-browser.ts';
import { startWebHost, type WebHost } from './server.ts';

const DEFAULT_PORT = 17_320;
/** Time until the browser has opened the page. */
const OPEN_TIMEOUT_MS = 60_000;

/**
 * Serves Perch to a browser on this machine until Ctrl-C. Exits with a message if it cannot start.
 *
 * @param args `--port=N` and `--no-open`
 */
export async function runWebHost(args: string[]): Promise<void> {
  await start(args).catch((thrown: unknown) => {
    console.error(describeFailure(thrown));
    process.exit(1);
  });
}

async function start(args: string[]): Promise<void> {
  const { port, open } = parseOptions(args);
  const services = await openServices();
  const host = await listen(services, port).catch(async (thrown: unknown) => {
    await services.close();
    throw thrown;
  });

  services.runs.claimOrphans();
  services.stations.claimOrphans();
  services.outputs.deliver();

  let cleanUp = async () => {};
  let isShuttingDown = false;
  const shutdown = async () => {
    // The terminal and npm both send the signal of Ctrl-C.
    if (isShuttingDown) return;
    isShuttingDown = true;
    setTimeout(() => process.exit(1), 10_000).unref();
    await cleanUp();
    await host.close();
    await services.close();
    process.exit(0);
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => void shutdown());

  console.log(`Perch is at ${host.url} (works once; press Ctrl-C to quit)`);
  if (open && process.stdout.isTTY) {
    const remove = await openInBrowser(host.url);
    cleanUp = remove;
    void Promise.race([host.opened, sleep(OPEN_TIMEOUT_MS, undefined, { ref: false })]).then(remove);
  }
}

/** Uses the default port if it is free, so that a page that is still open reconnects after a restart. */
async function listen(services: Services, port: number | undefined): Promise<WebHost> {
  if (port !== undefined) return await startWebHost({ services, port });
  return await startWebHost({ services, port: DEFAULT_PORT }).catch((thrown: unknown) => {
    if ((thrown as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw thrown;
    return startWebHost({ services });
  });
}

function parseOptions(args: string[]): { port: number | undefined; open: boolean } {
  const usage = 'Usage: npm run web -- [--port=N] [--no-open], with N from 0 to 65535.';
  try {
    const options = { port: { type: 'string' }, 'no-open': { type: 'boolean' } } as const;
    const { values } = parseArgs({ args, options });
    const port = values.port === undefined ? undefined : Number(values.port);
    if (port !== undefined && !(Number.isInteger(port) && port >= 0 && port <= 65_535))
      throw new RangeError('invalid port');
    return { port, open: values['no-open'] !== true };
  } catch (cause) {
    throw new PerchError('INVALID_ARGUMENT', usage, cause);
  }
}

/** A sentence for an expected failure, and the error itself otherwise. */
function describeFailure(thrown: unknown): unknown {
  if (thrown instanceof PerchError) return thrown.message;
  if ((thrown as NodeJS.ErrnoException).code === 'EADDRINUSE')
    return 'The port is in use. Choose another one with --port, or leave it out to use any free port.';
  return thrown;
}
