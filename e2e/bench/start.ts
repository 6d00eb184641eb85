import { mkdtemp, rm } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Page } from 'playwright-core';
import { findRuntime, launchDesktop } from '../harness/desktop.ts';

/**
 * Measures the time from process start to a usable window of the desktop application in the stand-in for
 * Electron. Each line is the median time since the start. docs/benchmarks.md lists the results.
 *
 *   npm run build && node e2e/bench/start.ts [--runs 9] [--resources release/linux-unpacked/resources]
 */
const { values } = parseArgs({
  options: { runs: { type: 'string', default: '9' }, resources: { type: 'string' } },
});
const runs = Number(values.runs);

interface Call {
  name: string;
  args: unknown[];
  at: number;
}

/** Steps that the stand-in records, in order. */
const STEPS: [string, (call: Call) => boolean][] = [
  ['main file loaded', ({ name }) => name === 'main loaded'],
  ['Electron ready (Chromium started)', ({ name }) => name === 'app.ready'],
  ['services open, page served', ({ name }) => name === 'protocol.handle'],
  ['window created', ({ name }) => name === 'new BrowserWindow'],
  ['page requests its connection', ({ name, args }) => name === 'ipc' && args[0] === 'perch:connect'],
  ['first paint, window shown', ({ name }) => name === 'window.show'],
];

/** Texts that appear on the page. */
const TEXTS: [string, string][] = [
  ['datasets listed', 'Drop images or folders anywhere'],
  ['engine ready', 'Engine ready'],
];

/** Time at which a text appears, checked every frame. */
async function whenVisible(page: Page, text: string): Promise<number> {
  return await page.evaluate(
    `new Promise((done) => {
      const look = () =>
        document.body?.innerText.includes(${JSON.stringify(text)}) ? done(Date.now()) : requestAnimationFrame(look);
      look();
    })`,
  );
}

/** @returns milliseconds from the start of the process to each step */
async function start(home: string): Promise<Map<string, number>> {
  const app = await launchDesktop({ home, ...(values.resources ? { resources: values.resources } : {}) });
  const began = await app.evaluate(() => performance.timeOrigin);
  const page = await app.firstWindow();
  await page.waitForURL((url) => url.protocol !== 'about:');
  const seen = await Promise.all(
    TEXTS.map(async ([step, text]): Promise<[string, number]> => [
      step,
      Math.round((await whenVisible(page, text)) - began),
    ]),
  );
  const calls = await app.evaluate(
    (electron) => (electron as unknown as { standIn: { calls: Call[] } }).standIn.calls,
  );
  await app.close();
  const recorded = STEPS.map(([step, is]): [string, number] => [
    step,
    Math.round((calls.find(is)?.at ?? NaN) - began),
  ]);
  return new Map([...recorded, ...seen]);
}

function median(numbers: number[]): number {
  const sorted = numbers.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
}

if (findRuntime().real) throw new Error('Only the stand-in records the steps: set PERCH_ELECTRON=stand-in.');
const home = await mkdtemp(join(tmpdir(), 'perch-start-'));
try {
  // The first start creates the store and fills the code cache.
  await start(home);
  const starts: Map<string, number>[] = [];
  for (let run = 0; run < runs; run++) starts.push(await start(home));
  console.log(
    `${values.resources ?? 'dist'}, ${runs} starts on ${availableParallelism()} cores; median, shortest, longest in ms`,
  );
  console.table(
    [...starts[0].keys()].map((step) => {
      const times = starts.map((each) => each.get(step) ?? NaN);
      return { step, median: median(times), shortest: Math.min(...times), longest: Math.max(...times) };
    }),
  );
} finally {
  await rm(home, { recursive: true, force: true });
}
