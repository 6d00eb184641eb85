import {
  type Adoption,
  type Agreement,
  type GoldVerdict,
  type Kappa,
  type Session,
  type Summary,
  verdict,
} from '../../../common/api/sessions.ts';
import type { Store } from '../../../store/store.ts';
import { printLine } from './print.ts';
import { formatCount, formatTable } from './table.ts';

/** "Review 3: Ada, fabrics (gabor + fca), 40 of 49 reviewed, blind, finished" */
export function formatReview(store: Store, session: Session): string {
  const { name, operator, dataset, method, reviewed, total, endedAt, group, adjudicates } = session;
  const heatmaps = method === null ? '' : ` (${store.methods.get(method).label})`;
  const notes = [
    session.blind && (session.heatmapHidden ? 'blind without heatmap' : 'blind'),
    group && `group ${group.id}`,
    adjudicates && `adjudicates ${adjudicates.first.id} and ${adjudicates.second.id}`,
    endedAt !== null && 'finished',
  ].filter((note) => typeof note === 'string');
  const dataSet = store.datasets.get(dataset).name;
  return [`${name}: ${operator}`, `${dataSet}${heatmaps}`, `${reviewed} of ${total} reviewed`, ...notes].join(
    ', ',
  );
}

export function printSummary(store: Store, summary: Summary): void {
  const { session, verdicts, byGroundTruth, byScore, byDecision, defectTypes, secondsPerImage } = summary;
  const truths = ['masked', 'normal', 'unknown'] as const;
  const scores = ['above', 'below', 'unknown'] as const;
  const decisions = byDecision === null ? [] : (['pass', 'review', 'reject', 'none'] as const);
  const head = [
    'verdict',
    'images',
    ...truths.map((truth) => `truth:${truth}`),
    ...scores.map((side) => `score:${side}`),
    ...decisions.map((decision) => `recipe:${decision}`),
  ];
  const rows = verdict.options.map((given) => [
    given,
    verdicts[given],
    ...truths.map((truth) => byGroundTruth[given][truth]),
    ...scores.map((side) => byScore[given][side]),
    ...decisions.map((decision) => byDecision?.[given][decision] ?? 0),
  ]);
  printLine(`${formatReview(store, session)}\n`);
  process.stdout.write(formatTable([head, ...rows]));
  printLine();
  const { kappaGroundTruth, kappaScore, kappaDecision } = summary;
  const kappas = [
    `${formatKappa(kappaGroundTruth)} with ground truth`,
    `${formatKappa(kappaScore)} with scores`,
    ...(byDecision === null ? [] : [`${formatKappa(kappaDecision)} with the recipe`]),
  ];
  printLine(`kappa of reject and accept: ${kappas.join(', ')}`);
  if (summary.changedAfterReveal > 0)
    printLine(`changed after the reveal: ${formatCount(summary.changedAfterReveal, 'verdict')}`);
  if (defectTypes.length > 0)
    printLine(
      `defect types: ${defectTypes.map(({ defectType, images }) => `${defectType} ${images}`).join(', ')}`,
    );
  if (secondsPerImage !== null) printLine(`${secondsPerImage.toFixed(1)} s per image`);
}

export function printAgreement(
  store: Store,
  [first, second]: string[],
  { both, kappa, observed, table, disagreements }: Agreement,
): void {
  const same = observed === null ? '-' : `${(100 * observed).toFixed(1)} %`;
  printLine(
    `${formatCount(both, 'image')} in both reviews, the same verdict on ${same}, kappa ${formatKappa(kappa)}\n`,
  );
  const rows = verdict.options.map((ofFirst) => [
    ofFirst,
    ...verdict.options.map((ofSecond) => table[ofFirst][ofSecond]),
  ]);
  process.stdout.write(formatTable([[`${first} \\ ${second}`, ...verdict.options], ...rows]));
  if (disagreements.length > 0) printLine();
  for (const { image, first: ofFirst, second: ofSecond } of disagreements)
    printLine(`${nameOf(store, image)}: ${ofFirst.verdict}, ${ofSecond.verdict}`);
}

export function printGold(store: Store, gold: readonly GoldVerdict[]): void {
  for (const { image, gold: verdict, source, first, second } of gold)
    printLine(
      `${nameOf(store, image)}: ${verdict ?? 'open'} (${source === 'agreed' ? source : `${first}, ${second}`})`,
    );
}

export function printAdoption(store: Store, adoption: Adoption, preview: boolean): void {
  const { adopted, unchanged, needsMask, contradicted, undecided } = adoption;
  const list = (title: string, images: readonly number[]) => {
    if (images.length > 0) printLine(`${title}:`);
    for (const image of images) printLine(`  ${nameOf(store, image)}`);
  };
  printLine(
    `${formatCount(adopted.length, 'image')} ${preview ? 'would become' : 'became'} normal, ${unchanged.length} already agreed with the ground truth`,
  );
  list('rejected, but without a mask; draw it in Annotate', needsMask);
  list('accepted, but with a mask; --overwrite makes them normal', contradicted);
  list('without a gold verdict of accept or reject', undecided);
}

/** "0.612 (95 %: 0.411 to 0.813)" */
function formatKappa(kappa: Kappa | null): string {
  if (kappa === null) return 'undefined';
  const { value, interval } = kappa;
  const range = interval && ` (95 %: ${interval.low.toFixed(3)} to ${interval.high.toFixed(3)})`;
  return `${value.toFixed(3)}${range ?? ''}`;
}

function nameOf(store: Store, image: number): string {
  const { textureClass, name } = store.images.get(image);
  return `${textureClass}/${name}`;
}
