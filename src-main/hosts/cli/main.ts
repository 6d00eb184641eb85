import { Command } from 'commander';
import { reportOf } from '../../common/api/errors.ts';
import { guardTerminal } from '../guard-terminal.ts';
import { withHint } from './output/hint-text.ts';
import { version } from '../version.ts';

/** Every command, in the order of the help. Loading one takes a tenth of a second and more, so only what is asked for is. */
const commands: Record<string, () => Promise<Command>> = {
  inspect: async () => (await import('./commands/inspect.ts')).inspectCommand(),
  extract: async () => (await import('./commands/extract.ts')).extractCommand(),
  statistic: async () => (await import('./commands/score.ts')).statisticCommand(),
  methods: async () => (await import('./commands/methods.ts')).methodsCommand(),
  models: async () => (await import('./commands/models.ts')).modelsCommand(),
  datasets: async () => (await import('./commands/datasets.ts')).datasetsCommand(),
  runs: async () => (await import('./commands/runs.ts')).runsCommand(),
  sessions: async () => (await import('./commands/reviews.ts')).sessionsCommand(),
  masks: async () => (await import('./commands/annotations.ts')).masksCommand(),
  store: async () => (await import('./commands/store.ts')).storeCommand(),
  evaluate: async () => (await import('./commands/evaluate.ts')).evaluateCommand(),
  metrics: async () => (await import('./commands/metrics.ts')).metricsCommand(),
  experiment: async () => (await import('./commands/experiment.ts')).experimentCommand(),
  demo: async () => (await import('./commands/demo.ts')).demoCommand(),
  bench: async () => (await import('./commands/bench.ts')).benchCommand(),
  doctor: async () => (await import('./commands/doctor.ts')).doctorCommand(),
};

guardTerminal();

const program = new Command('perch')
  .description('Finds defects in images of textured surfaces: one image, no training, no normal samples.')
  .version(version)
  .showHelpAfterError('(perch --help and perch COMMAND --help tell what there is)')
  .configureHelp({ sortSubcommands: false });

// Whoever reads may have enough: `perch datasets show many | head`.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit();
});

try {
  const [asked = ''] = process.argv.slice(2);
  for (const name of Object.hasOwn(commands, asked) ? [asked] : Object.keys(commands))
    program.addCommand(await commands[name]());
  await program.parseAsync();
} catch (thrown) {
  const report = reportOf(thrown);
  process.stderr.write(`perch: ${withHint(report)}\n`);
  process.exitCode = report.code === 'CANCELED' ? 130 : 1;
}
