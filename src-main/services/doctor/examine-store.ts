import { reportOf } from '../../api/errors.ts';
import type { Finding } from '../../api/settings.ts';
import type { Connection } from '../../store/database.ts';
import { Store } from '../../store/store.ts';

/** So many faults are told one by one. */
const TOLD = 5;

/** Looks at the store: whether it opens, whether the database is intact, and whether its files are what rows say. */
export async function* examineStore(signal: AbortSignal): AsyncGenerator<Finding> {
  let store: Store;
  try {
    store = new Store();
  } catch (thrown) {
    yield { topic: 'store', found: 'cannot be used', problem: reportOf(thrown).message };
    return;
  }
  try {
    yield await examineDatabase(store);
    yield await examineBlobs(store, signal);
  } catch (thrown) {
    yield { topic: 'store', found: 'cannot be examined', problem: reportOf(thrown).message };
  } finally {
    store.close();
  }
}

async function examineDatabase(store: Store): Promise<Finding> {
  const size = megabytes(await store.databaseBytes());
  const found = `${counted(store.datasets.all().length, 'dataset')}, ${size} in ${store.database.name}`;
  const faults = databaseFaults(store.database);
  if (faults.length === 0) return { topic: 'store', found };
  const problem = `The database is damaged (${faults.join('; ')}). Take the newest copy beside it (*.bak), or import the datasets anew.`;
  return { topic: 'store', found, problem };
}

/** What SQLite itself finds wrong: pages, indexes, constraints, references to rows that are not there. */
function databaseFaults(database: Connection): string[] {
  const checks = database.pragma(`integrity_check(${TOLD})`) as { integrity_check: string }[];
  const broken = checks.map(({ integrity_check: fault }) => fault).filter((fault) => fault !== 'ok');
  const dangling = (database.pragma('foreign_key_check') as { table: string; parent: string }[]).slice(
    0,
    TOLD,
  );
  return [
    ...broken,
    ...dangling.map(({ table, parent }) => `a row of ${table} refers to no row of ${parent}`),
  ];
}

async function examineBlobs(store: Store, signal: AbortSignal): Promise<Finding> {
  const { blobs, bytes, orphans, orphanBytes } = await store.blobs.describe();
  const left = orphans > 0 ? `, ${megabytes(orphanBytes)} of it not used (perch store tidy)` : '';
  const found = `${counted(blobs, 'map, mask or thumbnail', 'maps, masks and thumbnails')}, ${megabytes(bytes)}${left}`;
  const faults: string[] = [];
  for await (const fault of store.blobs.faults(signal)) faults.push(fault);
  if (faults.length === 0) return { topic: 'store files', found };
  const more = faults.length > TOLD ? ` And ${faults.length - TOLD} more.` : '';
  const problem = `${faults.slice(0, TOLD).join(' ')}${more} Put them back from a backup, or import and run again what they belong to.`;
  return { topic: 'store files', found, problem };
}

function counted(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}

function megabytes(bytes: number): string {
  return `${(bytes / 2 ** 20).toFixed(1)} MiB`;
}
