/** A host that does nothing but take up runs; for each result it writes a dot. Killed by the tests of runs. */
import { EngineClient } from '../../../engine/client/engine-client.ts';
import { Store } from '../../../store/store.ts';
import { openRuns } from '../runs.ts';

const runs = openRuns(new Store(process.argv[2]), new EngineClient());
const events = await runs.watch(undefined, new AbortController().signal);
runs.claimOrphans();
// Stays when there is nothing left to do, as hosts do.
setInterval(() => {}, 60_000);
for await (const event of events) if (event.type === 'result') process.stdout.write('.');
