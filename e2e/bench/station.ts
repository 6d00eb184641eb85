import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import Database from 'better-sqlite3';
import { formatPercentiles } from './percentiles.ts';
import { Producer, type Dropped } from './station/producer.ts';
import { type Memory, WatchProcess } from './station/watch-process.ts';

/**
 * A station under load: images arrive at a rate, some renamed, some written slowly, some twice, while `perch watch` is killed and the
 * disk of its store is full for a while. Says whether every file was decided once and in order, how long decisions took, and how much
 * memory they needed. The full disk needs root on Linux, for a small file system in memory. docs/benchmarks.md lists the results.
 *
 *   node e2e/bench/station.ts --images 10000 --rate 5
 */
const { values: options } = parseArgs({
  options: {
    images: { type: 'string', default: '2000' },
    rate: { type: 'string', default: '5' },
    side: { type: 'string', default: '512' },
    kills: { type: 'string', default: '2' },
    'full-seconds': { type: 'string', default: '60' },
  },
});
const images = Number(options.images);
const rate = Number(options.rate);
const side = Number(options.side);
const kills = Number(options.kills);
const fullSeconds = Number(options['full-seconds']);
/** Of the file system of the store, if it is one of its own. */
const HOME_BYTES = 400 * 2 ** 20;

const cli = fileURLToPath(new URL('../../src-main/hosts/cli/start.js', import.meta.url));
const work = await mkdtemp(join(tmpdir(), 'perch-station-'));
const [line, home, fabric] = ['line', 'home', 'fabric'].map((name) => join(work, name));
for (const folder of [line, home]) mkdirSync(folder);
const isSmall = mountSmall(home);
const process_ = new WatchProcess(line, home, ['--recipe', 'weave', '--keep-pieces', '300']);
const memory: { at: number; used: Memory }[] = [];
const faults: { from: number; to: number }[] = [];

try {
  await prepareRecipe();
  await process_.start();
  const producer = new Producer(line, side);
  const began = Date.now();
  const sampling = setInterval(() => memory.push({ at: Date.now(), used: process_.memory() }), 5000);
  const killAt = new Set(
    Array.from({ length: kills }, (_, kill) => Math.round(((kill + 1) * images) / (kills + 1))),
  );
  let fault: Promise<void> = Promise.resolve();
  for (let number = 0; number < images; number++) {
    await pause(Math.max(0, began + (1000 * number) / rate - Date.now()));
    if (killAt.has(number)) fault = fault.then(kill);
    if (number === Math.round(images / 6)) fault = fault.then(fillDisk);
    await producer.drop(number);
  }
  await fault;
  await producer.end();
  await settled(producer.dropped);
  clearInterval(sampling);
  const code = await process_.end('SIGINT');
  report(producer.dropped, { seconds: (Date.now() - began) / 1000, code });
} finally {
  await process_.end('SIGKILL').catch(() => {});
  if (isSmall) execFileSync('umount', ['--lazy', home]);
  rmSync(work, { recursive: true, force: true });
}

/** A recipe that good images calibrated. */
async function prepareRecipe(): Promise<void> {
  const camera = new Producer(fabric, side);
  for (const split of ['train', 'test']) {
    const folder = join(fabric, 'weave', split, 'good');
    mkdirSync(folder, { recursive: true });
    for (let number = 0; number < 10; number++)
      await writeFile(join(folder, `${number}.png`), await camera.image(false));
  }
  const perch = (...command: string[]) =>
    execFileSync(process.execPath, [cli, ...command], { env: { ...process.env, PERCH_HOME: home } });
  perch('datasets', 'import', fabric);
  perch('recipes', 'create', 'weave', '--dataset', 'fabric', '--class', 'weave');
  perch('recipes', 'calibrate', 'weave', '--false-rejects', '0');
}

async function kill(): Promise<void> {
  const from = Date.now();
  await process_.end('SIGKILL');
  await process_.start();
  faults.push({ from, to: Date.now() + 5000 });
}

/** Fills the file system of the store for a while. */
async function fillDisk(): Promise<void> {
  if (!isSmall) return;
  const from = Date.now();
  const filler = join(home, 'filler');
  const until = from + 1000 * fullSeconds;
  // Files that were being written are removed, which is filled as well.
  for (let count = 0; Date.now() < until; count++) {
    const { bavail, bsize } = statfsSync(home);
    try {
      if (bavail > 0) writeFileSync(`${filler}${count}`, Buffer.alloc(Math.min(bavail * bsize, 2 ** 28)));
    } catch {
      // It is full.
    }
    await pause(200);
  }
  execFileSync('sh', ['-c', `rm -f ${filler}*`]);
  faults.push({ from, to: Date.now() + 5000 });
}

