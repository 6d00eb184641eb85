import os from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { PerchError } from '../../../common/api/errors.ts';
import { EngineClient } from '../../../engine/client/engine-client.ts';
import { dataDirectory } from '../../../files/data-dir.ts';
import { parseQueueUrl, parseVisibleQueueUrl, QUEUE_VARIABLE } from '../../../services/queue/queue-url.ts';
import { ContentCache } from '../../../services/queue/worker/content-cache.ts';
import { TaskWorker } from '../../../services/queue/worker/task-worker.ts';
import { queueOption } from '../options/queue-options.ts';
import { nonNegativeNumber, positiveInteger } from '../options/parsers.ts';
import { printLine } from '../output/print.ts';
import { type CommandContext, runCommand } from '../run-command.ts';

interface WorkerCommandOptions {
  queue?: string;
  name: string;
  threads?: number;
  cache: number;
  shared?: string;
}

export function workerCommand(): Command {
  return new Command('worker')
    .description('take tasks of runs from a queue, on any machine')
    .addOption(queueOption())
    .option('--name <name>', 'name of this machine in results', os.hostname())
    .option('--threads <n>', 'threads for computations (default: all)', positiveInteger)
    .option('--cache <GB>', 'size of the cache of images and models', nonNegativeNumber, 10)
    .option(
      '--shared <folder>',
      'folder of the dataset, if this machine has it too; saves the transfer of images',
    )
    .addHelpText(
      'after',
      `
Takes only tasks of the same version of Perch. Ctrl-C ends it after the tasks in work. docs/scaling.md explains the setup.

Examples:
  perch worker --queue postgres://perch@host-a/perch
  perch worker --queue postgres://perch@host-a/perch --threads 8 --cache 50`,
    )
    .action((options: WorkerCommandOptions) => runCommand((context) => work(options, context)));
}

async function work(
  { queue, name, threads, cache: gigabytes, shared }: WorkerCommandOptions,
  { signal }: CommandContext,
): Promise<void> {
  const url = queueUrl(queue);
  const cache = await ContentCache.open(join(dataDirectory(), 'worker-cache'), gigabytes * 1e9);
  const engine = new EngineClient(threads === undefined ? {} : { threads });
  try {
    engine.start();
    await new TaskWorker({ url, engine, cache, name, shared, log: printLine }).run(signal);
  } finally {
    await engine.close();
  }
}

/** @throws PerchError `INVALID_ARGUMENT` */
function queueUrl(option: string | undefined): string {
  if (option !== undefined) return parseVisibleQueueUrl(option).href;
  const inEnvironment = process.env[QUEUE_VARIABLE];
  if (inEnvironment) return parseQueueUrl(inEnvironment).href;
  throw new PerchError('INVALID_ARGUMENT', `No queue is set. Give it with --queue or in ${QUEUE_VARIABLE}.`);
}
