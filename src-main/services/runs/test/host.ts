/** A host that only executes runs and prints a dot for each result. The tests of crash recovery kill it. */
import { EngineClient } from '../../../engine/client/engine-client.ts';
import { Store } from '../../../store/store.ts';
import { openRuns } from '../runs.ts';

const runs = openRuns(new Store(process.argv[2]), new EngineClient());
const events = await runs.watch(undefined, new AbortController().signal);
runs.claimOrphans();
// Keeps the process alive when no run remains, like a real host.
setInterval(() => {}, 60_000);
for await (const event of events) if (event.type === 'result') process.stdout.write('.');
