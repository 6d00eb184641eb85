import { basename, resolve } from 'node:path';
import { Command, InvalidArgumentError, Option } from 'commander';
import { PerchError } from '../../../common/api/errors.ts';
import { type RollDirection, rollDirection } from '../../../common/api/rolls.ts';
import {
  type KeepRule,
  shiftStarts,
  type Station,
  stationDefaults,
  type StationStatus,
} from '../../../common/api/station.ts';
import { commaSeparated, nonNegativeInteger, positiveInteger } from '../options/parsers.ts';
import { recipeNamed } from '../options/recipe-argument.ts';
import { jsonOption, type JsonOption } from '../output/json.ts';
import { printError } from '../output/print.ts';
import { outputPrinter } from '../output/print-outputs.ts';
import { firstMatch } from '../progress/first-match.ts';
import { jsonStationPrinter, type StationPrinter, stationPrinter } from '../output/print-station.ts';
import { type CommandContext, runCommand } from '../run-command.ts';

interface WatchOptions extends JsonOption {
  recipe?: string;
  name?: string;
  class?: string;
  poll?: boolean;
  roll?: RollDirection | true;
  shifts?: string[];
  alarmAfter?: number;
  keepPieces?: number;
  keepDays?: number;
  pruneRejects?: boolean;
  keepRecords?: number;
}

export function watchCommand(): Command {
  return new Command('watch')
    .description('Watch a folder, and decide each image that arrives by a recipe, until Ctrl-C')
    .summary('decide the images that arrive in a folder')
    .argument('<folder>', 'folder in which images arrive')
    .option('--recipe <name>', 'recipe that decides (default: that of the station of the folder)')
    .option('--name <name>', 'name of the station (default: name of the folder)')
    .option('--class <name>', 'class of the images of a new station (default: first class of the recipe)')
    .option('--poll', 'list the folder every second, as network shares need')
    .option('--no-poll', 'rely on what the file system reports')
    .addOption(
      new Option(
        '--roll [direction]',
        'the images of each folder are frames of a roll that travels in this direction (default: down)',
      ).choices(rollDirection.options),
    )
    .option('--shifts <times>', `when shifts start (default: ${stationDefaults.shifts.join()})`, shiftTimes)
    .option(
      '--alarm-after <number>',
      `consecutive rejects that raise an alarm, 0 for none (default: ${stationDefaults.alarmAfter})`,
      nonNegativeInteger,
    )
    .option(
      '--keep-pieces <number>',
      `latest pieces whose maps stay in the store (default: ${stationDefaults.keep.pieces})`,
      positiveInteger,
    )
    .option('--keep-days <number>', 'days for which maps stay in the store', positiveInteger)
    .option('--prune-rejects', 'remove the maps of old rejected pieces as well')
    .option(
      '--keep-records <number>',
      `latest pieces whose decisions stay in the store; older ones go with their files (default: ${stationDefaults.keep.records})`,
      positiveInteger,
    )
    .addOption(jsonOption())
    .addHelpText(
      'after',
      `
The folder becomes a station, which keeps its settings: the next time, only the folder is needed. Files that are there already are
decided first, each one once. Ctrl-C ends the command; pieces that wait are decided the next time.

Examples:
  perch watch /line/camera1 --recipe oxford
  perch watch /line/camera1 --json
  perch watch /line/rolls --recipe oxford --roll
  perch watch //server/line --recipe oxford --poll --shifts 06:00,18:00 --keep-days 30`,
    )
    .action((folder: string, options: WatchOptions) =>
      runCommand((context) => watch(folder, options, context)),
    );
}

async function watch(folder: string, options: WatchOptions, context: CommandContext): Promise<void> {
  const { services, signal } = context;
  const station = await stationOf(resolve(folder), options, context);
  const events = services.stations.watch(undefined, signal);
  const { id } = await services.stations.start({ station: station.id }, signal);
  services.outputs.deliver();
  const outputs = outputPrinter();
  const { units } = await services.settings.get(undefined, signal);
  const printer = options.json ? jsonStationPrinter(station) : stationPrinter(station, units);
  let roll: string | undefined;
  try {
    for await (const event of await events) {
      if (event.type === 'piece') {
        const { piece } = event;
        if (piece.station !== id) continue;
        if (roll !== undefined && piece.frame && piece.frame.roll !== roll)
          await printRoll(id, roll, printer, context);
        roll = piece.frame?.roll;
        printer.piece(piece);
        continue;
      }
      const status = event.statuses.find((each) => each.station === id);
      if (status) printer.status(status);
      outputs((await services.outputs.list({ station: id }, signal)).outputs);
      await assertStillWatched(id, context);
    }
  } finally {
    // Another process may have taken it over.
    const { heldBy } = await stationById(id, context);
    if (heldBy === null) await services.stations.stop({ station: id }, new AbortController().signal);
    const status = await lastStatus(id, context);
    if (status) printer.status(status);
    if (roll !== undefined) await printRoll(id, roll, printer, context);
    printer.end();
  }
}

