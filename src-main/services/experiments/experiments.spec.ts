import { describe, expect, it } from 'vitest';
import type { AnyMethod, Method } from '../../common/api/schemas.ts';
import { validateMethod } from '../../methods/validate-method.ts';
import { type ExperimentSpec, type Source, withExtractor } from './experiment-spec.ts';
import { experiments } from './experiments.ts';

const subject = { classes: ['carpet', 'wood'], paper: undefined };
const cellsOf = (spec: ExperimentSpec) => spec.rows.flatMap(({ cells }) => cells);
const methodsOf = (spec: ExperimentSpec): AnyMethod[] =>
  cellsOf(spec).flatMap(({ source }) => ('imported' in source ? [] : [source]));

/** A method with a built-in extractor, because no backbone is installed. */
const withoutBackbone = (method: AnyMethod): AnyMethod =>
  'extractor' in method && /^(vgg19|wide_resnet50)/.test(method.extractor)
    ? { ...method, extractor: 'colors' }
    : method;

describe.each(Object.keys(experiments))('the experiment %s', (name) => {
  const spec = experiments[name](subject);

  it('has a title, and a cell for each row and column', () => {
    expect(spec.title).toMatch(/^(Table|Figure)/);
    expect(spec.rows.length).toBeGreaterThan(0);
    for (const { title, cells } of spec.rows) {
      expect(title).not.toBe('');
      expect(cells).toHaveLength(spec.columns.length);
    }
  });

  it('has valid methods, and a paper value or none for each shown metric', () => {
    for (const method of methodsOf(spec)) expect(() => validateMethod(withoutBackbone(method))).not.toThrow();
    for (const { shows, paper } of cellsOf(spec)) if (paper) expect(paper).toHaveLength(shows.length);
  });
});

const methods = (name: string) => methodsOf(experiments[name](subject)) as Method[];

it('table 1 combines every extractor with every statistic', () => {
  const pairs = methods('table1').map(({ extractor, statistic }) => `${extractor} ${statistic}`);
  expect(new Set(pairs).size).toBe(5 * 4);
  for (const { patchSize, resize } of methods('table1'))
    expect({ patchSize, resize }).toEqual({ patchSize: 25, resize: 256 });
});

it('table 2 combines the references with three statistics on VGG features', () => {
  const references = experiments
    .table2(subject)
    .rows.map(({ cells }) => (cells[2].source as Method).reference);
  expect(references).toEqual(['random:1', 'random:3', 'random:10', 'random:100', 'all', 'median']);
  expect(new Set(methods('table2').map(({ extractor }) => extractor))).toEqual(new Set(['vgg19']));
});

it('table 4 compares systems, with the values of the paper if it covers the dataset', () => {
  const printed = { auPro: 90, auroc: 91, f1Max: 50, imageAuroc: 99 };
  const paper = {
    dataset: 'Aitex',
    systems: ['Ours', 'Ours + k-NN'],
    all: ['Ours', 'Ours + k-NN'],
    at: () => undefined,
    mean: (system: string) => (['Ours', 'Ours + k-NN'].includes(system) ? printed : undefined),
  };
  const spec = experiments.table4({ classes: [], paper });
  const paperOf = (title: string) =>
    spec.rows.find((row) => row.title === title)?.cells.map((cell) => cell.paper);
  expect(spec.paperDataset).toBe('Aitex');
  expect(paperOf('Ours')).toEqual([[90], [91], [50], [99]]);
  // On this dataset the paper omits the size from the names.
  expect(paperOf('Ours 320 + k-NN')).toEqual([[90], [91], [50], [99]]);
  expect(paperOf('WinCLIP')).toEqual([undefined, undefined, undefined, undefined]);
  expect(experiments.table4(subject)).not.toHaveProperty('paperDataset');
});

it('table 5 times methods at two image sizes', () => {
  for (const { cells } of experiments.table5(subject).rows) {
    expect(cells.map(({ source }) => (source as Method).resize)).toEqual([320, 1024]);
    for (const { shows } of cells) expect(shows).toEqual(['seconds']);
  }
});

it('table 6 has a row for each class of the dataset', () => {
  const { rows } = experiments.table6(subject);
  expect(rows.map(({ title }) => title)).toEqual(['carpet', 'wood']);
  for (const { title, cells } of rows) for (const { textureClass } of cells) expect(textureClass).toBe(title);
});

it('table 7 changes one component of the final method at a time', () => {
  const all = methods('table7').at(-1) as Method;
  for (const { cells } of experiments.table7(subject).rows.slice(0, -1)) {
    const method = cells[0].source as Method;
    const changed = Object.keys({ ...all, ...method }).filter(
      (key) => method[key as keyof Method] !== all[key as keyof Method],
    );
    // Another statistic may also need another reference.
    expect(changed.filter((key) => key !== 'reference' || !changed.includes('statistic'))).toHaveLength(1);
  }
});

it('figure 9 varies the patch size and the two standard deviations', () => {
  const grid = methods('figure9').map(({ patchSize, parameters }) => JSON.stringify([patchSize, parameters]));
  expect(new Set(grid).size).toBe(3 * 4 * 4);
});

it('another extractor replaces only the pretrained backbones', () => {
  const extractors = (spec: ExperimentSpec) =>
    new Set(
      cellsOf(spec).map(({ source }: { source: Source }) => ('extractor' in source ? source.extractor : '')),
    );
  const spec = experiments.table1(subject);
  expect(extractors(withExtractor(spec, 'gabor'))).toEqual(
    new Set(['colors', 'random', 'steerable', 'laws', 'gabor']),
  );
  expect(extractors(spec)).toContain('vgg19');
});
