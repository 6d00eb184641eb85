import { Command } from 'commander';
import type { ProviderChoice } from '../../../common/api/schemas.ts';
import { writeNpy } from '../../../common/maps/npy.ts';
import { writeFileAtomic } from '../../../files/write.ts';
import { bitDepthOption, maxPixelsOption, providerOption, resizeOption } from '../options/image-options.ts';
import { extractorOption } from '../options/statistic-options.ts';
import { displayPath } from '../output/display-path.ts';
import { printLine } from '../output/print.ts';
import { formatStageSeconds } from '../output/stage-seconds.ts';
import { type CommandContext, runCommand } from '../run-command.ts';

interface ExtractOptions {
  extractor: string;
  resize?: number;
  maxPixels: number;
  bitDepth?: number;
  provider: ProviderChoice;
  out: string;
}

export function extractCommand(): Command {
  return new Command('extract')
    .description('Compute the features of an image: C x H x W, float32, as NPY.')
    .summary('compute the features of an image')
    .argument('<image>', 'image file')
    .requiredOption('--out <file>', 'NPY file to write')
    .addOption(extractorOption())
    .addOption(resizeOption())
    .addOption(maxPixelsOption())
    .addOption(bitDepthOption())
    .addOption(providerOption())
    .addHelpText(
      'after',
      `
Examples:
  perch extract cloth.png --extractor gabor --out features.npy
  perch extract cloth.png --extractor colors --resize 256 --out colors.npy`,
    )
    .action((path: string, options: ExtractOptions) =>
      runCommand((context) => extract(path, options, context)),
    );
}

async function extract(
  path: string,
  { extractor, resize, maxPixels, bitDepth, provider, out }: ExtractOptions,
  { engine, signal }: CommandContext,
): Promise<void> {
  const request = {
    path,
    extractor,
    resize,
    maxPixels,
    provider,
    ...(bitDepth !== undefined && { bitDepth }),
  };
  const { features, notes, seconds } = await engine.request('extract', request, { signal });
  for (const { message } of notes) process.stderr.write(`${displayPath(path)}: ${message}\n`);
  const { values, channels, height, width } = features;
  await writeFileAtomic(out, writeNpy({ shape: [channels, height, width], values }));
  printLine(`${displayPath(out)}  ${channels} x ${height} x ${width}  ${formatStageSeconds(seconds)}`);
}
