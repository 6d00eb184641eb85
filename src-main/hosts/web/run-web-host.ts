import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { PerchError } from '../../common/api/errors.ts';
import { openServices } from '../../services/create-services.ts';
import type { Services } from '../../services/types.ts';
import { openInBrowser } from './open-browser.ts';
import { startWebHost, type WebHost } from './server.ts';

const USUAL_PORT = 17_320;
/** A browser has opened the page by then, or the person does by hand. */
const OPENING_MS = 60_000;

/**
 * Perch in a browser on this machine, until Ctrl-C. What keeps it from starting is told in a sentence and ends the process.
 *
 * @param args `--port=N` and `--no-open`
 */
export async function runWebHost(args: string[]): Promise<void> {
  await start(args).catch((thrown: unknown) => {
    console.error(sentenceOf(thrown));
    process.exit(1);
  });
}

async function start(args: string[]): Promise<void> {
  const { port, open } = choices(args);
  const services = await openServices();
  const host = await listen(services, port).catch(async (thrown: unknown) => {
    await services.close();
    throw thrown;
  });

  services.runs.claimOrphans();

  let forget = async () => {};
  let ending = false;
  const end = async () => {
    // npm passes on the Ctrl-C that the terminal has sent already, so a second signal means nothing.
    if (ending) return;
    ending = true;
    setTimeout(() => process.exit(1), 10_000).unref();
    await forget();
    await host.close();
    await services.close();
    process.exit(0);
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => void end());

  console.log(`Perch is at ${host.url} (works once; Ctrl-C ends Perch)`);
  if (open && process.stdout.isTTY) {
    const remove = await openInBrowser(host.url);
    forget = remove;
    void Promise.race([host.opened, sleep(OPENING_MS, undefined, { ref: false })]).then(remove);
  }
}

/** The usual port where it is free and no other is asked for: a window that was left open finds a host that is started anew. */
async function listen(services: Services, port: number | undefined): Promise<WebHost> {
  if (port !== undefined) return await startWebHost({ services, port });
  return await startWebHost({ services, port: USUAL_PORT }).catch((thrown: unknown) => {
    if ((thrown as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw thrown;
    return startWebHost({ services });
  });
}

function choices(args: string[]): { port: number | undefined; open: boolean } {
  const usage = 'Use --port=<0 to 65535> and --no-open.';
  try {
    const options = { port: { type: 'string' }, 'no-open': { type: 'boolean' } } as const;
    const { values } = parseArgs({ args, options });
    const port = values.port === undefined ? undefined : Number(values.port);
    if (port !== undefined && !(Number.isInteger(port) && port >= 0 && port <= 65_535))
      throw new RangeError('no such port');
    return { port, open: values['no-open'] !== true };
  } catch (cause) {
    throw new PerchError('INVALID_ARGUMENT', usage, cause);
  }
}

/** What went wrong, in one sentence where it is known. */
function sentenceOf(thrown: unknown): unknown {
  if (thrown instanceof PerchError) return thrown.message;
  if ((thrown as NodeJS.ErrnoException).code === 'EADDRINUSE')
    return 'This port is taken by another program: choose another with --port, or none for any that is free.';
  return thrown;
}
