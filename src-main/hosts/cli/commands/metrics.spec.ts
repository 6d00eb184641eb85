import { cp, mkdtemp, readFile, rm } from 'node:fs/promises';
import { execFile } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { perch } from '../../../test/perch.ts';
import { programPath } from '../../../files/programs.ts';
import { goldenPath } from '../../../test/golden.ts';

describe('perch metrics', () => {
  it('agrees with the official MVTec evaluation to 1e-6', async () => {
    const golden = JSON.parse(await readFile(goldenPath('metrics/expected.json'), 'utf8')) as Record<
      string,
      number
    >;
    const { code, stdout, stderr } = await perch(
      ...['metrics', '--maps', goldenPath('metrics/maps')],
      ...['--masks', goldenPath('metrics/ground_truth'), '--ignore-border', String(golden.border), '--json'],
    );
    expect(code, stderr).toBe(0);
    const outcome = JSON.parse(stdout) as Record<string, number>;
    const pairs = [
      [outcome.auroc, golden.auroc],
      [outcome.auPro, golden.pro],
      [outcome.f1Max, golden.f1],
      [outcome.f1MaxThreshold, golden.f1_threshold],
      [outcome.imageAuroc, golden.auroc_image],
      [outcome.images, golden.images],
    ];
    for (const [actual, expected] of pairs) expect(Math.abs(actual - expected)).toBeLessThan(1e-6);
  });

  it('needs no image library for NPY maps and plain masks, because loading it takes a tenth of the time', async () => {
    const report = `data:text/javascript,process.on('exit', () => {
      const { sharedObjects } = process.report.getReport();
      console.error(JSON.stringify(sharedObjects));
    })`;
    const given = [
      'metrics',
      '--maps',
      goldenPath('metrics/maps'),
      '--masks',
      goldenPath('metrics/ground_truth'),
    ];
    const { stderr } = await promisify(execFile)(process.execPath, [
      '--import',
      report,
      programPath('commandLine'),
      ...given,
    ]);
    expect(stderr).toContain('["');
    expect(stderr).not.toContain('vips');
  });

  it('prints each class and the mean in percent', async () => {
    const both = await mkdtemp(join(tmpdir(), 'perch-metrics-'));
    for (const name of ['carpet', 'tile']) {
      await cp(goldenPath('metrics/maps'), join(both, 'maps', name, 'test'), { recursive: true });
      await cp(goldenPath('metrics/ground_truth'), join(both, 'masks', name, 'ground_truth'), {
        recursive: true,
      });
    }
    const { code, stdout, stderr } = await perch(
      ...['metrics', '--maps', join(both, 'maps'), '--masks', join(both, 'masks')],
    );
    await rm(both, { recursive: true });
    expect(code, stderr).toBe(0);
    expect(stdout).toMatch(/carpet +48\.99 +82\.86 .*\ntile .*\nmean +48\.99 +82\.86 .* - +18 +12 +30\n/);
  });
});
