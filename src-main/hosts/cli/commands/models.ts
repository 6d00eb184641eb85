import { Command, Option } from 'commander';
import { PerchError, reportOf } from '../../../common/api/errors.ts';
import { combinations } from '../../../common/api/models.ts';
import { addedModel, addedModelNames, backbonesFolder } from '../../../methods/extractors/added-backbones.ts';
import type { BackboneRecord } from '../../../methods/extractors/backbone.ts';
import type { NetworkRecord } from '../../../methods/networks/network-record.ts';
import { knownBackbones } from '../../../methods/extractors/known-backbones.ts';
import { precisions } from '../../../models/networks/network.ts';
import type { Precision } from '../../../models/networks/network.ts';
import { architectures } from '../../../models/networks/networks.ts';
import { importModel } from '../../../services/models/import-model.ts';
import type { AddRequest } from '../../../services/models/import-model.ts';
import { importNetwork, type NetworkRequest } from '../../../services/models/import-network.ts';
import { describeModel } from '../../../services/models/describe-model.ts';
import { downloadModel, knownBackbone } from '../../../services/models/download-model.ts';
import { removeModel } from '../../../services/models/model-store.ts';
import { verifyModel } from '../../../services/models/verify-model.ts';
import { downloadBar } from '../../download-bar.ts';
import { optionName } from '../options/option-name.ts';
import { commaSeparated, imageSize, nonNegativeInteger, positiveTriple, triple } from '../options/parsers.ts';
import { withHint } from '../output/hint-text.ts';
import { jsonOption, type JsonOption, printJson } from '../output/json.ts';
import { printLine } from '../output/print.ts';
import { type CommandContext, runCommand } from '../run-command.ts';

export function modelsCommand(): Command {
  return new Command('models')
    .description('Download, import, list, verify and remove backbones and networks.')
    .summary('download, import, list, verify and remove models')
    .addCommand(listCommand())
    .addCommand(downloadCommand())
    .addCommand(importCommand())
    .addCommand(verifyCommand())
    .addCommand(removeCommand())
    .addHelpText(
      'after',
      `
Models are stored in ${backbonesFolder()}. The environment variable PERCH_HOME names another data directory.

Examples:
  perch models list
  perch models download wide_resnet50`,
    );
}

function listCommand(): Command {
  return new Command('list')
    .description('list the imported models and the backbones that can be downloaded')
    .addOption(jsonOption())
    .addHelpText('after', '\nExamples:\n  perch models list\n  perch models list --json')
    .action(list);
}

function downloadCommand(): Command {
  return new Command('download')
    .description('download the published checkpoint of a backbone and import it')
    .argument('<name>', `backbone: ${knownNames}`)
    .addOption(precisionOption())
    .addOption(
      new Option('--mirror <url>', "folder to download from, instead of the publisher's server").env(
        'PERCH_MODELS_MIRROR',
      ),
    )
    .addHelpText(
      'after',
      `
The same command resumes an interrupted download. For a proxy, set HTTPS_PROXY and NODE_USE_ENV_PROXY=1.

Examples:
  perch models download wide_resnet50
  perch models download vgg19 --precision float16`,
    )
    .action((name: string, options: DownloadOptions) =>
      runCommand((context) => download(name, options, context)),
    );
}