function query<Row>(sql: string): Row[] {
  const database = new Database(join(home, 'perch.db'), { readonly: true });
  try {
    return database.prepare<[], Row>(sql).all();
  } finally {
    database.close();
  }
}

/** Waits until no piece waits, and there is one for each file. */
async function settled(dropped: readonly Dropped[]): Promise<void> {
  for (let quiet = 0; quiet < 5;) {
    await pause(1000);
    const [{ waiting, all }] = query<{ waiting: number; all: number }>(
      'SELECT count(*) FILTER (WHERE state = \'waiting\') AS waiting, count(*) AS "all" FROM pieces',
    );
    quiet = waiting === 0 && all >= dropped.length ? quiet + 1 : 0;
    if (Date.now() - (dropped.at(-1)?.wholeAt ?? 0) > 300_000) return;
  }
}

interface PieceRow {
  sequence: number;
  file: string;
  sha256: string;
  state: string;
  decidedAt: string;
  duplicate: 0 | 1;
}

function report(
  dropped: readonly Dropped[],
  { seconds, code }: { seconds: number; code: number | null },
): void {
  const pieces = query<PieceRow>(
    `SELECT sequence, file, sha256, state, decided_at AS decidedAt, duplicate_of IS NOT NULL AS duplicate FROM pieces ORDER BY sequence`,
  );
  const byFile = Map.groupBy(pieces, ({ file }) => file);
  const count = (test: (piece: PieceRow) => boolean) => pieces.filter(test).length;
  const contents = Map.groupBy(
    pieces.filter(({ state, duplicate }) => state === 'decided' && duplicate === 0),
    ({ sha256 }) => sha256,
  );
  // Others pass a file that is gone and may come back, until it is dropped.
  const decidedAt = pieces
    .filter(({ state }) => state !== 'dropped')
    .map((piece) => Date.parse(piece.decidedAt));
  const lags = dropped.flatMap(({ file, how, wholeAt }) => {
    const decided = Date.parse(byFile.get(file)?.[0]?.decidedAt ?? '');
    const isDisturbed = faults.some(({ from, to }) => decided >= from && wholeAt <= to);
    return how === 'duplicate' || isDisturbed || Number.isNaN(decided) ? [] : decided - wholeAt;
  });
  const quarter = (part: number, key: keyof Memory) => {
    const length = memory.length >> 2;
    const used = memory.slice(part * length, (part + 1) * length).map((sample) => sample.used[key]);
    return Math.round(used.sort((a, b) => a - b)[used.length >> 1] ?? 0);
  };
  const [{ images: kept, results }] = query<{ images: number; results: number }>(
    `SELECT (SELECT count(*) FROM pieces WHERE image_id IS NOT NULL) AS images, (SELECT count(*) FROM results) AS results`,
  );
  const lines: [string, string | number][] = [
    ['files', dropped.length],
    ['seconds', Math.round(seconds)],
    ['pieces', pieces.length],
    ['decided', count(({ state, duplicate }) => state === 'decided' && duplicate === 0)],
    ['duplicates', count(({ duplicate }) => duplicate === 1)],
    ['still waiting', count(({ state }) => state === 'waiting')],
    ['failed', count(({ state }) => state === 'failed')],
    ['dropped', count(({ state }) => state === 'dropped')],
    ['files without a piece', dropped.filter(({ file }) => !byFile.has(file)).length],
    ['files with several pieces', [...byFile.values()].filter(({ length }) => length > 1).length],
    ['contents decided twice', [...contents.values()].filter(({ length }) => length > 1).length],
    ['decisions out of order', decidedAt.filter((at, index) => at < (decidedAt[index - 1] ?? 0)).length],
    ['lag, whole file to decision, outside of faults', lags.length > 0 ? formatPercentiles(lags) : 'none'],
    ['host, MiB, quarters', [0, 1, 2, 3].map((part) => quarter(part, 'host')).join(' ')],
    ['engine, MiB, quarters', [0, 1, 2, 3].map((part) => quarter(part, 'engine')).join(' ')],
    ['pieces with an image, results', `${kept}, ${results}`],
    ['halts', process_.halts.join(' | ') || 'none'],
    ['exit code after Ctrl-C', String(code)],
  ];
  for (const [what, value] of lines) console.log(`${what.padEnd(50)} ${value}`);
}

/** A file system of its own, so that its disk can be full. */
function mountSmall(folder: string): boolean {
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${HOME_BYTES}`, 'tmpfs', folder], { stdio: 'ignore' });
    return true;
  } catch {
    console.log('The disk cannot be filled: a file system in memory needs root on Linux.');
    return false;
  }
}
