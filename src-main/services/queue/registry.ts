import { z } from 'zod';
import type { Queue } from './queue.ts';
import { requirement, type Requirement } from './requirement.ts';

/** Interval at which hosts and workers renew their rows. */
export const PRESENCE_MS = 3000;

/** Rows that were not renewed for this long belong to processes that ended. */
const GONE = "interval '30 seconds'";

/** The process that offers tasks. */
export const host = z.object({
  id: z.uuid(),
  /** The name of its machine and its process id. */
  name: z.string(),
  url: z.url(),
  token: z.string(),
  /** PEM, to pin; null without TLS. */
  certificate: z.string().nullable(),
  version: z.string(),
});
export type Host = z.infer<typeof host>;

export interface PresentWorker {
  id: string;
  name: string;
  version: string;
  /** Why it does not take the tasks of a queue, by queue. */
  refusals: Record<string, string>;
}

const requirementRow = z.object({ queue: z.string(), requirement });

/** Adds or renews a host, and what the tasks that it offers require. */
export async function announceHost(
  queue: Queue,
  { id, name, url, token, certificate, version }: Host,
  requirements: ReadonlyMap<string, Requirement>,
): Promise<void> {
  await queue.query(
    `INSERT INTO perch.hosts VALUES ($1, $2, $3, $4, $5, $6, now())
     ON CONFLICT (id) DO UPDATE SET url = excluded.url, seen_at = now()`,
    [id, name, url, token, certificate, version],
  );
  for (const [needed, requires] of requirements) {
    await queue.query(
      `INSERT INTO perch.requirements VALUES ($1, $2, now()) ON CONFLICT (queue) DO UPDATE SET seen_at = now()`,
      [needed, JSON.stringify(requires)],
    );
  }
}

/** The host with that id; undefined if it ended or does not renew its row. */
export async function findHost(queue: Queue, id: string): Promise<Host | undefined> {
  return (await listHosts(queue)).find((host) => host.id === id);
}

/** The hosts that renew their rows. */
export async function listHosts(queue: Queue): Promise<Host[]> {
  const rows = await queue.query(
    `SELECT id, name, url, token, certificate, version FROM perch.hosts WHERE seen_at > now() - ${GONE}`,
  );
  return rows.map((row) => host.parse(row));
}

export async function removeHost(queue: Queue, id: string): Promise<void> {
  await queue.query('DELETE FROM perch.hosts WHERE id = $1', [id]);
}

/**
 * Removes hosts that ended without saying so: a day ago or longer, or processes of this machine. @returns their ids
 *
 * @param isDead whether a process that a host's name identifies has ended
 */
export async function removeGoneHosts(queue: Queue, isDead: (name: string) => boolean): Promise<string[]> {
  const rows = await queue.query<{ id: string; name: string; old: boolean }>(
    "SELECT id, name, seen_at < now() - interval '1 day' AS old FROM perch.hosts",
  );
  const gone = rows.filter(({ name, old }) => old || isDead(name)).map(({ id }) => id);
  for (const id of gone) await removeHost(queue, id);
  return gone;
}

/** The queues with tasks that present hosts offer. */
export async function listRequirements(queue: Queue): Promise<Map<string, Requirement>> {
  const rows = await queue.query(
    `SELECT queue, requirement FROM perch.requirements WHERE seen_at > now() - ${GONE}`,
  );
  return new Map(rows.map((row) => requirementRow.parse(row)).map((row) => [row.queue, row.requirement]));
}

/** Adds or renews a worker. */
export async function announceWorker(
  queue: Queue,
  { id, name, version, refusals }: PresentWorker,
): Promise<void> {
  await queue.query(
    `INSERT INTO perch.workers VALUES ($1, $2, $3, $4, now())
     ON CONFLICT (id) DO UPDATE SET refusals = excluded.refusals, seen_at = now()`,
    [id, name, version, JSON.stringify(refusals)],
  );
}

export async function removeWorker(queue: Queue, id: string): Promise<void> {
  await queue.query('DELETE FROM perch.workers WHERE id = $1', [id]);
}

/** The workers that renew their rows, by name. */
export async function listWorkers(queue: Queue): Promise<PresentWorker[]> {
  return await queue.query(
    `SELECT id, name, version, refusals FROM perch.workers WHERE seen_at > now() - ${GONE} ORDER BY name, id`,
  );
}
