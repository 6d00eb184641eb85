import { stat } from 'node:fs/promises';
import { reportOf } from '../../common/api/errors.ts';
import type { Diagnostic } from '../../common/api/settings.ts';
import { Secrets } from '../../files/secrets.ts';
import { listBackups, newestUsableBackup } from '../../store/backups.ts';
import { type Connection, damaged, storeError } from '../../store/database.ts';
import { Store } from '../../store/store.ts';
import { diagnoseQueue } from '../queue/diagnose-queue.ts';
import { QueueSource } from '../queue/queue-source.ts';
import { examineRecipes } from './examine-recipes.ts';

/** Number of errors that are listed individually. */
const MAX_LISTED = 5;
/** SQLite normally merges the log into the database at a few megabytes. */
const LARGE_LOG = 64 * 2 ** 20;

/**
 * Checks the store: whether it opens, whether the database is intact, and whether its files match its rows.
 */
export async function* diagnoseStore(signal: AbortSignal): AsyncGenerator<Diagnostic> {
  let store: Store;
  try {
    store = new Store();
  } catch (thrown) {
    yield { topic: 'store', found: 'cannot be used', problem: reportOf(thrown).message };
    return;
  }
  try {
    yield await examineDatabase(store);
    yield examineCopies(store);
    yield await examineBlobs(store, signal);
    yield examineRecipes(store);
  } catch (thrown) {
    const problem = storeError(store.database.name, thrown).message;
    yield { topic: 'store', found: 'cannot be checked', problem };
  } finally {
    store.close();
  }
}

/** Checks the queue that the environment or the settings of the store name. */
export async function examineQueue(): Promise<Diagnostic> {
  let store: Store | undefined;
  try {
    store = new Store();
    return await diagnoseQueue(new QueueSource(store.settings, new Secrets(store.home)));
  } catch (thrown) {
    return { topic: 'queue', found: 'cannot be checked', problem: reportOf(thrown).message, optional: true };
  } finally {
    store?.close();
  }
}

async function examineDatabase(store: Store): Promise<Diagnostic> {
  const file = store.database.name;
  const [size, log] = [await store.databaseBytes(), await bytesOf(`${file}-wal`)];
  const found = `${counted(store.datasets.list().length, 'dataset')}, ${megabytes(size)} in ${file}`;
  const errors = databaseFaults(store.database);
  if (errors.length > 0) return { topic: 'store', found, problem: damaged(file, errors.join('; ')).message };
  if (log < LARGE_LOG || log < size / 2) return { topic: 'store', found };
  const problem =
    `${megabytes(log)} of it are its log (${file}-wal), which should be small: a hung process prevents ` +
    'its checkpoint. End all other Perch processes.';
  return { topic: 'store', found, problem, optional: true };
}

async function bytesOf(path: string): Promise<number> {
  return (await stat(path).catch(() => undefined))?.size ?? 0;
}

/** The backups from which a damaged database can be restored. */
function examineCopies(store: Store): Diagnostic {
  const topic = 'store copies';
  const copies = listBackups(store.database.name);
  const usable = newestUsableBackup(store.database.name);
  if (copies.length === 0) return { topic, found: 'none yet; Perch makes one per day' };
  const bytes = copies.reduce((sum, copy) => sum + copy.bytes, 0);
  const found = `${counted(copies.length, 'backup', 'backups')}, ${megabytes(bytes)}, the newest of ${dayOf(copies[0].mtimeMs)}`;
  if (usable?.path === copies[0].path) return { topic, found };
  const instead = usable ? `the newest usable one is ${usable.path}` : 'no other one is usable';
  return { topic, found, problem: `${copies[0].path} is damaged; ${instead}. Remove it.` };
}

const dayOf = (ms: number) => new Date(ms).toISOString().slice(0, 10);

/** What SQLite's own checks find: damaged pages, indexes and constraints, and references to missing rows. */
function databaseFaults(database: Connection): string[] {
  const checks = database.pragma(`integrity_check(${MAX_LISTED})`) as { integrity_check: string }[];
  const broken = checks.map(({ integrity_check: fault }) => fault).filter((fault) => fault !== 'ok');
  const dangling = (database.pragma('foreign_key_check') as { table: string; parent: string }[]).slice(
    0,
    MAX_LISTED,
  );
  return [
    ...broken,
    ...dangling.map(({ table, parent }) => `a row of ${table} refers to a missing row of ${parent}`),
  ];
}

async function examineBlobs(store: Store, signal: AbortSignal): Promise<Diagnostic> {
  const { blobs, bytes, orphans, orphanBytes } = await store.blobs.stats();
  const left = orphans > 0 ? `, ${megabytes(orphanBytes)} unreferenced` : '';
  const hint = orphans > 0 ? { hint: { kind: 'collect-garbage' } as const } : {};
  const found = `${counted(blobs, 'map, mask or thumbnail', 'maps, masks and thumbnails')}, ${megabytes(bytes)}${left}`;
  const errors: string[] = [];
  const verified = { compared: 0 };
  for await (const fault of store.blobs.integrityErrors(signal, verified)) errors.push(fault);
  const sampled = verified.compared < blobs ? `; verified the contents of ${verified.compared}` : '';
  if (errors.length === 0) return { topic: 'store files', found: found + sampled, ...hint };
  const more = errors.length > MAX_LISTED ? ` And ${errors.length - MAX_LISTED} more.` : '';
  const problem = `${errors.slice(0, MAX_LISTED).join(' ')}${more} Restore them from a backup, or repeat the imports and runs that they belong to.`;
  return { topic: 'store files', found: found + sampled, problem };
}

function counted(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}
