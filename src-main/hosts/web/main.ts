import { runWebHost } from './run.ts';

/** `npm run web [-- --port=N --no-open]`. */
await runWebHost(process.argv.slice(2));