/** The station of a folder, with the given settings; a new one if there is none. */
async function stationOf(folder: string, options: WatchOptions, context: CommandContext): Promise<Station> {
  const { services, signal } = context;
  const known = (await services.stations.list(undefined, signal)).stations.find(
    (each) => each.folder === folder,
  );
  const recipe = options.recipe === undefined ? undefined : await recipeNamed(options.recipe, context);
  const { name, poll: polling, roll, shifts, alarmAfter } = options;
  const stated = {
    ...(name !== undefined && { name }),
    ...(recipe && { recipe: recipe.id }),
    ...(polling !== undefined && { polling }),
    ...(roll !== undefined && { rollDirection: roll === true ? ('down' as const) : roll }),
    ...(shifts && { shifts }),
    ...(alarmAfter !== undefined && { alarmAfter }),
    keep: keepRule(options, known?.keep ?? stationDefaults.keep),
  };
  if (known) {
    if (options.class !== undefined && options.class !== known.textureClass)
      throw new PerchError(
        'INVALID_ARGUMENT',
        `The pieces of the station "${known.name}" are images of the class "${known.textureClass}". Leave out --class.`,
      );
    return await services.stations.change({ station: known.id, ...stated }, signal);
  }
  if (!recipe)
    throw new PerchError(
      'INVALID_ARGUMENT',
      `${folder} is not a station yet. Name the recipe that decides its images with --recipe.`,
    );
  const { classes } = recipe.latest.definition;
  if (options.class !== undefined && !classes.includes(options.class))
    printError(
      `The recipe ${recipe.name} was made for ${classes.join(', ')}, not for "${options.class}". It decides this class from now on.`,
    );
  return await services.stations.create(
    {
      name: basename(folder),
      folder,
      recipe: recipe.id,
      textureClass: options.class,
      ...stationDefaults,
      ...stated,
    },
    signal,
  );
}

function keepRule(
  { keepPieces, keepDays, pruneRejects, keepRecords }: WatchOptions,
  known: KeepRule,
): KeepRule {
  return {
    pieces: keepPieces ?? known.pieces,
    days: keepDays ?? known.days,
    rejectsToo: pruneRejects ?? known.rejectsToo,
    records: keepRecords ?? known.records,
  };
}

async function printRoll(
  station: number,
  roll: string,
  printer: StationPrinter,
  { services }: CommandContext,
): Promise<void> {
  const wishes = { station, roll, rule: 'four-point' };
  printer.roll(await services.stations.roll(wishes, new AbortController().signal));
}

/** The status after the last piece. */
async function lastStatus(id: number, { services }: CommandContext): Promise<StationStatus | undefined> {
  const stop = new AbortController();
  return await firstMatch(services.stations.watch(undefined, stop.signal), (event) =>
    event.type === 'status' ? event.statuses.find(({ station }) => station === id) : undefined,
  );
}

async function stationById(id: number, { services }: CommandContext): Promise<Station> {
  const { stations: all } = await services.stations.list(undefined, new AbortController().signal);
  const found = all.find((each) => each.id === id);
  if (found) return found;
  throw new PerchError('NOT_FOUND', 'The station was removed.');
}

/** @throws PerchError `CANCELED` if a window stopped the station, or another process took it over */
async function assertStillWatched(id: number, context: CommandContext): Promise<void> {
  const { state, heldBy } = await stationById(id, context);
  if (heldBy !== null) throw new PerchError('CONFLICT', heldBy);
  if (state === 'stopped') throw new PerchError('CANCELED', 'Another process stopped the station.');
}

/** Parses "06:00,14:00,22:00". */
function shiftTimes(text: string): string[] {
  const times = shiftStarts.safeParse(commaSeparated(text));
  if (times.success) return times.data;
  throw new InvalidArgumentError('Must be times of day separated by commas, as in 06:00,14:00,22:00.');
}
