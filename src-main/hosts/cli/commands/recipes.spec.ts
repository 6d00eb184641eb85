import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Recipe, RecipeFile, Validation } from '../../../common/api/recipes.ts';
import { addCloth } from '../../../services/runs/test/cloth.ts';
import { perch } from '../../../test/perch.ts';
import { temporaryStore } from '../../../test/store.ts';

let temporary: ReturnType<typeof temporaryStore>;
let paths: string[];
const at = (name: string) => join(temporary.home, name);

/** Runs `perch recipes` and expects success. */
async function recipes(...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await perch('recipes', ...args);
  expect(code, stderr).toBe(0);
  return stdout;
}
const refusal = async (...args: string[]) => {
  const { code, stderr } = await perch('recipes', ...args);
  expect(code).toBe(1);
  return stderr;
};
const latest = async (name: string) => JSON.parse(await recipes('show', name, '--json')) as Recipe;

/** A dataset with 4 test images of which nothing is known, 6 good training images, and a recipe. */
beforeAll(async () => {
  temporary = temporaryStore();
  ({ paths } = await addCloth(temporary.store, at('cloth'), { images: 4, train: 6 }));
  const method = { extractor: 'colors', statistic: 'moments', reference: 'global', patchSize: 3 };
  await writeFile(at('quick.json'), JSON.stringify({ method }));
  vi.stubEnv('PERCH_HOME', temporary.home);
  const options = [
    '--method',
    at('quick.json'),
    '--min-area',
    '4',
    '--author',
    'Ada',
    '--reason',
    'new line',
  ];
  expect(await recipes('create', 'Linen', '--class', 'linen', '--dataset', 'cloth', ...options)).toBe(
    'Linen  r1  not calibrated  linen of cloth\n',
  );
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await temporary.dispose();
});

describe('perch recipes', () => {
  it('calibrates on training images that it inspects, and prints the guarantee and the decisions', async () => {
    const text = await recipes('calibrate', 'Linen', '--good', 'train', '--false-rejects', '0');
    expect(text).toMatch(/^Linen {2}r2 {2}reject from 0\.\d+ {2}linen of cloth\n/);
    expect(text).toContain(
      '6 good, 0 defective images; at most 14.3 % false rejects, guaranteed by 6 good images',
    );
    expect(text).toMatch(/^good \(6\) +5, 83\.3 % \(35\.9 % to 99\.6 %\) .* 1, 16\.7 %/m);
    expect(text).toContain('6 calibration images decided by the thresholds of the others (leave-one-out)');
    expect(text).toContain('4 images of the class without a result');
    const { definition } = (await latest('Linen')).latest;
    expect(definition.thresholds?.review).toBe(definition.thresholds?.reject);
  });

  it('marks test images as good, and calibrates on them', async () => {
    expect(await recipes('mark-good', 'cloth', paths[0], paths[1])).toBe(
      '2 images of cloth marked as good.\n',
    );
    await recipes('calibrate', 'Linen', '--good', 'test', '--false-rejects', '0');
    expect((await latest('Linen')).latest.definition.calibration).toMatchObject({ good: 2, source: 'test' });
    expect(await recipes('mark-good', 'cloth', paths[0], paths[1], '--remove')).toContain('0 images');
    expect(await refusal('mark-good', 'cloth', at('other.png'))).toContain('is not an image of the dataset');
  });

  it('validates with the same rates for the same seed', async () => {
    const validate = async (...options: string[]) =>
      JSON.parse(await recipes('validate', 'Linen', '--json', ...options)) as Validation;
    const first = await validate('--splits', '50', '--good-images', '2');
    expect(first).toMatchObject({ splits: 50, calibrating: 2, guaranteedFalseRejects: 1 / 3, escapes: null });
    expect(await validate('--splits', '50', '--good-images', '2')).toEqual(first);
    expect(await recipes('validate', 'Linen', '--splits', '50')).toMatch(
      /^50 splits, 3 good images calibrate in each\nfalse rejects .* guaranteed: at most 25 %\nescapes +no images left/,
    );
  });

  it('refuses a rule that cannot hold, two rules, and none', async () => {
    const calibrate = (...rule: string[]) => refusal('calibrate', 'Linen', ...rule);
    expect(await calibrate('--false-rejects', '1')).toContain('6 good images cannot guarantee');
    expect(await calibrate('--no-escape')).toContain('No defective image');
    expect(await calibrate('--no-escape', '--review', '5')).toContain('cannot be used with');
    expect(await calibrate('--cost', 'escape=100')).toContain('Must be as in escape=100,false-reject=10');
    expect(await calibrate()).toContain('Choose a rule');
  });

  it('names the recipes and classes there are', async () => {
    expect(await refusal('show', 'Silk')).toContain('There is no recipe "Silk". Recipes: Linen');
    expect(await refusal('calibrate', 'Linen', '--class', 'silk', '--no-escape')).toContain('linen of cloth');
  });

  it('exports and imports without loss, and a lock refuses changes', async () => {
    await recipes('lock', 'Linen', '--author', 'Bo');
    expect(await refusal('calibrate', 'Linen', '--false-rejects', '0')).toContain('locked by Bo');
    await recipes('export', 'Linen', at('linen.json'));
    expect(await recipes('import', at('linen.json'))).toMatch(
      /^Linen \S+ {2}r3 .* decides no class {2}locked by Bo\n$/,
    );
    const { name } = JSON.parse((await recipes('list', '--json')).trim().split('\n')[1]) as Recipe;
    await recipes('export', name, at('again.json'));
    const [file, again] = await Promise.all(
      ['linen.json', 'again.json'].map(
        async (each) => JSON.parse(await readFile(at(each), 'utf8')) as RecipeFile,
      ),
    );
    expect(again.revisions).toEqual(file.revisions);
    await writeFile(at('broken.json'), (await readFile(at('linen.json'), 'utf8')).replace('"Ada"', '"Eve"'));
    expect(await refusal('import', at('broken.json'))).toContain('broken.json');
    await recipes('unlock', name, '--author', 'Bo', '--reason', 'test');
    expect(await recipes('remove', name)).toContain('Removed');
    await recipes('unlock', 'Linen', '--author', 'Bo', '--reason', 'test');
    expect(await refusal('remove', 'Linen')).toContain('Linen');
    expect(await recipes('remove', 'Linen', '--release')).toContain('Removed');
    expect(await recipes('list')).toContain('There are no recipes');
  });
});