function importCommand(): Command {
  return new Command('import')
    .description(
      'import a backbone from a PyTorch checkpoint, a safetensors file or an ONNX file, or a network with an anomaly map',
    )
    .argument('<name>', `${knownNames}, or any other name`)
    .requiredOption('--from <file>', 'checkpoint (.pth, .safetensors) or graph (.onnx)')
    .addOption(
      new Option(
        '--network <name>',
        'checkpoint: its network (default: follows from the name of the model)',
      ).choices(architectures.map(({ name }) => name)),
    )
    .addOption(
      new Option(
        '--layers <list>',
        'checkpoint: layers whose outputs are used, such as 5,8,11 (blocks of dinov2, counted from 0) or layer2,layer3',
      ).argParser(commaSeparated),
    )
    .addOption(
      new Option(
        '--combine <how>',
        'checkpoint: what becomes of several layers: one after the other, their mean, or features as PatchCore publishes ' +
          'them for layer2,layer3 (default: concat)',
      ).choices(combinations),
    )
    .addOption(precisionOption())
    .option(
      '--layer <value>',
      'ONNX: value that contains the features, 1 x C x H x W (default: the only output)',
    )
    .option('--tokens', 'ONNX: the output is tokens of patches, 1 x N x C; grid and leading tokens are found')
    .addOption(
      new Option('--leading <n>', 'with --tokens: number of tokens before the patches').argParser(
        nonNegativeInteger,
      ),
    )
    .addOption(
      new Option('--grid <rows>', 'with --tokens: rows of patches, or ROWSxCOLUMNS').argParser(imageSize),
    )
    .addOption(new Option('--mean <r,g,b>', 'ONNX: mean that the input is normalized with').argParser(triple))
    .addOption(
      new Option('--std <r,g,b>', 'ONNX: standard deviation that the input is normalized with').argParser(
        positiveTriple,
      ),
    )
    .addOption(
      new Option('--range <max>', 'ONNX: value of white in the input (default: 1, or 255 for uint8)').choices(
        ['1', '255'],
      ),
    )
    .option('--channels-last', 'ONNX: the input is N x H x W x C (default: found by its shape)')
    .option('--map', 'ONNX: the network computes anomaly maps; it becomes the method network:NAME')
    .option(
      '--map-output <name>',
      'with --map: output with the anomaly map (default: found by name and shape)',
    )
    .option('--score-output <name>', 'with --map: output with the image score (default: found likewise)')
    .addOption(
      new Option(
        '--size <pixels>',
        'with --map or --tokens: side or HEIGHTxWIDTH of images, if the file does not declare it',
      ).argParser(imageSize),
    )
    .option('--license <text>', 'with --map: license to record')
    .addHelpText(
      'after',
      `
Checkpoints are read without executing code; a file that requires it is refused.

Examples:
  perch models import wide_resnet50 --from wide_resnet50_2-95faca4d.pth
  perch models import vgg19 --from vgg19.safetensors --precision float16
  perch models import rd --from reverse_distillation.onnx --map
  perch models import dinov2_vits14 --from dinov2_vits14_pretrain.pth
  perch models import mine --from checkpoint.pth --network dinov2 --layers 5,8,11 --combine mean
  perch models import vit --from vit.onnx --tokens --mean 0.485,0.456,0.406 --std 0.229,0.224,0.225
  perch models import effnet --from net.onnx --layer /blocks.3/Add_output_0 --mean 0.485,0.456,0.406 --std 0.229,0.224,0.225`,
    )
    .action((name: string, options: ImportOptions) =>
      runCommand((context) => importFile(name, options, context)),
    );
}

function verifyCommand(): Command {
  return new Command('verify')
    .description('verify the checksums of imported models and run them once')
    .argument('[name...]', 'models (default: all)')
    .addHelpText('after', '\nExamples:\n  perch models verify\n  perch models verify wide_resnet50')
    .action((names: string[]) => runCommand((context) => verify(names, context)));
}

function removeCommand(): Command {
  return new Command('remove')
    .description('remove an imported model')
    .argument('<name>', 'name of the model')
    .addHelpText('after', '\nExample:\n  perch models remove vgg19')
    .action(async (name: string) => {
      await removeModel(name);
      printLine(`Removed ${name}.`);
    });
}

const knownNames = knownBackbones.map(({ name }) => name).join(', ');

const precisionOption = () =>
  new Option(
    '--precision <type>',
    'data type of the stored weights (default: float32); smaller types only save disk space',
  ).choices(precisions);

interface DownloadOptions {
  precision?: Precision;
  mirror?: string;
}

