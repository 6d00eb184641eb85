/** Logs requests to stderr if `PERCH_ENGINE_LOG=debug`. The host passes each line to its own log or terminal. */
const isEnabled = process.env.PERCH_ENGINE_LOG === 'debug';

/** Logs the start of a request. `end` logs its duration, and the error with its stack if it failed. */
export function logRequest(id: number, kind: string, request: object): { end(outcome: unknown): void } {
  if (!isEnabled) return { end() {} };
  const path = 'path' in request ? ` ${String(request.path)}` : '';
  const start = performance.now();
  console.error(`[engine] #${id} ${kind}${path}`);
  return {
    end(outcome) {
      const seconds = ((performance.now() - start) / 1000).toFixed(3);
      const result = outcome instanceof Error ? (outcome.stack ?? outcome.message) : String(outcome);
      console.error(`[engine] #${id} ${kind}, ${seconds} s: ${result}`);
    },
  };
}
