import { Command, Option } from 'commander';
import { PerchError } from '../../../common/api/errors.ts';
import type { Station } from '../../../common/api/station.ts';
import { nonNegativeInteger } from '../options/parsers.ts';
import { readSecret, type SecretOptions, secretOptions } from '../options/secret-option.ts';
import { targetOf, type TargetOptions, targetOptions } from '../options/target-options.ts';
import { jsonOption, type JsonOption, printJson } from '../output/json.ts';
import { printLine } from '../output/print.ts';
import { formatOutput } from '../output/print-outputs.ts';
import { type CommandContext, runCommand } from '../run-command.ts';

export function outputsCommand(): Command {
  return new Command('outputs')
    .description('Send the decisions of a station to files, webhooks and MQTT brokers, and move its images.')
    .summary("send a station's decisions to files, webhooks and MQTT brokers")
    .addCommand(addCommand())
    .addCommand(listCommand())
    .addCommand(testCommand())
    .addCommand(setCommand())
    .addCommand(removeCommand())
    .addHelpText(
      'after',
      `
Messages are delivered while the station is watched, or while the window is open. They wait while their receiver is down. The format
is described in docs/decision-messages.md.

Examples:
  perch outputs add camera1 --webhook https://line.example/perch --secret-env PERCH_WEBHOOK_KEY
  perch outputs add camera1 --move pass=/line/good,reject=/line/bad
  perch outputs list camera1`,
    );
}

function addCommand(): Command {
  const command = new Command('add')
    .description('add an output to a station')
    .argument('<station>', 'name of the station');
  for (const option of [...targetOptions(), ...secretOptions()]) command.addOption(option);
  return command
    .addOption(jsonOption())
    .addHelpText(
      'after',
      `
A webhook needs a key of at least 16 characters, with which its messages are signed. Keys and passwords are read once and kept in the
data directory, in a file that only its owner can read.

Examples:
  perch outputs add camera1 --json-lines
  perch outputs add camera1 --mqtt mqtts://broker.example --username perch --secret-file password.txt
  perch outputs add camera1 --copy review=/line/review`,
    )
    .action((name: string, options: TargetOptions & SecretOptions & JsonOption) =>
      runCommand(async (context) => {
        const { id: station } = await stationNamed(name, context);
        const secret = await readSecret(options);
        const target = targetOf(options);
        const { services, signal } = context;
        const output = await services.outputs.add(
          { station, target, ...(secret !== undefined && { secret }) },
          signal,
        );
        if (options.json) printJson(output);
        else printLine(formatOutput(output));
      }),
    );
}

function listCommand(): Command {
  return new Command('list')
    .description('list the outputs of a station, or of all stations, with their undelivered messages')
    .argument('[station]', 'name of the station')
    .addOption(jsonOption())
    .addHelpText('after', '\nExample:\n  perch outputs list camera1')
    .action((name: string | undefined, { json }: JsonOption) =>
      runCommand(async (context) => {
        const station = name === undefined ? undefined : (await stationNamed(name, context)).id;
        const { outputs } = await context.services.outputs.list({ station }, context.signal);
        for (const output of outputs) {
          if (json) printJson(output);
          else printLine(formatOutput(output));
        }
      }),
    );
}

function testCommand(): Command {
  return new Command('test')
    .description('send a message of kind "test", or check that the folders can be written to')
    .argument('<output>', 'number of the output', nonNegativeInteger)
    .addOption(jsonOption())
    .addHelpText('after', '\nExample:\n  perch outputs test 2')
    .action((output: number, { json }: JsonOption) =>
      runCommand(async ({ services, signal }) => {
        const tested = await services.outputs.test({ output }, signal);
        if (json) printJson(tested);
        else printLine(`Output ${output} works (${tested.seconds.toFixed(2)} s).`);
      }),
    );
}

interface SetOptions extends SecretOptions, JsonOption {
  enable?: true;
  disable?: true;
}

function setCommand(): Command {
  const command = new Command('set')
    .description('change the secret of an output, or disable it; its undelivered messages stay')
    .argument('<output>', 'number of the output', nonNegativeInteger)
    .addOption(new Option('--enable', 'send messages again').conflicts('disable'))
    .option('--disable', 'send no messages');
  for (const option of secretOptions()) command.addOption(option);
  return command
    .addOption(jsonOption())
    .addHelpText(
      'after',
      '\nExamples:\n  perch outputs set 2 --disable\n  perch outputs set 2 --secret-env PERCH_WEBHOOK_KEY',
    )
    .action((output: number, options: SetOptions) =>
      runCommand(async ({ services, signal }) => {
        const secret = await readSecret(options);
        const enabled = options.enable ?? (options.disable ? false : undefined);
        const changed = await services.outputs.change(
          { output, ...(secret !== undefined && { secret }), ...(enabled !== undefined && { enabled }) },
          signal,
        );
        if (options.json) printJson(changed);
        else printLine(formatOutput(changed));
      }),
    );
}

function removeCommand(): Command {
  return new Command('remove')
    .description('remove an output with its undelivered messages')
    .argument('<output>', 'number of the output', nonNegativeInteger)
    .addHelpText('after', '\nExample:\n  perch outputs remove 2')
    .action((output: number) =>
      runCommand(async ({ services, signal }) => {
        await services.outputs.remove({ output }, signal);
        printLine(`Removed output ${output}.`);
      }),
    );
}

/** @throws PerchError `NOT_FOUND`, with the existing names */
async function stationNamed(name: string, { services, signal }: CommandContext): Promise<Station> {
  const { stations } = await services.stations.list(undefined, signal);
  const found = stations.find((station) => station.name === name);
  if (found) return found;
  const names = stations.map((station) => station.name).join(', ');
  const known = names ? `Stations: ${names}.` : 'Create one with perch watch.';
  throw new PerchError('NOT_FOUND', `There is no station "${name}". ${known}`);
}
