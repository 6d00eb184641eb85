import type { MetricName } from '../../common/api/evaluation.ts';
import type { AnyMethod, Method } from '../../common/api/schemas.ts';
import { presetNamed } from '../../methods/presets/presets.ts';
import {
  type ExperimentSpec,
  type ExperimentCell,
  type Source,
  type Subject,
  ours,
} from './experiment-spec.ts';

const MVTEC = 'MVTec AD';

/** The experiments by name. */
export const experiments: Record<string, (subject: Subject) => ExperimentSpec> = {
  table1,
  table2,
  table4,
  table5,
  table6,
  table7,
  figure9,
};

const preset = (name: string): AnyMethod => presetNamed(name).method;

/** Extractors by statistics. */
function table1(): ExperimentSpec {
  const extractors = ['colors', 'random', 'steerable', 'laws', 'vgg19'];
  const paper: [title: string, statistic: string, metrics: [auPro: number, auroc: number][]][] = [
    [
      'Moments',
      'moments',
      [
        [46.51, 75.62],
        [40.66, 73.33],
        [64.21, 80.78],
        [53.97, 75.64],
        [61.96, 83.82],
      ],
    ],
    [
      'Histogram',
      'histogram',
      [
        [50.43, 77.8],
        [53.74, 80.48],
        [70.64, 84.43],
        [68.47, 84.71],
        [73.17, 88.44],
      ],
    ],
    [
      'SWW',
      'sww',
      [
        [58.62, 83.62],
        [62.21, 85.89],
        [73.08, 87.77],
        [74.48, 89.36],
        [77.4, 91.44],
      ],
    ],
    [
      'FCA',
      'fca',
      [
        [63.3, 85.76],
        [66.28, 87.62],
        [71.75, 86.99],
        [75.33, 90.18],
        [81.08, 92.58],
      ],
    ],
  ];
  return {
    title: 'Table 1: extractors and statistics, AUPRO / AUROC, 256 x 256 pixels, T = 25',
    columns: ['Colors', 'RandProj', 'Steerable', 'TEM', 'VGG'],
    rows: paper.map(([title, statistic, metrics]) => ({
      title,
      cells: extractors.map((extractor, column) => ({
        source: preset(`table1/${extractor}/${statistic}`),
        shows: ['auPro', 'auroc'],
        paper: metrics[column],
      })),
    })),
    paperDataset: MVTEC,
  };
}

/** References by statistics. */
function table2(): ExperimentSpec {
  const statistics = ['histogram', 'sww', 'fca'];
  type Printed = [auPro: number | null, seconds: number];
  const paper: [title: string, reference: string | undefined, metrics: Printed[]][] = [
    [
      'Random (1)',
      'random:1',
      [
        [60.95, 1.1],
        [59.56, 5.7],
        [62.01, 9.2],
      ],
    ],
    [
      'Random (3)',
      'random:3',
      [
        [67.04, 1.1],
        [66.79, 8.2],
        [69.57, 18.7],
      ],
    ],
    [
      'Random (10)',
      'random:10',
      [
        [72.99, 1.2],
        [73.23, 17.3],
        [75.91, 52.3],
      ],
    ],
    [
      'Random (100)',
      'random:100',
      [
        [74.55, 1.7],
        [75.69, 134],
        [78.45, 482],
      ],
    ],
    [
      'All',
      'all',
      [
        [74.01, 380],
        [null, 84984],
        [null, 314577],
      ],
    ],
    [
      'Global',
      undefined,
      [
        [73.17, 1.1],
        [77.4, 5.7],
        [81.08, 9.2],
      ],
    ],
  ];
  return {
    title: 'Table 2: references, AUPRO / seconds per image, VGG features, 256 x 256 pixels, T = 25',
    columns: ['Hist', 'SWW', 'FCA'],
    rows: paper.map(([title, reference, metrics]) => ({
      title,
      cells: statistics.map((statistic, column) => ({
        source: { ...(preset(`table1/vgg19/${statistic}`) as Method), ...(reference && { reference }) },
        shows: ['auPro', 'seconds'],
        paper: metrics[column],
      })),
    })),
    paperDataset: MVTEC,
  };
}

/** Whole systems, over all classes. On MVTec AD this is the paper's Table 3. */
function table4({ paper }: Subject): ExperimentSpec {
  const shows: MetricName[] = ['auPro', 'auroc', 'f1Max', 'imageAuroc'];
  const imported = (label: string): Source => ({ imported: label });
  const systems: [name: string, source: Source][] = [
    ['PatchCore (all normal images)', preset('patchcore')],
    ['RD++ (all normal images)', imported('RD++')],
    ['Saliency', preset('saliency-rc')],
    ['Bellini et al.', preset('bellini')],
    ['MAEDAY', imported('MAEDAY')],
    ['WinCLIP', imported('WinCLIP')],
    ['SAA+', imported('SAA+')],
    ['April-GAN', imported('April-GAN')],
    ['Aota et al.', preset('aota')],
    ['Ours 320', preset('ours-320')],
    ['Ours 320 + k-NN', preset('ours-320-knn')],
    ['Ours', preset('ours')],
  ];
  // On DTD-Synthetic and AITEX the paper resizes all images to 320 pixels and omits the number from the
  // names.
  const printedAs = (name: string) =>
    paper?.mean(name) ??
    (paper && !paper.mean('Ours 320') ? paper.mean(name.replace(' 320', '')) : undefined);
  return {
    title: 'Tables 3 and 4: systems, mean of the classes',
    columns: ['AUPRO', 'AUROC', 'F1-max', 'I-AUROC'],
    rows: systems.map(([title, source]) => {
      const printed = printedAs(title);
      return {
        title,
        cells: shows.map((metric): ExperimentCell => {
          const cell = { source, shows: [metric as ExperimentCell['shows'][number]] };
          return printed ? { ...cell, paper: [printed[metric] ?? null] } : cell;
        }),
      };
    }),
    ...(paper && { paperDataset: paper.dataset }),
  };
}

