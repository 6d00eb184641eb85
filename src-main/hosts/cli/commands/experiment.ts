import { Argument, Command, Option } from 'commander';
import type { Cell } from '../../../common/api/evaluation.ts';
import { PerchError } from '../../../common/api/errors.ts';
import type { StoredMethod } from '../../../common/api/runs.ts';
import type { ProviderChoice } from '../../../common/api/schemas.ts';
import { extractorNamed } from '../../../methods/registry.ts';
import { type RecipeCell, type Source, withExtractor } from '../../../services/experiments/recipe.ts';
import { recipes } from '../../../services/experiments/recipes.ts';
import { experimentTable, type Outcome } from '../../../services/experiments/table.ts';
import { paperColumns } from '../../../services/reports/paper.ts';
import { meanNotes, reportRows, secondsPerImage } from '../../../services/reports/report.ts';
import type { Services } from '../../../services/services.ts';
import { datasetOf } from './evaluate.ts';
import { providerOption } from '../options/shared-options.ts';
import { runMissing } from '../progress/ensure-results.ts';
import { withServices } from '../with-services.ts';

/** What is reckoned to take longer, in hours on this machine for one cell, is not begun. */
const PATIENCE_HOURS = 6;

interface ExperimentOptions {
  dataset: string;
  extractor?: string;
  provider: ProviderChoice;
}

export function experimentCommand(): Command {
  return new Command('experiment')
    .description('an experiment of the paper on a dataset, as a table in its arrangement')
    .addArgument(new Argument('<name>', 'table or figure of the paper').choices(Object.keys(recipes)))
    .requiredOption('--dataset <dataset>', 'name of a dataset, or a folder, which is imported first')
    .addOption(
      new Option('--extractor <name>', 'stands in for pretrained backbones, where they were not added'),
    )
    .addOption(providerOption())
    .addHelpText(
      'after',
      `
Results are kept in the store; what is there already is not done again, so an experiment may be interrupted.

Examples:
  perch experiment table1 --dataset fabrics
  perch experiment table7 --dataset fabrics/ --extractor gabor`,
    )
    .action((name: string, options: ExperimentOptions) =>
      withServices((services, signal) => run(name, options, services, signal)),
    );
}

async function run(
  name: string,
  options: ExperimentOptions,
  services: Services,
  signal: AbortSignal,
): Promise<void> {
  const dataset = await datasetOf(options.dataset, services, signal);
  const classes = dataset.classes.map(({ textureClass }) => textureClass);
  const plain = recipes[name]({ classes, paper: paperColumns(dataset) });
  const recipe = options.extractor === undefined ? plain : withExtractor(plain, options.extractor);

  const methods = new Map<Source, StoredMethod>();
  const refused = new Map<Source, Refusal>();
  for (const source of new Set(recipe.rows.flatMap(({ cells }) => cells.map((cell) => cell.source)))) {
    const found = await methodOf(source, dataset.id, services, signal);
    if ('word' in found) refused.set(source, found);
    else methods.set(source, found);
  }
  const own = [...methods.values()].filter(({ definition }) => definition !== null);
  const ids = [...new Set(own.map(({ id }) => id))];
  const failed = await runMissing(
    services,
    { dataset: dataset.id, methods: ids, provider: options.provider },
    signal,
  );

  const metrics = await metricsOf(dataset.id, [...methods.values()], services, signal);
  const outcomeOf = (cell: RecipeCell): Outcome => {
    const method = methods.get(cell.source);
    return method ? metrics(method, cell) : (refused.get(cell.source)?.word ?? '-');
  };
  const stand = options.extractor === undefined ? '' : `, ${options.extractor} for pretrained backbones`;
  process.stdout.write(`${recipe.title}\n${dataset.name}${stand}\n\n${experimentTable(recipe, outcomeOf)}`);
  const reasons = [...new Set([...refused.values()].map(({ word, reason }) => `${word}: ${reason}`))];
  if (reasons.length > 0) process.stdout.write(`\n${reasons.join('\n')}\n`);
  if (failed > 0) {
    process.exitCode = 1;
    process.stderr.write(`perch: ${failed} inspections failed; the reasons are above.\n`);
  }
}

/** Why a cell is not computed: a word in its place, and the reason with what can be done. */
interface Refusal {
  word: string;
  reason: string;
}

async function methodOf(
  source: Source,
  dataset: number,
  services: Services,
  signal: AbortSignal,
): Promise<StoredMethod | Refusal> {
  if ('imported' in source) {
    const { methods } = await services.methods.used({ dataset }, signal);
    const reason =
      'bring maps of that system in with perch datasets import-maps NAME --maps DIR --method LABEL, the row as LABEL.';
    return methods.find(({ label }) => label === source.imported) ?? { word: 'maps', reason };
  }
  try {
    if ('extractor' in source) extractorNamed(source.extractor);
  } catch (thrown) {
    if (thrown instanceof PerchError && 'extractor' in source) return noExtractor(source.extractor, thrown);
    throw thrown;
  }
  const { estimates } = await services.runs.estimate({ dataset, definitions: [source] }, signal);
  const hours = estimates[0].seconds / 3600;
  if (hours > PATIENCE_HOURS) {
    const reason = `estimated to take longer than ${PATIENCE_HOURS} hours here (up to ${Math.ceil(hours)}).`;
    return { word: 'too long', reason };
  }
  return services.methods.store({ definition: source }, signal);
}

function noExtractor(name: string, { code, message }: PerchError): Refusal {
  const way =
    code === 'MODEL_MISSING'
      ? 'Or let one stand in: --extractor gabor'
      : `Add one under this name: perch models add ${name} --from net.onnx`;
  return { word: `no ${name}`, reason: `${message} ${way}` };
}

async function metricsOf(
  dataset: number,
  methods: readonly StoredMethod[],
  services: Services,
  signal: AbortSignal,
): Promise<(method: StoredMethod, cell: RecipeCell) => Outcome> {
  const ids = [...new Set(methods.map(({ id }) => id))];
  const cells: Cell[] = [];
  for (let at = 0; at < ids.length; at += 20) {
    const scope = { dataset, methods: ids.slice(at, at + 20), proFprLimit: 0.3 };
    for await (const event of await services.evaluation.table(scope, signal)) {
      if (event.type === 'cell') cells.push(event.cell);
    }
  }
  const classes = [
    ...new Set(cells.filter(({ metrics }) => metrics.images > 0).map((cell) => cell.textureClass)),
  ];
  const report = {
    ...{ dataset: '', ignoreBorder: 0, proFprLimit: 0.3, classes, cells, notes: [] },
    methods: ids.map((id) => ({ id, label: '', definition: '' })),
  };
  const rows = reportRows(report);
  for (const note of meanNotes(report)) process.stderr.write(`perch: ${note}\n`);
  return (method, { shows, textureClass }) => {
    const row =
      textureClass === undefined ? rows.at(-1) : rows.find((of) => of.textureClass === textureClass);
    const entry = row?.entries.find((of) => of.method.id === method.id);
    return shows.map((shown) =>
      shown === 'seconds' ? secondsPerImage(report, method.id) : (entry?.percents[shown].value ?? null),
    );
  };
}
