import { readFile } from 'node:fs/promises';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RecipeDefinition, RecipeFile, RecipeRevision } from '../../common/api/recipes.ts';
import type { InspectionRegion } from '../../common/api/regions.ts';
import { temporaryStore } from '../../test/store.ts';
import { defaultMethod } from '../methods/method-options.ts';
import { definitionSha256 } from './check-definition.ts';
import { importRecipe } from './import-recipe.ts';
import { readRecipeFile, writeRecipeFile } from './recipe-file.ts';

const coordinate = fc.double({ min: -1e6, max: 1e6, noNaN: true }).map((value) => value + 0);
const side = fc.double({ min: 1e-3, max: 1e6, noNaN: true });
const shape = fc.oneof(
  fc.record({
    type: fc.constant('rectangle' as const),
    left: coordinate,
    top: coordinate,
    width: side,
    height: side,
  }),
  fc.record({
    type: fc.constant('polygon' as const),
    points: fc.array(fc.tuple(coordinate, coordinate), { minLength: 3, maxLength: 5 }),
  }),
);
const region: fc.Arbitrary<InspectionRegion> = fc.record({
  include: fc.array(shape, { maxLength: 2 }),
  exclude: fc.array(shape, { maxLength: 2 }),
  border: fc.integer({ min: 0, max: 4096 }),
});
const score = fc.float({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0);
const method = fc.oneof(
  fc.constant(defaultMethod),
  fc.constant({ ...defaultMethod, parameters: { sigmaP: 2, sigmaS: 1 }, resize: 256 }),
  fc.constant({ extractor: 'colors', coresetRatio: 0.1 }),
);
const definition: fc.Arbitrary<RecipeDefinition> = fc.record({
  classes: fc.array(fc.constantFrom('linen', 'Åsa 1', '布'), { minLength: 1, maxLength: 3 }),
  method,
  modelSha256: fc.constant(null),
  region: fc.option(region),
  sizeLimits: fc.record({
    unit: fc.constantFrom('positions' as const, 'px' as const, 'mm' as const),
    minArea: fc.double({ min: 0, max: 1e9, noNaN: true }).map((value) => value + 0),
    minLength: fc.double({ min: 0, max: 1e6, noNaN: true }).map((value) => value + 0),
  }),
  edgeMargin: fc.nat(100),
  thresholds: fc.option(
    fc.tuple(score, score).map(([a, b]) => ({ review: Math.min(a, b), reject: Math.max(a, b) })),
  ),
  regionLimits: fc.record({ maxCount: fc.option(fc.nat()), maxTotalArea: fc.option(side) }),
  mmPerPixel: fc.option(fc.oneof(side, fc.record({ across: side, along: side }))),
  displayRange: fc.constant(null),
  calibration: fc.option(
    fc.record({
      rule: fc.constantFrom(
        { type: 'manual' as const },
        { type: 'false-rejects' as const, rate: 0.05 },
        { type: 'cost' as const, escape: 100, falseReject: 5, review: 1, defectRate: 0.01 },
      ),
      source: fc.constantFrom('train' as const, 'all' as const),
      good: fc.nat(),
      defective: fc.nat(),
      guaranteedFalseRejects: fc.option(side),
      goodScores: fc.option(fc.record({ min: score, median: score, max: score })),
      imagesSha256: fc.constant('e'.repeat(64)),
    }),
  ),
});
const name = fc.constantFrom('Linen', 'A/B: "früh" 布', 'con');
const revisions: fc.Arbitrary<RecipeRevision[]> = fc
  .array(fc.record({ definition, reason: fc.string(), changes: fc.array(fc.string()) }), {
    minLength: 1,
    maxLength: 3,
  })
  .map((made) =>
    made.map((each, at) => ({
      ...each,
      revision: at + 1,
      author: 'Åsa',
      at: '2026-01-01T00:00:00.000Z',
      sha256: definitionSha256(each.definition),
    })),
  );
const lock = fc.option(fc.constant({ by: 'Bo', at: '2026-01-02T00:00:00.000Z' }));

const text = (file: object) => JSON.stringify(file);

/** A valid file as an object, which tests then damage. */
function someFile(): RecipeFile {
  const [made] = fc.sample(
    revisions.filter((each) => each.length > 1),
    { numRuns: 1, seed: 7 },
  );
  return JSON.parse(writeRecipeFile({ name: 'Linen', locked: null }, made).content) as RecipeFile;
}

describe('a recipe file', () => {
  it('loses nothing: importing it and exporting it again gives the same file', async () => {
    const { store, dispose } = temporaryStore();
    fc.assert(
      fc.property(name, lock, revisions, (wish, locked, made) => {
        const exported = writeRecipeFile({ name: wish, locked }, made);
        const { id, ...recipe } = importRecipe(store, exported.content, exported.name);
        expect(writeRecipeFile(recipe, store.recipes.listRevisions(id))).toEqual(exported);
        store.recipes.remove(id);
      }),
      { numRuns: 200 },
    );
    await dispose();
  });

  it('of a version before scales had two directions keeps its SHA-256', async () => {
    const { store, dispose } = temporaryStore();
    const content = await readFile(new URL('test/one-scale.json', import.meta.url), 'utf8');
    const { id, ...recipe } = importRecipe(store, content, 'one-scale.json');
    expect(recipe.latest.definition.mmPerPixel).toBe(0.1);
    expect(recipe.latest.sha256).toMatch(/^fe064be87ffc/);
    const exported = writeRecipeFile(recipe, store.recipes.listRevisions(id));
    expect(JSON.parse(exported.content)).toEqual(JSON.parse(content));
    await dispose();
  });

  it('is named after the recipe, on every system', () => {
    const file = (recipe: string) => writeRecipeFile({ name: recipe, locked: null }, []).name;
    expect([file('Linen 2'), file('A/B: c'), file('con')]).toEqual([
      'Linen 2.json',
      'A-B%3A c.json',
      '_con.json',
    ]);
  });

  it('gets another name if a recipe has its name', async () => {
    const { store, dispose } = temporaryStore();
    const content = text(someFile());
    importRecipe(store, content, 'r.json');
    expect(importRecipe(store, content, 'r.json').name).toBe('Linen 2');
    await dispose();
  });

  it.each<[string, string | ((file: RecipeFile) => void), RegExp]>([
    ['no JSON', '{', /r\.json is not a recipe: /],
    ['null', 'null', /no "format"/],
    ['another file', '{"title":"preset"}', /no "format".*exported/],
    ['a newer version', '{"format":"perch-recipe","version":2}', /newer Perch \(format version 2.*Update/],
    ['a missing part', '{"format":"perch-recipe","version":1}', /name: /],
    ['a misspelled key', (file) => Object.assign(file, { nmae: 'x' }), /nmae/],
    ['a changed threshold', (file) => (file.revisions[1].definition.mmPerPixel = 9), /was changed.*SHA-256/],
  ])('is refused with the reason: %s', (_, damage, reason) => {
    let content = damage as string;
    if (typeof damage === 'function') {
      const file = someFile();
      damage(file);
      content = text(file);
    }
    expect(() => readRecipeFile(content, 'r.json')).toThrow(
      expect.objectContaining({ code: 'INVALID_RECIPE', message: expect.stringMatching(reason) as string }),
    );
  });

  it.each<[string, (made: RecipeRevision[]) => void, RegExp]>([
    ['a missing revision', (made) => made.splice(0, 1), /revision 2 in place of revision 1/],
    ['a false SHA-256 of a revision', (made) => (made[1].sha256 = 'x'), /revision 2 that does not match/],
    [
      'an unknown field of a method',
      (made) => Object.assign(made[1].definition.method, { pathc: 9 }),
      /unknown fields/,
    ],
  ])('is refused with the reason, even if its own SHA-256 is right: %s', (_, damage, reason) => {
    const { revisions: made } = someFile();
    damage(made);
    const { content } = writeRecipeFile({ name: 'Linen', locked: null }, made);
    expect(() => readRecipeFile(content, 'r.json')).toThrow(reason);
  });

  it('is refused if its method or model is not available here', async () => {
    const { store, dispose } = temporaryStore();
    const imported = (changed: Partial<RecipeDefinition>) => () => {
      const [first] = someFile().revisions;
      const changedDefinition = { ...first.definition, ...changed };
      const revision = {
        ...first,
        definition: changedDefinition,
        sha256: definitionSha256(changedDefinition),
      };
      importRecipe(store, writeRecipeFile({ name: 'Linen', locked: null }, [revision]).content, 'r.json');
    };
    const refusal = (message: RegExp) =>
      expect.objectContaining({
        code: 'INVALID_RECIPE',
        message: expect.stringMatching(message) as string,
      }) as Error;
    expect(imported({ method: { ...defaultMethod, extractor: 'dct' } })).toThrow(
      refusal(/^r\.json cannot be used here: There is no extractor "dct"/),
    );
    expect(imported({ method: defaultMethod, modelSha256: 'a'.repeat(64) })).toThrow(
      refusal(/r\.json .*SHA-256 aaa.*yours has none/),
    );
    expect(store.recipes.list()).toEqual([]);
    await dispose();
  });
});
