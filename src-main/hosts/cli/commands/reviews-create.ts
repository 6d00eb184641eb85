import { Command } from 'commander';
import { PerchError } from '../../../common/api/errors.ts';
import { resolveDataset } from '../options/dataset-argument.ts';
import { collect, percentage } from '../options/parsers.ts';
import { jsonOption, type JsonOption, printJson } from '../output/json.ts';
import { printLine } from '../output/print.ts';
import { formatReview } from '../output/print-reviews.ts';
import { type CommandContext, runCommand } from '../run-command.ts';

interface CreateOptions extends JsonOption {
  operator: string[];
  class?: string[];
  method?: string;
  name?: string;
  blind?: boolean;
  hideHeatmap?: boolean;
  overlap: number;
}

export function createCommand(): Command {
  return new Command('create')
    .description("create a review of a dataset's test images, or one for each of several operators")
    .argument('<dataset>', 'name of the dataset')
    .requiredOption('--operator <name>', 'name of the operator; can be repeated', collect)
    .option('--class <name>', 'review only this class; can be repeated', collect)
    .option('--method <label>', 'show the heatmaps of this method (default: none; see perch methods list)')
    .option('--name <text>', 'name of the review')
    .option(
      '--blind',
      "hide an image's ground truth, name, score, decision and other verdicts until its verdict; shuffles the images of each class",
    )
    .option('--hide-heatmap', 'hide the heatmap as well; implies --blind')
    .option('--overlap <percent>', 'share of the images that all operators review', percentage, 100)
    .addOption(jsonOption())
    .addHelpText(
      'after',
      `
Examples:
  perch reviews create fabrics --operator Ada --blind
  perch reviews create fabrics --operator Ada --operator Bo --overlap 20`,
    )
    .action((dataset: string, options: CreateOptions) =>
      runCommand((context) => create(dataset, options, context)),
    );
}

async function create(name: string, options: CreateOptions, context: CommandContext): Promise<void> {
  const { store, services, signal } = context;
  const { operator: operators, overlap, hideHeatmap = false, json } = options;
  const dataset = await resolveDataset(name, false, context);
  const classes = options.class ?? dataset.classes.map(({ textureClass }) => textureClass);
  const unknown = classes.find((each) => !dataset.classes.some(({ textureClass }) => textureClass === each));
  if (unknown !== undefined)
    throw new PerchError('NOT_FOUND', `The dataset "${dataset.name}" has no class "${unknown}".`);
  const images = store.images
    .listByDataset(dataset.id)
    .filter(({ split, textureClass }) => split === 'test' && classes.includes(textureClass))
    .map(({ id }) => id);
  if (images.length === 0)
    throw new PerchError(
      'INVALID_ARGUMENT',
      `These classes of "${dataset.name}" have no test images to review.`,
    );
  const request = {
    dataset: dataset.id,
    ...(options.name === undefined ? {} : { name: options.name }),
    method: options.method === undefined ? null : methodLabeled(options.method, context),
    filter: options.class === undefined ? 'all classes' : classes.join(', '),
    images,
    blind: hideHeatmap || (options.blind ?? false),
    heatmapHidden: hideHeatmap,
  };
  const sessions =
    operators.length === 1
      ? [await services.sessions.create({ ...request, operator: operators[0] }, signal)]
      : (await services.sessions.createGroup({ ...request, operators, overlap: overlap / 100 }, signal))
          .sessions;
  for (const session of sessions) {
    if (json) printJson(session);
    else printLine(`${session.id}  ${formatReview(store, session)}`);
  }
}

/** The id of a method with results. @throws PerchError `NOT_FOUND`, with the existing labels */
function methodLabeled(label: string, { store }: CommandContext): number {
  const methods = store.methods.list();
  const found = methods.find((method) => method.label === label);
  if (found) return found.id;
  const labels = methods.map((method) => method.label).join(', ');
  throw new PerchError(
    'NOT_FOUND',
    `No stored method has the label "${label}". ${labels === '' ? 'Run a method over the dataset first.' : `Stored methods: ${labels}.`}`,
  );
}
