import { EngineClient } from '../../engine/client/engine-client.ts';
import { createServices } from '../../services/create-services.ts';
import type { Services } from '../../services/types.ts';
import { copyChanges } from '../../services/storage/daily-backups.ts';
import { Store } from '../../store/store.ts';
import { printError } from './output/print.ts';

/**
 * A command's resources. Each one is created on first use, so a command that needs no store never opens one.
 */
export interface CommandContext {
  /** Aborts on Ctrl-C. */
  readonly signal: AbortSignal;
  /** Starts with its first request. */
  readonly engine: EngineClient;
  /** @throws PerchError `STORE_TOO_NEW`, `STORE_UNUSABLE`, `STORE_BUSY`, `DISK_FULL` */
  readonly store: Store;
  /** The services on this store and engine. @throws as `store` does */
  readonly services: Services;
}

/** Runs a command, prints the engine's warnings as they appear, and closes what the command opened. */
export async function runCommand<Result>(
  work: (context: CommandContext) => Promise<Result> | Result,
): Promise<Result> {
  const controller = new AbortController();
  const abort = () => controller.abort();
  process.once('SIGINT', abort).once('SIGTERM', abort);
  const engine = new EngineClient();
  printWarnings(engine);
  let store: Store | undefined;
  let services: Services | undefined;
  try {
    const result = await work({
      signal: controller.signal,
      engine,
      get store() {
        return (store ??= new Store());
      },
      get services() {
        return (services ??= createServices(this.store, engine));
      },
    });
    if (store) await copyChanges(store);
    return result;
  } finally {
    process.off('SIGINT', abort).off('SIGTERM', abort);
    await services?.close();
    await engine.close();
    store?.close();
  }
}

function printWarnings(engine: EngineClient): void {
  const printed = new Set<string>();
  engine.on('change', () => {
    for (const warning of engine.info?.warnings ?? []) {
      if (!printed.has(warning)) printError(`warning: ${warning}`);
      printed.add(warning);
    }
  });
}
