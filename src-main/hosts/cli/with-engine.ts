import { EngineClient } from '../../engine/client/engine-client.ts';

/** Runs a command's work with an engine that ends with it; Ctrl-C aborts the signal. Standing problems are told first. */
export async function withEngine<Result>(
  work: (engine: EngineClient, signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
  const controller = new AbortController();
  const abort = () => controller.abort();
  process.once('SIGINT', abort).once('SIGTERM', abort);
  const engine = new EngineClient();
  const warned = new Set<string>();
  engine.on('change', () => {
    for (const warning of engine.info?.warnings ?? []) {
      if (!warned.has(warning)) process.stderr.write(`perch: warning: ${warning}\n`);
      warned.add(warning);
    }
  });
  try {
    return await work(engine, controller.signal);
  } finally {
    process.off('SIGINT', abort).off('SIGTERM', abort);
    await engine.close();
  }
}
