import { mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Diagnostic } from '../../../common/api/settings.ts';
import { Store } from '../../../store/store.ts';
import { perch } from '../../../test/perch.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'perch-doctor-'));
  vi.stubEnv('PERCH_HOME', folder);
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true, force: true });
});

async function diagnose(): Promise<{ code: number | null; diagnostics: Diagnostic[] }> {
  const { code, stdout } = await perch('doctor', '--json');
  return { code, ...(JSON.parse(stdout) as { diagnostics: Diagnostic[] }) };
}

const find = (diagnostics: Diagnostic[], topic: string) =>
  diagnostics.find((finding) => finding.topic === topic);

/** Adds an unreferenced blob and one whose file is damaged; returns the damaged one. */
async function addBlobs(): Promise<string> {
  const store = new Store(folder);
  const unreferenced = await store.blobs.put(Buffer.from('unused'));
  const damaged = await store.blobs.put(Buffer.from('x'));
  store.database.prepare("UPDATE blobs SET created_at = '2020' WHERE sha256 = ?").run(unreferenced);
  await utimes(store.blobs.pathOf(unreferenced), 1, 1);
  await writeFile(store.blobs.pathOf(damaged), 'y');
  store.close();
  return damaged;
}

describe('perch doctor', () => {
  it('lists diagnostics and fails only for what Perch needs', async () => {
    const { code, diagnostics } = await diagnose();
    const needed = diagnostics.filter(({ problem, optional }) => problem !== undefined && !optional);
    expect(code).toBe(needed.length > 0 ? 1 : 0);
    const topics = diagnostics.map(({ topic }) => topic);
    for (const topic of ['node', 'sharp', 'core', 'provider cpu']) expect(topics).toContain(topic);
    expect(find(diagnostics, 'provider cpu')?.found).toBe('works');
  });

  it('reports damaged files of the store', async () => {
    const damaged = await addBlobs();
    const { diagnostics } = await diagnose();
    expect(find(diagnostics, 'store')).not.toHaveProperty('problem');
    expect(find(diagnostics, 'store files')?.problem).toContain(`${damaged} is damaged.`);
  });

  it('reports a store that cannot be opened', async () => {
    await writeFile(join(folder, 'perch.db'), Buffer.alloc(4096, 'x'));
    const { code, diagnostics } = await diagnose();
    expect(code).toBe(1);
    expect(find(diagnostics, 'store')?.problem).toContain('perch.db is damaged');
  });
});

describe('perch store', () => {
  it('removes unreferenced files and shows what remains', async () => {
    await addBlobs();
    const removed = await perch('store', 'gc', '--json');
    expect(JSON.parse(removed.stdout)).toEqual({ removed: 1, bytes: 6 });
    const info = await perch('store', 'info', '--json');
    expect(JSON.parse(info.stdout)).toMatchObject({ blobs: 1 });
    expect(info.stdout).toContain(folder);
  });

  it('prints the path of the data directory', async () => {
    expect((await perch('store', 'path')).stdout).toBe(`${folder}\n`);
  });
});
