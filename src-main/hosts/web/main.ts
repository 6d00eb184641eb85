import { guardTerminal } from '../guard-terminal.ts';
import { runWebHost } from './run-web-host.ts';

/** The program behind `npm run web [-- --port=N --no-open]`. */
guardTerminal();
await runWebHost(process.argv.slice(2));
