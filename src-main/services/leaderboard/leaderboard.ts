import type { BootstrapMetric } from '../../common/api/evaluation.ts';

/** Methods compared on datasets with one rule for all. */
export interface Leaderboard {
  /** ISO 8601. */
  madeAt: string;
  /** Version of Perch. */
  perch: string;
  /** The devices that results were computed on, for display. */
  devices: string[];
  /** Pixels that the user chose to ignore at each side; null for the setting of each dataset. */
  ignoreBorder: number | null;
  /** False positive rate up to which AUPRO integrates. */
  proFprLimit: number;
  /** Number of bootstrap resamples of each class, and their seed. */
  resamples: number;
  seed: number;
  datasets: RankedDataset[];
}

export interface RankedDataset {
  name: string;
  layout: string;
  /** Pixels ignored at each side, for all methods. */
  ignoreBorder: number;
  /** Classes with ground truth, in dataset order. */
  classes: ClassSize[];
  /** The highest mean AUPRO first. */
  methods: RankedMethod[];
  /** Metrics of this dataset that were published. */
  published: PublishedSystem[];
  /** What could not run, and why. */
  omitted: Omission[];
  notes: string[];
}

/** Numbers of evaluated images and of ground truth regions. */
export interface ClassSize {
  name: string;
  images: number;
  anomalousImages: number;
  regions: number;
}

export interface RankedMethod {
  label: string;
  definition: string;
  /** What it needs besides the image. */
  needs: string[];
  license: string;
  secondsPerImage: number | null;
  /** Peak memory of a process that inspects the largest image; null if it was not measured. */
  peakBytes: number | null;
  /** The devices that its results were computed on. */
  devices: string[];
  /** One for each class; the last one, with the class null, is the mean of the classes. */
  rows: ({ class: string | null } & Scores)[];
}

export type Scores = Record<BootstrapMetric, Score>;

/** A metric as a fraction of 1, and its 95 % interval. Null if undefined. */
export interface Score {
  value: number | null;
  low: number | null;
  high: number | null;
}

export interface PublishedSystem {
  system: string;
  source: string;
  /** In percent. For the whole dataset, the class is null. */
  rows: ({ class: string | null } & Partial<Record<BootstrapMetric, number>>)[];
}

export interface Omission {
  method: string;
  /** The classes it could not run on; null for all. */
  classes: string[] | null;
  reason: string;
}

/** The mean of the classes. */
export const meanOf = ({ rows }: Pick<RankedMethod, 'rows'>): Scores => rows[rows.length - 1];