type ImportOptions = Omit<AddRequest, 'name' | 'range'> &
  Omit<NetworkRequest, 'name' | 'range'> & { range?: '1' | '255'; map?: true };

type Row =
  | ({ imported: true } & (BackboneRecord | NetworkRecord))
  | { name: string; imported: true; error: ReturnType<typeof reportOf> }
  | { name: string; imported: false; title: string };

function list({ json }: JsonOption): void {
  const imported = addedModelNames();
  const available = knownBackbones
    .filter(({ name }) => !imported.includes(name))
    .map(({ name, title, source, license }) => ({ name, imported: false as const, title, source, license }));
  const rows: Row[] = [...imported.map(importedRow), ...available];
  if (json) rows.forEach(printJson);
  else rows.forEach((row) => printLine(formatRow(row)));
}

function importedRow(name: string): Row {
  try {
    const model = addedModel(name);
    if (model) return { imported: true, ...model.record };
    throw new PerchError('NOT_FOUND', `${name} was removed in the meantime. Import it again.`);
  } catch (thrown) {
    return { name, imported: true, error: reportOf(thrown) };
  }
}

function formatRow(row: Row): string {
  const name = row.name.padEnd(26);
  if ('error' in row) return `${name}${withHint(row.error)}`;
  if (!row.imported) return `${name}not imported: ${row.title}`;
  return `${name}${formatRecord(row)}`;
}

function formatRecord(record: BackboneRecord | NetworkRecord): string {
  const { source, license, addedAt } = record;
  return `${describeModel(record)}, from ${source.file}, license: ${license}, imported ${addedAt.slice(0, 10)}`;
}

async function download(
  name: string,
  options: DownloadOptions,
  { engine, signal }: CommandContext,
): Promise<void> {
  const known = knownBackbone(name);
  const bar = downloadBar(known.file);
  const onProgress = (done: number, total: number) => bar.update(done, total);
  try {
    const record = await downloadModel(known, engine, { ...options, signal, onProgress });
    printLine(`Imported ${name}: ${formatRecord(record)}`);
  } finally {
    bar.stop();
  }
}

async function importFile(
  name: string,
  { map, range, ...options }: ImportOptions,
  { engine, signal }: CommandContext,
): Promise<void> {
  assertOptions(map ? BACKBONE_ONLY : NETWORK_ONLY, options, map ? 'without' : 'with');
  const request = {
    name,
    ...options,
    ...(range && { range: range === '1' ? (1 as const) : (255 as const) }),
  };
  const record = map
    ? await importNetwork(request, engine, { signal })
    : await importModel(request, engine, { signal });
  printLine(`Imported ${name}: ${formatRecord(record)}`);
  if (record.kind !== 'map') return;
  for (const note of record.notes) printLine(`Note: ${note}`);
  printLine(`Use it as a method: --method network:${name}`);
}

const NETWORK_ONLY = ['mapOutput', 'scoreOutput', 'license'] as const;
const BACKBONE_ONLY = [
  'layer',
  'precision',
  'network',
  'layers',
  'combine',
  'tokens',
  'leading',
  'grid',
] as const;

function assertOptions(
  others: readonly (keyof ImportOptions)[],
  options: Partial<ImportOptions>,
  how: 'with' | 'without',
): void {
  const given = others.find((option) => options[option] !== undefined);
  if (given === undefined) return;
  throw new PerchError('INVALID_ARGUMENT', `${optionName(given)} can be used only ${how} --map.`);
}

async function verify(names: string[], { engine, signal }: CommandContext): Promise<void> {
  for (const name of names.length > 0 ? names : addedModelNames()) {
    try {
      const { sha256 } = await verifyModel(name, engine, signal);
      printLine(`${name}: unchanged (SHA-256 ${sha256}), runs`);
    } catch (thrown) {
      if (signal.aborted) throw thrown;
      process.exitCode = 1;
      process.stderr.write(`${name}: ${withHint(reportOf(thrown))}\n`);
    }
  }
}
