import { openServices } from '../../services/open.ts';
import type { Services } from '../../services/services.ts';

/**
 * Runs a command's work with the services of a host, which end with it; Ctrl-C aborts the signal. Standing problems of the
 * engine are told as they appear.
 */
export async function withServices<Result>(
  work: (services: Services, signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
  const controller = new AbortController();
  const ended = new AbortController();
  const abort = () => controller.abort();
  process.once('SIGINT', abort).once('SIGTERM', abort);
  const services = await openServices();
  const telling = tellWarnings(services, ended.signal);
  try {
    return await work(services, controller.signal);
  } finally {
    process.off('SIGINT', abort).off('SIGTERM', abort);
    ended.abort();
    await telling;
    await services.close();
  }
}

async function tellWarnings(services: Services, signal: AbortSignal): Promise<void> {
  const told = new Set<string>();
  for await (const { warnings } of services.engine.watch(signal)) {
    for (const warning of warnings) {
      if (!told.has(warning)) process.stderr.write(`perch: warning: ${warning}\n`);
      told.add(warning);
    }
  }
}
