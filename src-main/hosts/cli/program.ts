import { Command } from 'commander';
import { version } from '../../platform/version.ts';

type Load = () => Promise<Command>;

/**
 * Every command, in the groups and order of the help. Loading a command takes 0.1 s and more, so only the
 * requested one is loaded.
 */
const groups: Record<string, Record<string, Load>> = {
  'Inspect images:': {
    inspect: async () => (await import('./commands/inspect.ts')).inspectCommand(),
    watch: async () => (await import('./commands/watch.ts')).watchCommand(),
    demo: async () => (await import('./commands/demo.ts')).demoCommand(),
  },
  'Manage datasets:': {
    datasets: async () => (await import('./commands/datasets.ts')).datasetsCommand(),
    runs: async () => (await import('./commands/runs.ts')).runsCommand(),
    worker: async () => (await import('./commands/worker.ts')).workerCommand(),
    annotations: async () => (await import('./commands/annotations.ts')).annotationsCommand(),
    maps: async () => (await import('./commands/maps.ts')).mapsCommand(),
    reviews: async () => (await import('./commands/reviews.ts')).reviewsCommand(),
    roll: async () => (await import('./commands/roll.ts')).rollCommand(),
    recipes: async () => (await import('./commands/recipes.ts')).recipesCommand(),
    outputs: async () => (await import('./commands/outputs.ts')).outputsCommand(),
  },
  'Measure quality:': {
    evaluate: async () => (await import('./commands/evaluate.ts')).evaluateCommand(),
    metrics: async () => (await import('./commands/metrics.ts')).metricsCommand(),
    experiment: async () => (await import('./commands/experiment.ts')).experimentCommand(),
  },
  'Work with methods and models:': {
    methods: async () => (await import('./commands/methods.ts')).methodsCommand(),
    models: async () => (await import('./commands/models.ts')).modelsCommand(),
    extract: async () => (await import('./commands/extract.ts')).extractCommand(),
    score: async () => (await import('./commands/score.ts')).scoreCommand(),
  },
  'Maintain the installation:': {
    audit: async () => (await import('./commands/audit.ts')).auditCommand(),
    doctor: async () => (await import('./commands/doctor.ts')).doctorCommand(),
    store: async () => (await import('./commands/store.ts')).storeCommand(),
    bench: async () => (await import('./commands/bench.ts')).benchCommand(),
  },
};

/**
 * Builds the command line.
 *
 * @param only the command to load; all commands if there is none with that name
 */
export async function createProgram(only = ''): Promise<Command> {
  const program = new Command('perch')
    .description('Finds defects in images of textured surfaces, without training.')
    .version(version, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print help')
    .addHelpCommand(helpCommand())
    .showHelpAfterError('Run `perch --help` or `perch COMMAND --help` for usage.')
    .configureHelp({ subcommandTerm: shortTerm })
    .addHelpText(
      'after',
      `
Examples:
  perch demo
  perch inspect cloth.png
  perch datasets import fabrics/
  perch evaluate fabrics --method default --method bellini

Run perch COMMAND --help for the options and examples of a command.`,
    );
  const known = Object.values(groups).some((commands) => Object.hasOwn(commands, only));
  for (const [group, commands] of Object.entries(groups)) {
    for (const [name, load] of Object.entries(commands)) {
      if (known && name !== only) continue;
      program.addCommand(inherit(program, await load()).helpGroup(group));
    }
  }
  return program;
}

function helpCommand(): Command {
  return new Command('help')
    .description('print help for a command')
    .argument('[command]', 'name of the command')
    .helpGroup(Object.keys(groups).at(-1) ?? '');
}

/** How help lists a command: by its name, and for subcommands also by their arguments. */
function shortTerm(command: Command): string {
  const isSubcommand = command.parent?.parent !== null;
  const names = command.registeredArguments.map((argument) => {
    const name = argument.name() + (argument.variadic ? '...' : '');
    return argument.required ? ` <${name}>` : ` [${name}]`;
  });
  return isSubcommand ? command.name() + names.join('') : command.name();
}

/** Gives a command and its subcommands the program's help and error settings. */
function inherit(program: Command, command: Command): Command {
  command.copyInheritedSettings(program).helpCommand(false);
  // Lists show the summary; the command's own help shows the full sentence.
  const description = command.description();
  if (!command.summary())
    command.summary(description).description(`${description[0].toUpperCase()}${description.slice(1)}.`);
  for (const subcommand of command.commands) inherit(program, subcommand);
  return command;
}
