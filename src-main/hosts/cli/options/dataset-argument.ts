import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { Option } from 'commander';
import type { Dataset } from '../../../common/api/datasets.ts';
import { PerchError } from '../../../common/api/errors.ts';
import { printProblems } from '../output/print-problems.ts';
import { followStream } from '../progress/follow-stream.ts';
import type { CommandContext } from '../run-command.ts';

export const importOption = () =>
  new Option('--import', 'import or update the dataset first; <dataset> is its folder');

/**
 * The dataset with a name, or the dataset of an imported folder.
 *
 * @param importFirst imports the folder that `nameOrFolder` names
 * @throws PerchError `NOT_FOUND`, with the existing names
 */
export async function resolveDataset(
  nameOrFolder: string,
  importFirst: boolean | undefined,
  { services, signal }: CommandContext,
): Promise<Dataset> {
  if (importFirst) {
    const events = await services.datasets.import({ paths: [nameOrFolder], layout: 'auto' }, signal);
    const { dataset, problems } = await followStream(events, 'imported');
    printProblems(problems);
    return dataset;
  }
  const { datasets } = await services.datasets.list(undefined, signal);
  const folder = resolve(nameOrFolder);
  const found =
    datasets.find(({ name }) => name === nameOrFolder) ?? datasets.find(({ root }) => root === folder);
  if (found) return found;
  const names = datasets.map(({ name }) => name).join(', ');
  const known = names ? `Datasets: ${names}.` : 'No dataset has been imported.';
  const advice = existsSync(nameOrFolder) ? ' Add --import to import this folder.' : '';
  throw new PerchError('NOT_FOUND', `There is no dataset "${nameOrFolder}". ${known}${advice}`);
}
