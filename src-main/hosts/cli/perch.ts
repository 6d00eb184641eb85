#!/usr/bin/env node
import { Command } from 'commander';
import { reportOf } from '../../api/errors.ts';
import { benchCommand } from './bench/bench.ts';
import { datasetsCommand } from './datasets.ts';
import { demoCommand } from './demo.ts';
import { doctorCommand } from './doctor.ts';
import { evaluateCommand } from './evaluate.ts';
import { experimentCommand } from './experiment.ts';
import { extractCommand } from './extract.ts';
import { inspectCommand } from './inspect.ts';
import { masksCommand } from './masks.ts';
import { methodsCommand } from './methods.ts';
import { metricsCommand } from './metrics.ts';
import { modelsCommand } from './models.ts';
import { runsCommand } from './runs.ts';
import { sessionsCommand } from './sessions.ts';
import { statisticCommand } from './statistic.ts';
import { storeCommand } from './store.ts';
import { version } from '../version.ts';

const program = new Command('perch')
  .description('Finds defects in images of textured surfaces: one image, no training, no normal samples.')
  .version(version)
  .addCommand(inspectCommand())
  .addCommand(extractCommand())
  .addCommand(statisticCommand())
  .addCommand(methodsCommand())
  .addCommand(modelsCommand())
  .addCommand(datasetsCommand())
  .addCommand(runsCommand())
  .addCommand(sessionsCommand())
  .addCommand(masksCommand())
  .addCommand(storeCommand())
  .addCommand(evaluateCommand())
  .addCommand(metricsCommand())
  .addCommand(experimentCommand())
  .addCommand(demoCommand())
  .addCommand(benchCommand())
  .addCommand(doctorCommand())
  .showHelpAfterError('(perch --help and perch COMMAND --help tell what there is)')
  .configureHelp({ sortSubcommands: false });

try {
  await program.parseAsync();
} catch (thrown) {
  const { code, message } = reportOf(thrown);
  process.stderr.write(`perch: ${message}\n`);
  process.exitCode = code === 'CANCELLED' ? 130 : 1;
}
