/** A host that only watches stations. The tests of crash recovery kill it. */
import { EngineClient } from '../../../engine/client/engine-client.ts';
import { Store } from '../../../store/store.ts';
import { openStations } from '../stations.ts';

openStations({ store: new Store(process.argv[2]), engine: new EngineClient() }).claimOrphans();
// Keeps the process alive when nothing is watched yet, like a real host.
setInterval(() => {}, 60_000);
