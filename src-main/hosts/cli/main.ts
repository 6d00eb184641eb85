import { reportOf } from '../../common/api/errors.ts';
import { guardTerminal } from '../guard-terminal.ts';
import { withHint } from './output/hint-text.ts';
import { printError } from './output/print.ts';
import { createProgram } from './program.ts';

guardTerminal();

// The reader of a pipe may close it early: `perch datasets show fabrics | head`.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit();
});

try {
  const program = await createProgram(process.argv[2]);
  await program.parseAsync();
} catch (thrown) {
  const report = reportOf(thrown);
  printError(withHint(report));
  process.exitCode = report.code === 'CANCELED' ? 130 : 1;
}
