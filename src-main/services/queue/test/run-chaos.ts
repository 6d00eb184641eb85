/**
 * Kills workers, host and database during a run: `node src-main/services/queue/test/run-chaos.ts [tasks] [workers] [seed]`.
 * docs/scaling.md lists the results. PERCH_CHAOS_LOG=1 shows what the processes write to stderr.
 */
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runChaos } from './chaos.ts';

const [tasks, workers, seed] = [2000, 3, 1].map((standard, at) => Number(process.argv[2 + at] ?? standard));
const folder = await mkdtemp(join(tmpdir(), 'perch-chaos-'));
const outcome = await runChaos({ folder, tasks, workers, kills: { everyMs: 2000, seed }, log: console.log });
console.log(JSON.stringify(outcome, null, 2));
if (outcome.wrong > 0 || outcome.failed > 0 || outcome.integrity !== 'ok') process.exitCode = 1;
