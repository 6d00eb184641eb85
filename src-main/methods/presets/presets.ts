import { PerchError } from '../../common/api/errors.ts';
import type { Method } from '../../common/api/schemas.ts';
import type { Preset } from './preset.ts';

const PAPER_BACKBONE = 'wide_resnet50';

/** Side of the images at low resolution (paper, Tables 3 and 4). */
const LOW_RESOLUTION = 320;

/** k of the k-NN reference. The paper's text omits its value; this is the k of Aota et al. */
const K = 400;

/** The default method: the embedded extractor with FCA. Large images get T = 9, as in the paper. */
export const defaultMethod: Method = {
  extractor: 'gabor',
  statistic: 'fca',
  reference: 'median',
  patchSize: 'auto',
};

const systems: readonly Preset[] = [
  { name: 'default', title: 'Embedded extractor with FCA: needs no model', method: defaultMethod },
  {
    name: 'ours',
    title: 'FCA on Wide ResNet-50-2, images at full size (paper, "Ours")',
    method: { extractor: PAPER_BACKBONE, statistic: 'fca', reference: 'median', patchSize: 9 },
  },
  {
    name: 'ours-320',
    title: 'The same at 320 x 320 pixels (paper, "Ours 320")',
    method: {
      extractor: PAPER_BACKBONE,
      statistic: 'fca',
      reference: 'median',
      patchSize: 9,
      resize: LOW_RESOLUTION,
    },
  },
  {
    name: 'ours-320-knn',
    title: 'The same with the nearest patches as references (paper, "Ours 320 + k-NN")',
    method: {
      extractor: PAPER_BACKBONE,
      statistic: 'fca',
      reference: `knn:${K}`,
      patchSize: 9,
      resize: LOW_RESOLUTION,
    },
  },
  {
    name: 'aota',
    title: 'Aota et al.: means of features and their nearest neighbors, 320 x 320 pixels',
    method: {
      extractor: PAPER_BACKBONE,
      statistic: 'aota',
      reference: `knn:${K}`,
      patchSize: 9,
      resize: LOW_RESOLUTION,
    },
  },
  {
    name: 'patchcore',
    title: 'PatchCore: a memory bank of normal images',
    method: { extractor: PAPER_BACKBONE, coresetRatio: 0.1 },
  },
  {
    name: 'patchcore-23',
    title: 'PatchCore on layers 2 and 3 as published, 256 x 256 pixels',
    method: { extractor: 'wide_resnet50_23', coresetRatio: 0.1, resize: 256 },
  },
  {
    name: 'fca-normal',
    title: 'Embedded extractor with FCA against normal images: few are enough',
    method: { ...defaultMethod, normal: true },
  },
  {
    name: 'nearest',
    title: 'Embedded extractor: distance to the nearest patch of normal images',
    method: { extractor: 'gabor', memory: 'nearest' },
  },
  {
    name: 'subspace',
    title: 'Embedded extractor: what principal components of normal images do not explain',
    method: { extractor: 'gabor', memory: 'subspace' },
  },
  {
    name: 'anomalydino',
    title: 'AnomalyDINO: nearest patch of normal images in 8 rotations, DINOv2 ViT-S, 448 x 448 pixels',
    method: { extractor: 'dinov2_vits14', memory: 'nearest', parameters: { rotations: 8 }, resize: 448 },
  },
  {
    name: 'subspacead',
    title: 'SubspaceAD: principal components of normal images, mean of middle blocks of DINOv2 ViT-L',
    method: { extractor: 'dinov2_vitl14_reg_middle', memory: 'subspace', resize: 672 },
  },
  {
    name: 'mutual',
    title: 'Embedded extractor: distance to the most similar images of the same class, 256 x 256 pixels',
    method: { extractor: 'gabor', set: 'mutual', parameters: { neighborhoods: 5 }, resize: 256 },
  },
  {
    name: 'musc',
    title: 'MuSc: mutual scoring of the images of a class, four blocks of DINOv2 ViT-L, 518 x 518 pixels',
    method: { extractor: 'dinov2_vitl14_four', set: 'mutual', parameters: { neighborhoods: 5 }, resize: 518 },
  },
  {
    name: 'saliency-rc',
    title: 'Saliency-RC: regions whose colors differ from the rest (Cheng et al.)',
    method: { baseline: 'saliency-rc' },
  },
  {
    name: 'bellini',
    title: 'Bellini et al.: dissimilarity to the most similar patches',
    method: { baseline: 'bellini' },
  },
];

/** The columns of Table 1. */
const EXTRACTORS = ['colors', 'random', 'steerable', 'laws', 'vgg19'] as const;

/**
 * The rows of Table 1 with their references. The standard deviation of the weights is 6 for all. The text
 * omits the two values for FCA. Perch uses 6 for sigmaP and scales sigmaS with the patch size.
 */
const STATISTICS: readonly Pick<Method, 'statistic' | 'reference' | 'parameters'>[] = [
  { statistic: 'moments', reference: 'global' },
  { statistic: 'histogram', reference: 'global' },
  { statistic: 'sww', reference: 'median' },
  { statistic: 'fca', reference: 'median', parameters: { sigmaP: 6, sigmaS: 2 } },
];

/** Table 1: every extractor with every statistic, images at 256 x 256 pixels, T = 25. */
const table1: readonly Preset[] = EXTRACTORS.flatMap((extractor) =>
  STATISTICS.map((row) => ({
    name: `table1/${extractor}/${row.statistic}`,
    title: `Paper, Table 1: ${extractor} with ${row.statistic}, 256 x 256 pixels, T = 25`,
    method: { extractor, ...row, patchSize: 25, resize: 256 },
  })),
);

/** The built-in presets. */
export const presets: readonly Preset[] = [...systems, ...table1];

/** @throws PerchError `UNKNOWN_NAME`, listing the known names */
export function presetNamed(name: string): Preset {
  const preset = presets.find((candidate) => candidate.name === name);
  if (preset) return preset;
  const known = systems.map((system) => system.name).join(', ');
  throw new PerchError(
    'UNKNOWN_NAME',
    `There is no method "${name}". Known: ${known}, table1/<extractor>/<statistic> with ${EXTRACTORS.join(', ')} and ` +
      `${STATISTICS.map(({ statistic }) => statistic).join(', ')}; or a file that ends in .json.`,
  );
}