/** Time by image size. */
function table5(): ExperimentSpec {
  const knn = { reference: 'knn:400' };
  const paper: [title: string, choices: Partial<Method>, seconds: [small: number, large: number]][] = [
    ['Moments', { statistic: 'moments', reference: 'global' }, [0.04, 0.05]],
    ['Histogram', { statistic: 'histogram', reference: 'global' }, [0.06, 0.08]],
    ['Aota et al.', { statistic: 'aota', ...knn }, [1.1, 199]],
    ['Ours', {}, [0.71, 1.07]],
    ['Ours + k-NN', knn, [3.97, 392]],
  ];
  return {
    title: 'Table 5: seconds per image (paper: RTX A5000)',
    columns: ['320 px', '1024 px'],
    rows: paper.map(([title, choices, seconds]) => ({
      title,
      cells: [320, 1024].map((resize, column) => ({
        source: ours({ ...choices, resize }),
        shows: ['seconds'],
        paper: [seconds[column]],
      })),
    })),
    paperDataset: MVTEC,
  };
}

/** The three best systems, by class. */
function table6({ classes, paper }: Subject): ExperimentSpec {
  const shows = ['auPro', 'auroc', 'f1Max'] as const;
  const systems: [name: string, printedAs: string[], source: Source][] = [
    ['Ours', ['Ours'], preset('ours')],
    ['Ours 320 + k-NN', ['Ours 320 + k-NN', 'Ours + k-NN'], preset('ours-320-knn')],
    ['Aota et al.', ['Aota et al.'], preset('aota')],
  ];
  return {
    title: 'Table 6: texture classes, AUPRO / AUROC / F1-max',
    columns: systems.map(([name]) => name),
    rows: classes.map((textureClass) => ({
      title: textureClass,
      cells: systems.map(([, printedAs, source]) => {
        const printed = printedAs.map((name) => paper?.at(textureClass, name)).find(Boolean);
        const cell = { source, shows, textureClass };
        return printed ? { ...cell, paper: shows.map((metric) => printed[metric] ?? null) } : cell;
      }),
    })),
    ...(paper && { paperDataset: paper.dataset }),
  };
}

/** Components of the method removed, one at a time. */
function table7(): ExperimentSpec {
  const ablations: [title: string, source: Method, metrics: [auPro: number, auroc: number]][] = [
    ['without F: random weights', ours({ extractor: 'wide_resnet50_untrained' }), [70.24, 87.99]],
    ['without R: mean of the tiles', ours({ reference: 'mean' }), [69.62, 78.58]],
    ['without HR: 320 pixels', ours({ resize: 320 }), [95.46, 97.74]],
    ['without FCA: histograms', ours({ statistic: 'histogram', reference: 'global' }), [95.35, 98]],
    ['complete', ours(), [97.18, 98.73]],
  ];
  return {
    title: 'Table 7: ablation',
    columns: ['AUPRO', 'AUROC'],
    rows: ablations.map(([title, source, [auPro, auroc]]) => ({
      title,
      cells: [
        { source, shows: ['auPro'], paper: [auPro] },
        { source, shows: ['auroc'], paper: [auroc] },
      ],
    })),
    paperDataset: MVTEC,
  };
}

/**
 * Patch size, and the standard deviations of FCA's two weights. The paper's text does not contain the
 * figure's values; these are around its settings (T = 9, sigma_p = 3, sigma_s = 1).
 */
function figure9(): ExperimentSpec {
  const smoothings = [0, 0.5, 1, 2];
  const rows = [5, 9, 13].flatMap((patchSize) => [1, 2, 3, 5].map((sigmaP) => ({ patchSize, sigmaP })));
  return {
    title: "Figure 9: AUPRO by patch size and by the weights' standard deviations",
    columns: smoothings.map((sigmaS) => `sigma_s ${sigmaS}`),
    rows: rows.map(({ patchSize, sigmaP }) => ({
      title: `T ${patchSize}, sigma_p ${sigmaP}`,
      cells: smoothings.map((sigmaS) => ({
        source: ours({ patchSize, parameters: { sigmaP, sigmaS } }),
        shows: ['auPro'],
      })),
    })),
  };
}
