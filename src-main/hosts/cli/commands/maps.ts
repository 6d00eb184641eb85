import { Command } from 'commander';
import { importMaps } from '../../../services/datasets/import-maps.ts';
import { jsonOption, type JsonOption, printJson } from '../output/json.ts';
import { printError, printLine } from '../output/print.ts';
import { formatCount } from '../output/table.ts';
import { followStream } from '../progress/follow-stream.ts';
import { type CommandContext, runCommand } from '../run-command.ts';

export function mapsCommand(): Command {
  return new Command('maps')
    .description('Import anomaly maps that another system computed.')
    .summary('import anomaly maps from other systems')
    .addCommand(importCommand())
    .addHelpText(
      'after',
      '\nExample:\n  perch maps import fabrics anomaly_maps/ --method PatchCore-anomalib',
    );
}

function importCommand(): Command {
  return new Command('import')
    .description("import another system's anomaly maps for a dataset, as a method for comparison")
    .argument('<dataset>', 'name of the dataset')
    .argument('<folder>', 'folder of maps: NPY (float), TIFF (float) or PNG (16 bit), one per test image')
    .requiredOption('--method <label>', 'name of the other system')
    .addOption(jsonOption())
    .addHelpText(
      'after',
      `
The folder has the layout of the MVTec AD evaluation or of anomalib: CLASS/test/DEFECT/STEM.tiff or CLASS/DEFECT/STEM.npy.
A map of any size covers its whole image. Images keep an existing map of this method.

Example:
  perch maps import fabrics anomaly_maps/ --method PatchCore-anomalib`,
    )
    .action((dataset: string, folder: string, options: ImportOptions) =>
      runCommand((context) => importFolder(dataset, folder, options, context)),
    );
}

interface ImportOptions extends JsonOption {
  method: string;
}

async function importFolder(
  name: string,
  folder: string,
  { method, json }: ImportOptions,
  { store, engine, signal }: CommandContext,
): Promise<void> {
  const dataset = store.datasets.getByName(name).id;
  const events = importMaps({ dataset, folder, label: method }, { store, engine }, signal);
  const { maps, kept, missing, problems } = await followStream(events, 'imported');
  if (json) printJson({ maps, kept, missing, problems });
  else {
    const already = kept > 0 ? `, ${kept} already imported` : '';
    const without = missing > 0 ? `, ${formatCount(missing, 'test image')} without a map` : '';
    printLine(`Imported ${formatCount(maps, 'map')} of ${method} into ${name}${already}${without}.`);
    problems.forEach(printError);
  }
  if (problems.length > 0) process.exitCode = 1;
}
