import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type MapNetwork, mapNetwork } from '../../../models/onnx/test/map-networks.ts';
import { estimateMethods } from '../../../services/runs/estimate.ts';
import { addCloth } from '../../../services/runs/test/cloth.ts';
import { perch } from '../../../test/perch.ts';
import { temporaryStore } from '../../../test/store.ts';

let temporary: ReturnType<typeof temporaryStore>;
const at = (name: string) => join(temporary.home, name);

async function succeed(...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await perch(...args);
  expect(code, stderr).toBe(0);
  return stdout;
}

async function importNetwork(options: MapNetwork): Promise<void> {
  await writeFile(at('net.onnx'), mapNetwork(options));
  await succeed('models', 'import', 'mine', '--from', at('net.onnx'), '--map');
}

/** A dataset with 4 test images and 2 good training images, and a network. */
beforeAll(async () => {
  temporary = temporaryStore();
  await addCloth(temporary.store, at('cloth'), { images: 4, train: 2 });
  vi.stubEnv('PERCH_HOME', temporary.home);
  await importNetwork({ anomalib: true });
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await temporary.dispose();
});

describe('an imported network', () => {
  it('runs over a dataset, and its results have its own image scores', async () => {
    await succeed('runs', 'start', 'cloth', '--method', 'network:mine');
    const [method] = temporary.store.methods.list();
    expect(method).toMatchObject({ label: 'network:mine', definition: { network: 'mine' } });
    const results = temporary.store.results.listByMethod(1, method.id);
    expect(results).toHaveLength(4);
    for (const { imageScore, max, modelSha256 } of results) {
      expect(imageScore).toBeCloseTo(max, 5);
      expect(modelSha256).toMatch(/^[0-9a-f]{64}$/);
    }
  });

  it('is estimated by its time on import, and then by the times of its results', async () => {
    const basisOf = (network: string) => {
      const images = temporary.store.images.listByDataset(1);
      const definition = { network, resize: 64 };
      const hardware = { isa: 'portable', threads: 1 } as const;
      return estimateMethods(temporary.store, hardware, images, [definition])[0];
    };
    expect(basisOf('mine')).toMatchObject({ images: 6, basis: 'measured', seconds: expect.any(Number) });
    await writeFile(at('other.onnx'), mapNetwork({ size: [32, 32] }));
    await succeed('models', 'import', 'other', '--from', at('other.onnx'), '--map');
    const modeled = basisOf('other');
    expect(modeled).toMatchObject({ images: 6, basis: 'modeled' });
    expect(modeled.seconds).toBeGreaterThan(0);
  });

  it('runs again after another file was imported under its name', async () => {
    const [method] = temporary.store.methods.list();
    const before = temporary.store.results.listByMethod(1, method.id).map(({ max }) => max);
    await importNetwork({ anomalib: true, factor: 2 });
    await succeed('runs', 'start', 'cloth', '--method', 'network:mine');
    const after = temporary.store.results.listByMethod(1, method.id).map(({ max }) => max);
    for (const [i, max] of before.entries()) expect(after[i]).toBeCloseTo(2 * max, 5);
  });

  it('is the method of a recipe, which refuses another network of its name', async () => {
    const options = ['--class', 'linen', '--dataset', 'cloth', '--author', 'Ada', '--reason', 'new line'];
    await succeed('recipes', 'create', 'Linen', '--method', 'network:mine', ...options);
    await succeed('recipes', 'export', 'Linen', at('linen.recipe.json'));
    await succeed('recipes', 'import', at('linen.recipe.json'));
    await importNetwork({ anomalib: true, factor: 3 });
    const { code, stderr } = await perch('recipes', 'import', at('linen.recipe.json'));
    expect(code).toBe(1);
    expect(stderr).toMatch(/its model "mine" has the SHA-256/);
  });
});
