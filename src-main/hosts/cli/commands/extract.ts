import { Command } from 'commander';
import type { ProviderChoice } from '../../../common/api/schemas.ts';
import { writeFileAtomic } from '../../../files/write.ts';
import { writeNpy } from '../../../common/maps/npy.ts';
import { secondsByStage } from '../output/stage-seconds.ts';
import {
  bitDepthOption,
  extractorOption,
  maxPixelsOption,
  providerOption,
  resizeOption,
} from '../options/shared-options.ts';
import { withEngine } from '../with-engine.ts';

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
    .description('compute the features of one image: C x H x W, float32, as NPY')
    .argument('<image>', 'image file')
    .addOption(extractorOption())
    .addOption(resizeOption())
    .addOption(maxPixelsOption())
    .addOption(bitDepthOption())
    .addOption(providerOption())
    .requiredOption('--out <file>', 'NPY file to write')
    .addHelpText(
      'after',
      `
Examples:
  perch extract cloth.png --extractor gabor --out features.npy
  perch extract cloth.png --extractor colors --resize 256 --out colors.npy`,
    )
    .action(run);
}

async function run(
  path: string,
  { extractor, resize, maxPixels, bitDepth, provider, out }: ExtractOptions,
): Promise<void> {
  await withEngine(async (engine, signal) => {
    const depth = bitDepth === undefined ? {} : { bitDepth };
    const request = { path, extractor, resize, maxPixels, provider, ...depth };
    const { features, notes, seconds } = await engine.request('extract', request, { signal });
    for (const { message } of notes) process.stderr.write(`${path}: ${message}\n`);
    const { values, channels, height, width } = features;
    await writeFileAtomic(out, writeNpy({ shape: [channels, height, width], values }));
    process.stdout.write(`${out}  ${channels} x ${height} x ${width}  ${secondsByStage(seconds)}\n`);
  });
}
