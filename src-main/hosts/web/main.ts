import { guardTerminal } from '../guard-terminal.ts';
import { runWebHost } from './run-web-host.ts';

/** `npm run web [-- --port=N --no-open]`. */
guardTerminal();
await runWebHost(process.argv.slice(2));
