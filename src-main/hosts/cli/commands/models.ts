import { downloadBar } from '../../download-bar.ts';
import { Command, InvalidArgumentError, Option } from 'commander';
import { precisions } from '../../../models/networks/network.ts';
import type { Precision } from '../../../models/networks/network.ts';
import { PerchError, reportOf } from '../../../common/api/errors.ts';
import {
  addedBackbone,
  addedBackboneNames,
  backbonesFolder,
} from '../../../methods/extractors/added-backbones.ts';
import type { BackboneRecord } from '../../../methods/extractors/backbone.ts';
import { knownBackbones } from '../../../methods/extractors/known-backbones.ts';
import { addModel } from '../../../services/models/add-model.ts';
import type { AddRequest } from '../../../services/models/add-model.ts';
import { describeModel } from '../../../services/models/describe-model.ts';
import { fetchModel, knownBackbone } from '../../../services/models/fetch-model.ts';
import { removeModel } from '../../../services/models/model-store.ts';
import { verifyModel } from '../../../services/models/verify-model.ts';
import { withHint } from '../output/hint-text.ts';
import { withEngine } from '../with-engine.ts';

export function modelsCommand(): Command {
  return new Command('models')
    .description('pretrained backbones: bring them in, list, verify and remove them')
    .addCommand(listCommand())
    .addCommand(fetchCommand())
    .addCommand(addCommand())
    .addCommand(verifyCommand())
    .addCommand(removeCommand())
    .addHelpText(
      'after',
      `
Models are kept in ${backbonesFolder()} (PERCH_HOME names another place).

Examples:
  perch models fetch wide_resnet50
  perch models list`,
    );
}

function listCommand(): Command {
  return new Command('list')
    .description('list the backbones that were added, and those that Perch knows where to get')
    .option('--json', 'print one JSON object a line for each')
    .addHelpText('after', '\nExamples:\n  perch models list\n  perch models list --json')
    .action(list);
}

function fetchCommand(): Command {
  return new Command('fetch')
    .description('download the published checkpoint of a backbone and add it')
    .argument('<name>', `backbone: ${knownBackbones.map(({ name }) => name).join(', ')}`)
    .addOption(precisionOption())
    .addOption(
      new Option('--mirror <address>', "folder to download from instead of the publisher's").env(
        'PERCH_MODELS_MIRROR',
      ),
    )
    .addHelpText(
      'after',
      `
An interrupted download is continued by the same command. Behind a proxy, set HTTPS_PROXY and NODE_USE_ENV_PROXY=1.

Examples:
  perch models fetch wide_resnet50
  perch models fetch vgg19 --precision float16`,
    )
    .action(fetch);
}

function addCommand(): Command {
  return new Command('add')
    .description('add a backbone from a file: a PyTorch checkpoint, safetensors, or ONNX')
    .argument('<name>', 'wide_resnet50, vgg19, or a name of yours for an ONNX file')
    .requiredOption('--from <file>', 'checkpoint (.pth, .safetensors) or graph (.onnx)')
    .addOption(precisionOption())
    .option('--layer <value>', 'ONNX: the value that gives the features, 1 x C x H x W (its only output)')
    .addOption(new Option('--mean <r,g,b>', 'ONNX: mean that images are normalised with').argParser(triple))
    .addOption(
      new Option('--std <r,g,b>', 'ONNX: standard deviation that goes with it').argParser(positiveTriple),
    )
    .addHelpText(
      'after',
      `
Checkpoints are read without executing anything in them; a file that asks for it is refused.

Examples:
  perch models add wide_resnet50 --from wide_resnet50_2-95faca4d.pth
  perch models add vgg19 --from vgg19.safetensors --precision float16
  perch models add effnet --from net.onnx --layer /blocks.3/Add_output_0 \\
      --mean 0.485,0.456,0.406 --std 0.229,0.224,0.225`,
    )
    .action(addFrom);
}

