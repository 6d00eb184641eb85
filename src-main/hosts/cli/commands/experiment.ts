import { Argument, Command } from 'commander';
import { PerchError } from '../../../common/api/errors.ts';
import type { Cell } from '../../../common/api/evaluation.ts';
import { DEFAULT_PRO_FPR_LIMIT } from '../../../common/api/pro-limit.ts';
import type { StoredMethod } from '../../../common/api/runs.ts';
import type { ProviderChoice } from '../../../common/api/schemas.ts';
import { extractorNamed } from '../../../methods/registry.ts';
import {
  type ExperimentCell,
  type Source,
  withExtractor,
} from '../../../services/experiments/experiment-spec.ts';
import { experiments } from '../../../services/experiments/experiments.ts';
import { experimentTable, type Outcome } from '../../../services/experiments/format-table.ts';
import { paperColumns } from '../../../services/reports/paper.ts';
import { meanNotes, reportRows, secondsPerImage } from '../../../services/reports/report.ts';
import { importOption, resolveDataset } from '../options/dataset-argument.ts';
import { providerOption } from '../options/image-options.ts';
import { withHint } from '../output/hint-text.ts';
import { printError, printLine } from '../output/print.ts';
import { ensureResults } from '../progress/ensure-results.ts';
import { type CommandContext, runCommand } from '../run-command.ts';

/** Cells that are estimated to take longer on this machine are not computed. */
const MAX_CELL_HOURS = 6;

/** Maximum number of methods per metrics request. */
const METHODS_PER_REQUEST = 20;

interface ExperimentOptions {
  import?: boolean;
  extractor?: string;
  provider: ProviderChoice;
}

export function experimentCommand(): Command {
  return new Command('experiment')
    .description('Repeat an experiment of the paper on a dataset and print its table.')
    .summary('repeat an experiment of the paper')
    .addArgument(new Argument('<name>', 'table or figure of the paper').choices(Object.keys(experiments)))
    .argument('<dataset>', 'name or folder of a dataset')
    .addOption(importOption())
    .option('--extractor <name>', 'extractor to use in place of backbones that have not been imported')
    .addOption(providerOption())
    .addHelpText(
      'after',
      `
Results are stored and reused, so an interrupted experiment can be started again.

Examples:
  perch experiment table1 fabrics
  perch experiment table7 fabrics/ --import --extractor gabor`,
    )
    .action((name: string, dataset: string, options: ExperimentOptions) =>
      runCommand((context) => runExperiment(name, dataset, options, context)),
    );
}

async function runExperiment(
  name: string,
  datasetName: string,
  { import: importFirst, extractor, provider }: ExperimentOptions,
  context: CommandContext,
): Promise<void> {
  const dataset = await resolveDataset(datasetName, importFirst, context);
  const classes = dataset.classes.map(({ textureClass }) => textureClass);
  const original = experiments[name]({ classes, paper: paperColumns(dataset) });
  const spec = extractor === undefined ? original : withExtractor(original, extractor);

  const methods = new Map<Source, StoredMethod>();
  const omitted = new Map<Source, Omission>();
  for (const source of new Set(spec.rows.flatMap(({ cells }) => cells.map((cell) => cell.source)))) {
    const found = await methodOf(source, dataset.id, context);
    if ('cell' in found) omitted.set(source, found);
    else methods.set(source, found);
  }
  const computed = [...methods.values()].filter(({ definition }) => definition !== null);
  const ids = [...new Set(computed.map(({ id }) => id))];
  await ensureResults(context.services, { dataset: dataset.id, methods: ids, provider }, context.signal);

  const metrics = await loadMetrics(dataset.id, [...methods.values()], context);
  const outcomeOf = (cell: ExperimentCell): Outcome => {
    const method = methods.get(cell.source);
    return method ? metrics(method, cell) : (omitted.get(cell.source)?.cell ?? '-');
  };
  const replacement = extractor === undefined ? '' : `, ${extractor} in place of pretrained backbones`;
  printLine(spec.title);
  printLine(`${dataset.name}${replacement}\n`);
  process.stdout.write(experimentTable(spec, outcomeOf));
  const reasons = new Set([...omitted.values()].map(({ cell, reason }) => `${cell}: ${reason}`));
  if (reasons.size > 0) printLine(`\n${[...reasons].join('\n')}`);
}

/** Why a cell is not computed. */
interface Omission {
  /** Short text printed in the cell. */
  cell: string;
  /** Explains the text, and what the user can do. */
  reason: string;
}

async function methodOf(
  source: Source,
  dataset: number,
  { services, signal }: CommandContext,
): Promise<StoredMethod | Omission> {
  if ('imported' in source) {
    const { methods } = await services.methods.used({ dataset }, signal);
    const reason =
      "import that system's maps with `perch maps import DATASET FOLDER --method LABEL`; LABEL is the name of the row.";
    return methods.find(({ label }) => label === source.imported) ?? { cell: 'maps', reason };
  }
  try {
    if ('extractor' in source) extractorNamed(source.extractor);
  } catch (thrown) {
    if (thrown instanceof PerchError && 'extractor' in source) return noExtractor(source.extractor, thrown);
    throw thrown;
  }
  const { estimates } = await services.runs.estimate({ dataset, definitions: [source] }, signal);
  const hours = estimates[0].seconds / 3600;
  if (hours > MAX_CELL_HOURS) {
    const reason = `it would take more than ${MAX_CELL_HOURS} hours on this machine (estimated: up to ${Math.ceil(hours)}).`;
    return { cell: 'too long', reason };
  }
  return services.methods.store({ definition: source }, signal);
}

function noExtractor(name: string, error: PerchError): Omission {
  const advice =
    error.code === 'MODEL_MISSING'
      ? 'Or use another extractor with --extractor.'
      : `Import a model under this name with \`perch models import ${name} --from FILE\`.`;
  return { cell: `no ${name}`, reason: `${withHint(error)} ${advice}` };
}

async function loadMetrics(
  dataset: number,
  methods: readonly StoredMethod[],
  { services, signal }: CommandContext,
): Promise<(method: StoredMethod, cell: ExperimentCell) => Outcome> {
  const ids = [...new Set(methods.map(({ id }) => id))];
  const cells: Cell[] = [];
  for (let at = 0; at < ids.length; at += METHODS_PER_REQUEST) {
    const scope = {
      dataset,
      methods: ids.slice(at, at + METHODS_PER_REQUEST),
      proFprLimit: DEFAULT_PRO_FPR_LIMIT,
    };
    for await (const event of await services.evaluation.table(scope, signal)) {
      if (event.type === 'cell') cells.push(event.cell);
    }
  }
  const evaluated = cells.filter(({ metrics }) => metrics.images > 0);
  const report = {
    dataset: '',
    ignoreBorder: 0,
    proFprLimit: DEFAULT_PRO_FPR_LIMIT,
    cells,
    decisions: [],
    notes: [],
    classes: [...new Set(evaluated.map(({ textureClass }) => textureClass))],
    methods: ids.map((id) => ({ id, label: '', definition: '' })),
  };
  const rows = reportRows(report);
  meanNotes(report).forEach(printError);
  return (method, { shows, textureClass }) => {
    const row =
      textureClass === undefined ? rows.at(-1) : rows.find((each) => each.textureClass === textureClass);
    const entry = row?.entries.find((each) => each.method.id === method.id);
    return shows.map((shown) =>
      shown === 'seconds' ? secondsPerImage(report, method.id) : (entry?.percents[shown].value ?? null),
    );
  };
}
