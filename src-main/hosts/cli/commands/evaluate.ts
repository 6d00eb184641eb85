import { Command, Option } from 'commander';
import { PerchError } from '../../../common/api/errors.ts';
import { type Cell, metricName } from '../../../common/api/evaluation.ts';
import type { StoredMethod } from '../../../common/api/runs.ts';
import type { ProviderChoice } from '../../../common/api/schemas.ts';
import { writeFileAtomic } from '../../../files/write.ts';
import { importOption, resolveDataset } from '../options/dataset-argument.ts';
import { providerOption } from '../options/image-options.ts';
import { DEFAULT_METHOD, methodOption } from '../options/method-options.ts';
import { ignoreBorderOption, proFprLimitOption } from '../options/metric-options.ts';
import { storedMethod } from '../options/stored-method.ts';
import { jsonOption, type JsonOption, printJson } from '../output/json.ts';
import { printLine } from '../output/print.ts';
import { ensureResults } from '../progress/ensure-results.ts';
import { type CommandContext, runCommand } from '../run-command.ts';

interface EvaluateOptions extends JsonOption {
  import?: boolean;
  method?: string[];
  ignoreBorder?: number;
  proFprLimit: number;
  csv?: boolean;
  html?: string;
  provider: ProviderChoice;
}

export function evaluateCommand(): Command {
  return new Command('evaluate')
    .description(
      'Evaluate methods on a dataset with ground truth, class by class. Missing results are computed first.',
    )
    .summary('evaluate methods on a dataset with ground truth')
    .argument('<dataset>', 'name or folder of a dataset')
    .addOption(importOption())
    .addOption(methodOption(', or system whose maps were imported'))
    .addOption(
      ignoreBorderOption('pixels to ignore at each side (default: set by the layout of the dataset)'),
    )
    .addOption(proFprLimitOption())
    .addOption(providerOption())
    .addOption(jsonOption().conflicts(['csv', 'html']))
    .addOption(new Option('--csv', 'print CSV').conflicts('html'))
    .option('--html <file>', 'write a report with curves and examples')
    .addHelpText(
      'after',
      `
The first method is the baseline that the others are compared with. Results and metrics are stored and reused.

Examples:
  perch evaluate fabrics
  perch evaluate fabrics/ --import
  perch evaluate fabrics --method default --method saliency-rc --method bellini
  perch evaluate fabrics --method default --method mine.json --ignore-border 32 --csv > metrics.csv
  perch evaluate fabrics --method ours --method aota --html fabrics.html`,
    )
    .action((dataset: string, options: EvaluateOptions) =>
      runCommand((context) => evaluate(dataset, options, context)),
    );
}

async function evaluate(name: string, options: EvaluateOptions, context: CommandContext): Promise<void> {
  const { services, signal } = context;
  const dataset = await resolveDataset(name, options.import, context);
  const methods: StoredMethod[] = [];
  for (const method of new Set(options.method ?? [DEFAULT_METHOD]))
    methods.push(await storedMethod(method, dataset.id, context));
  const computed = methods.filter(({ definition }) => definition !== null).map(({ id }) => id);
  const { provider, ignoreBorder, proFprLimit } = options;
  await ensureResults(services, { dataset: dataset.id, methods: computed, provider }, signal);

  const scope = {
    dataset: dataset.id,
    methods: methods.map(({ id }) => id),
    proFprLimit,
    ...(ignoreBorder !== undefined && { ignoreBorder }),
  };
  const format = options.html ? 'html' : options.csv ? 'csv' : options.json ? 'json' : 'text';
  const { content } = await services.evaluation.report({ ...scope, format }, signal);
  if (options.html) {
    await writeFileAtomic(options.html, Buffer.from(content));
    printLine(options.html);
  } else if (options.json) printJson(JSON.parse(content) as object);
  else process.stdout.write(content);
  await assertEvaluated(scope, context);
}

/** @throws PerchError `NO_GROUND_TRUTH`, with the reasons, if no metric is defined */
async function assertEvaluated(
  scope: Parameters<CommandContext['services']['evaluation']['table']>[0],
  { services, signal }: CommandContext,
): Promise<void> {
  const cells: Cell[] = [];
  for await (const event of await services.evaluation.table(scope, signal)) {
    if (event.type === 'cell') cells.push(event.cell);
  }
  if (cells.some(({ metrics }) => metricName.options.some((name) => metrics[name] !== null))) return;
  const reasons = new Set(
    cells.map(({ textureClass, metrics }) => `${textureClass}: ${metrics.notes.join(' ')}`),
  );
  throw new PerchError('NO_GROUND_TRUTH', `Nothing could be evaluated. ${[...reasons].join(' ')}`);
}
