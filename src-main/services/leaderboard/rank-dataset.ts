import type { Metrics } from '../../common/api/evaluation.ts';
import type { ProviderChoice } from '../../common/api/schemas.ts';
import type { Store } from '../../store/store.ts';
import { currentResults } from '../evaluation/class-samples.ts';
import { formatMethod } from '../methods/format-method.ts';
import { storedMethodNeeds } from '../methods/method-needs.ts';
import { meanNotes, notesOf, secondsPerImage } from '../reports/report.ts';
import type { Services } from '../types.ts';
import type { Omission, RankedDataset, RankedMethod } from './leaderboard.ts';
import { measurePeak } from './measure-peak.ts';
import { publishedSystems } from './published-systems.ts';
import { byAuPro, countedClasses, isResampled, type ScoredClass, scoreRows } from './score-rows.ts';

/** Differences between interpolated and exact metrics above this are reported. */
const MAX_DEVIATION = 0.002;

/** Maximum number of methods per request. */
const METHODS_PER_REQUEST = 20;

export interface RankingSettings {
  dataset: number;
  /** Ids of the methods that ran. */
  methods: readonly number[];
  ignoreBorder: number | undefined;
  proFprLimit: number;
  resamples: number;
  seed: number;
  provider: ProviderChoice;
}

/**
 * Evaluates the results of methods on a dataset, with intervals, and ranks the methods.
 *
 * @param onProgress receives the completed fraction
 */
export async function rankDataset(
  { store, services }: { store: Store; services: Services },
  settings: RankingSettings,
  omitted: Omission[],
  signal: AbortSignal,
  onProgress: (fraction: number) => void,
): Promise<RankedDataset> {
  const { dataset, methods, ignoreBorder, proFprLimit, resamples, seed, provider } = settings;
  const border = ignoreBorder === undefined ? {} : { ignoreBorder };
  const cells = [];
  for (let at = 0; at < methods.length; at += METHODS_PER_REQUEST) {
    const scope = { dataset, methods: methods.slice(at, at + METHODS_PER_REQUEST), proFprLimit, ...border };
    for await (const event of await services.evaluation.table(scope, signal)) {
      if (event.type !== 'cell') continue;
      cells.push(event.cell);
      onProgress((cells.length / event.total) * Math.min(1, METHODS_PER_REQUEST / methods.length) * 0.5);
    }
  }
  const evaluated = cells.filter(({ metrics }) => metrics.images > 0);
  const scored = new Map<number, ScoredClass[]>(methods.map((id) => [id, []]));
  for (const [done, { method, textureClass, metrics }] of evaluated.entries()) {
    const request = { dataset, method, textureClass, proFprLimit, resamples, seed, ...border };
    const bootstrap = await services.evaluation.bootstrap(request, signal);
    scored.get(method)?.push({ textureClass, metrics, bootstrap });
    onProgress(0.5 + (0.4 * done) / evaluated.length);
  }
  const counted = countedClasses([...scored.values()]);
  const ranked: RankedMethod[] = [];
  for (const [done, [method, classes]] of [...scored].entries()) {
    if (classes.length === 0) continue;
    const stored = store.methods.get(method);
    const devices = [...currentResults(store, dataset, method).values()].map(({ device }) => device);
    ranked.push({
      label: stored.label,
      definition: stored.definition === null ? 'imported maps' : formatMethod(stored.definition),
      ...storedMethodNeeds(stored),
      secondsPerImage: secondsPerImage({ cells }, method),
      peakBytes: await measurePeak(store, { dataset, method, provider }, signal),
      devices: [...new Set(devices)].filter((device) => device !== ''),
      rows: scoreRows(classes, counted),
    });
    onProgress(0.9 + (0.1 * done) / methods.length);
  }
  const described = store.datasets.get(dataset);
  const sizes = store.datasets.countClasses(dataset);
  const classes = sizes.flatMap(({ textureClass: name }) => {
    const of = evaluated.filter(({ textureClass }) => textureClass === name).map(({ metrics }) => metrics);
    const most = (count: 'images' | 'anomalousImages' | 'regions') =>
      Math.max(...of.map((metrics: Metrics) => metrics[count]));
    if (of.length === 0) return [];
    return [
      { name, images: most('images'), anomalousImages: most('anomalousImages'), regions: most('regions') },
    ];
  });
  const known = classes.map(({ name }) => name);
  const labels = methods.map((id) => ({ id, label: store.methods.get(id).label, definition: '' }));
  return {
    name: described.name,
    layout: described.layout,
    ignoreBorder: ignoreBorder ?? described.ignoreBorder,
    classes,
    methods: ranked.sort(byAuPro),
    published: publishedSystems({ layout: described.layout, classes: sizes }, known),
    omitted,
    notes: [
      ...notesOf(known, evaluated, labels),
      ...meanNotes({ classes: known, cells: evaluated }),
      ...bootstrapNotes([...scored.values()].flat()),
    ],
  };
}

function bootstrapNotes(scored: readonly ScoredClass[]): string[] {
  const small = scored.filter(({ bootstrap }) => !isResampled(bootstrap));
  const names = [...new Set(small.map(({ textureClass }) => textureClass))];
  const deviation = Math.max(0, ...scored.map(({ bootstrap }) => bootstrap.deviation));
  return [
    ...(names.length > 0 ? [`Too few images for an interval: ${names.join(', ')}.`] : []),
    ...(deviation > MAX_DEVIATION
      ? [
          `Interpolated metrics of all images differ from exact ones by up to ${(100 * deviation).toFixed(2)} points, so intervals are that uncertain.`,
        ]
      : []),
  ];
}
