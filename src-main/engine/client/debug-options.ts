import { isPackaged } from '../../platform/installation.js';

/** How the engine process is started for debugging. See docs/development.md. */
export interface DebugOptions {
  /** Arguments of Node that open its inspector. */
  nodeArguments: string[];
  /** Whether the engine logs each request, and processes that read untrusted files show their output. */
  logRequests: boolean;
}

/**
 * Reads `PERCH_ENGINE_INSPECT` (`1` for port 9229, a port, or `break` to stop at the first line) and `PERCH_ENGINE_LOG` (`debug`). The
 * packaged application ignores the first: its engine must not open a port.
 */
export function debugOptions(
  env: NodeJS.ProcessEnv = process.env,
  packaged: boolean = isPackaged,
): DebugOptions {
  const { PERCH_ENGINE_INSPECT: inspect = '', PERCH_ENGINE_LOG: log } = env;
  return { nodeArguments: packaged ? [] : inspectArguments(inspect), logRequests: log === 'debug' };
}

function inspectArguments(inspect: string): string[] {
  if (inspect === '' || inspect === '0') return [];
  if (inspect === 'break') return ['--inspect-brk=127.0.0.1:9229'];
  return [`--inspect=127.0.0.1:${/^\d{2,5}$/.test(inspect) ? inspect : 9229}`];
}
