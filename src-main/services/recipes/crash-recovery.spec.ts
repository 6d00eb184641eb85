import { spawn } from 'node:child_process';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { addImages, temporaryStore } from '../../test/store.ts';
import { createRecipe } from './create-recipe.ts';
import { definitionSha256 } from './check-definition.ts';
import type { RevisionReport } from './test/revising-worker.ts';

const worker = fileURLToPath(new URL('./test/revising-worker.ts', import.meta.url));

/** Runs a worker and kills it some time after its first output. @returns its reports and its error output */
async function reviseUntilKilled(home: string, recipe: number, author: string, ms: number) {
  const child = spawn(process.execPath, [worker, home, String(recipe), author], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [reports, errorOutput] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => (reports += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (errorOutput += chunk.toString()));
  const ended = new Promise((resolve) => child.on('close', resolve));
  await Promise.race([new Promise((resolve) => child.stdout.once('data', resolve)), ended]);
  await wait(ms);
  child.kill('SIGKILL');
  await ended;
  // The last line may be incomplete.
  const lines = reports.slice(0, reports.lastIndexOf('\n')).split('\n').filter(Boolean);
  return { reports: lines.map((line) => JSON.parse(line) as RevisionReport), errorOutput };
}

it('a recipe loses no revision, and stays consistent with its classes, while two processes revise it and are killed', async () => {
  const { store, home, dispose } = temporaryStore();
  const { dataset } = addImages(store, [{}, { textureClass: 'silk', path: '/data/silk.png' }]);
  const classes = ['linen', 'silk'];
  const { id } = createRecipe(store, { name: 'Cloth', dataset, classes, author: 'Åsa', reason: '' });
  const reports: RevisionReport[] = [];
  for (let round = 0; round < 4; round++) {
    const both = await Promise.all(
      ['Ada', 'Bob'].map((author, at) => reviseUntilKilled(home, id, author, 100 + 90 * round + 50 * at)),
    );
    for (const { reports: lines, errorOutput } of both) {
      expect(errorOutput).toBe('');
      reports.push(...lines);
    }
    const { latest, uses } = store.recipes.get(id);
    for (const { textureClass } of uses)
      expect(store.classRegions.find(dataset, textureClass)).toEqual(latest.definition.region);
  }
  const revisions = store.recipes.listRevisions(id);
  expect(revisions.map(({ revision }) => revision)).toEqual(revisions.map((_, at) => at + 1));
  expect(revisions.every(({ definition, sha256 }) => definitionSha256(definition) === sha256)).toBe(true);
  expect(reports.length).toBeGreaterThan(20);
  for (const { revision, author, border } of reports)
    expect(revisions[revision - 1]).toMatchObject({ author, definition: { region: { border } } });
  expect(store.database.pragma('integrity_check', { simple: true })).toBe('ok');
  await dispose();
}, 60_000);