function verifyCommand(): Command {
  return new Command('verify')
    .description('make sure that added models are unchanged and run')
    .argument('[name...]', 'models (all that were added)')
    .addHelpText('after', '\nExamples:\n  perch models verify\n  perch models verify wide_resnet50')
    .action(verify);
}

function removeCommand(): Command {
  return new Command('remove')
    .description('remove an added model')
    .argument('<name>', 'model')
    .addHelpText('after', '\nExample:\n  perch models remove vgg19')
    .action(async (name: string) => {
      await removeModel(name);
      process.stdout.write(`${name} was removed.\n`);
    });
}

const precisionOption = () =>
  new Option('--precision <type>', 'how weights are held (float32); smaller is not faster').choices(
    precisions,
  );

function list({ json }: { json?: boolean }): void {
  const rows = [
    ...addedBackboneNames().map(addedRow),
    ...knownBackbones
      .filter(({ name }) => !addedBackboneNames().includes(name))
      .map(({ name, title, source, licence }) => ({ name, added: false as const, title, source, licence })),
  ];
  for (const row of rows) process.stdout.write(json ? `${JSON.stringify(row)}\n` : lineOf(row));
}

type Row =
  | ({ added: true } & BackboneRecord)
  | { added: false; name: string; title: string }
  | { added: true; name: string; error: ReturnType<typeof reportOf> };

function addedRow(name: string): Row {
  try {
    const backbone = addedBackbone(name);
    if (backbone) return { added: true, ...backbone.record };
    throw new PerchError('NOT_FOUND', `${name} was removed meanwhile.`);
  } catch (thrown) {
    return { added: true, name, error: reportOf(thrown) };
  }
}

function lineOf(row: Row): string {
  const name = row.name.padEnd(16);
  if ('error' in row) return `${name}${withHint(row.error)}\n`;
  if (!row.added) return `${name}not added: perch models fetch ${row.name}   (${row.title})\n`;
  return `${name}${describe(row)}\n`;
}

function describe(record: BackboneRecord): string {
  const { source, licence, addedAt } = record;
  return `${describeModel(record)}, from ${source.file}, licence: ${licence}, added ${addedAt.slice(0, 10)}`;
}

async function fetch(name: string, options: { precision?: Precision; mirror?: string }): Promise<void> {
  const known = knownBackbone(name);
  await withEngine(async (engine, signal) => {
    const bar = downloadBar(known.file);
    const onProgress = (done: number, total: number) => bar.update(done, total);
    const record = await fetchModel(known, engine, { ...options, signal, onProgress }).finally(() =>
      bar.stop(),
    );
    process.stdout.write(`${name} was added: ${describe(record)}\n`);
  });
}

async function addFrom(name: string, options: Omit<AddRequest, 'name'>): Promise<void> {
  await withEngine(async (engine, signal) => {
    const record = await addModel({ name, ...options }, engine, { signal });
    process.stdout.write(`${name} was added: ${describe(record)}\n`);
  });
}

async function verify(names: string[]): Promise<void> {
  await withEngine(async (engine, signal) => {
    for (const name of names.length > 0 ? names : addedBackboneNames()) {
      try {
        const { sha256 } = await verifyModel(name, engine, signal);
        process.stdout.write(`${name}: unchanged (SHA-256 ${sha256}) and runs\n`);
      } catch (thrown) {
        if (signal.aborted) throw thrown;
        process.exitCode = 1;
        process.stderr.write(`${name}: ${withHint(reportOf(thrown))}\n`);
      }
    }
  });
}

function triple(text: string): [number, number, number] {
  const values = text.split(',').map((part) => (part.trim() === '' ? NaN : Number(part)));
  if (values.length !== 3 || !values.every(Number.isFinite)) {
    throw new InvalidArgumentError('It must be three numbers, as in 0.485,0.456,0.406.');
  }
  return [values[0], values[1], values[2]];
}

function positiveTriple(text: string): [number, number, number] {
  const values = triple(text);
  if (!values.every((value) => value > 0)) throw new InvalidArgumentError('Each must be above 0.');
  return values;
}
