import type { BootstrapMetric } from '../common/api/evaluation.ts';

/**
 * A system of the literature and how it runs in Perch: as presets, or trained elsewhere and imported as a
 * network or as maps. What a preset needs follows from its method.
 */
export type System = {
  name: string;
  /** Where it is presented: in the paper, or in docs/method.md. */
  place: string;
  /** Its name in `assets/paper.json`. */
  paper?: string;
} & ({ presets: readonly string[] } | { imported: string; needs: readonly string[]; license: string });

const NETWORK = 'as a network (`network:NAME`), or its maps';

const EXTRACTORS = [
  ['Colors', 'colors'],
  ['Random projections', 'random'],
  ['Steerable filters', 'steerable'],
  ["Laws' texture energy", 'laws'],
  ['VGG19', 'vgg19'],
] as const;

/** The systems of the paper's Tables 1 to 4, and those of docs/method.md that compare with other images. */
export const systems: readonly System[] = [
  ...EXTRACTORS.map(([title, extractor]) => ({
    name: title,
    place: 'Table 1',
    presets: ['moments', 'histogram', 'sww', 'fca'].map((statistic) => `table1/${extractor}/${statistic}`),
  })),
  {
    name: 'References random, all and global',
    place: 'Table 2',
    presets: ['table1/vgg19/histogram', 'table1/vgg19/sww', 'table1/vgg19/fca'],
  },
  {
    name: 'PatchCore',
    place: 'Table 3',
    presets: ['patchcore', 'patchcore-23'],
    paper: 'PatchCore (all normal images)',
  },
  {
    name: 'RD++',
    place: 'Table 3',
    imported: NETWORK,
    needs: ['training on the normal images of each class'],
    license: 'MIT',
    paper: 'RD++ (all normal images)',
  },
  { name: 'Saliency-RC', place: 'Table 3', presets: ['saliency-rc'], paper: 'Saliency' },
  { name: 'Bellini et al.', place: 'Table 3', presets: ['bellini'], paper: 'Bellini et al.' },
  {
    name: 'MAEDAY',
    place: 'Table 3',
    imported: NETWORK,
    needs: ['masked autoencoder'],
    license: 'not known here',
    paper: 'MAEDAY',
  },
  {
    name: 'WinCLIP',
    place: 'Table 3',
    imported: NETWORK,
    needs: ['vision-language model', 'name of the texture'],
    license: 'the authors published no code',
    paper: 'WinCLIP',
  },
  {
    name: 'SAA+',
    place: 'Table 3',
    imported: 'its maps: it composes several networks',
    needs: ['detection and segmentation models', 'prompts'],
    license: 'MIT',
    paper: 'SAA+',
  },
  {
    name: 'April-GAN',
    place: 'Tables 3, 4',
    imported: NETWORK,
    needs: ['vision-language model', 'training on another dataset'],
    license: 'MIT',
    paper: 'April-GAN',
  },
  { name: 'Aota et al.', place: 'Tables 3, 4', presets: ['aota'], paper: 'Aota et al.' },
  { name: 'FCA at 320 x 320', place: 'Tables 3, 4', presets: ['ours-320'], paper: 'Ours 320' },
  {
    name: 'FCA at 320 x 320, k-NN references',
    place: 'Tables 3, 4',
    presets: ['ours-320-knn'],
    paper: 'Ours 320 + k-NN',
  },
  { name: 'FCA', place: 'Tables 3, 4', presets: ['ours'], paper: 'Ours' },
  { name: 'AnomalyDINO', place: 'method.md, 6', presets: ['anomalydino'] },
  { name: 'SubspaceAD', place: 'method.md, 6', presets: ['subspacead'] },
  { name: 'MuSc', place: 'method.md, 6', presets: ['musc'] },
];

/** The mean metrics of a system on a dataset that others published, in percent. */
export interface PublishedMetrics {
  /** The dataset's name in `assets/paper.json`. */
  dataset: string;
  system: string;
  source: string;
  mean: Partial<Record<BootstrapMetric, number>>;
}

/** Published metrics besides those of the paper. */
export const publishedMetrics: readonly PublishedMetrics[] = [
  {
    dataset: 'DTD-Synthetic',
    system: 'transformer features, 2026',
    source: 'quoted; the publication was not checked',
    mean: { auPro: 98.2 },
  },
];
