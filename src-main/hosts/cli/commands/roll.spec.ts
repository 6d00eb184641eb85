import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { RollDefects } from '../../../common/api/rolls.ts';
import { samplesFolder } from '../../../files/samples.ts';
import { perch } from '../../../test/perch.ts';

let folder: string;
const at = (...path: string[]) => join(folder, ...path);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'perch-roll-'));
  vi.stubEnv('PERCH_HOME', at('data'));
  await cp(join(samplesFolder, 'carpet/test/hole/000.png'), at('mill/strip.png'));
  await cp(join(samplesFolder, 'carpet/test/good/000.png'), at('mill/other.png'));
  const options = ['--lot', 'L-7', '--mm-per-pixel', '0.5x1'];
  expect(await perch('roll', 'import', at('mill/strip.png'), ...options)).toMatchObject({ code: 0 });
  expect(await perch('roll', 'inspect', 'L-7')).toMatchObject({ code: 0, stdout: 'run 1  done\n' });
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true, force: true });
});

async function graded(...options: string[]): Promise<{ code: number | null; list: RollDefects }> {
  const { code, stdout, stderr } = await perch('roll', 'grade', 'strip', '--json', ...options);
  if (stdout === '') throw new Error(stderr);
  return { code, list: JSON.parse(stdout) as RollDefects };
}

describe('a roll', () => {
  it.each(['strip.png', 'strip', 'L-7'])('is found by %s', async (name) => {
    expect((await perch('roll', 'set', name, '--article', 'T')).stdout).toContain(
      'strip.png  mill  T  lot L-7',
    );
  });

  it('is found by its path, and others are not', async () => {
    expect(await perch('roll', 'set', at('mill/strip.png'), '--article', 'T')).toMatchObject({ code: 0 });
    const { code, stderr } = await perch('roll', 'set', 'other', '--article', 'T');
    expect([code, stderr]).toEqual([
      1,
      expect.stringContaining('There is no roll "other". Rolls: strip.png.'),
    ]);
  });
});

describe('a grade', () => {
  it('fails a roll with defects and passes one without, by exit code', async () => {
    const { code, list } = await graded();
    expect(code).toBe(1);
    expect(list.defects.length).toBeGreaterThan(0);
    expect(list.defects[0].mm?.along).toBeCloseTo(list.defects[0].px.along);
    const high = await graded('--threshold', '1000');
    expect(high).toMatchObject({ code: 0, list: { defects: [], grade: { pass: true, totalPoints: 0 } } });
    const { stdout } = await perch('roll', 'grade', 'strip');
    expect(stdout).toMatch(/^defect +along +across +score +points/);
    expect(stdout).toContain('Four-point system (ASTM D5430): fails');
  });

  it('follows a rule from a file, which is checked', async () => {
    const rule = {
      name: 'ours',
      title: 'Ours',
      system: 'points',
      unit: 'm',
      cap: 4,
      basis: 'area',
      otherwise: 'B',
    };
    const classes = [{ steps: [], over: 7 }];
    const grades = [{ grade: 'A', upTo: 40 }];
    await writeFile(at('ours.json'), JSON.stringify({ ...rule, classes, grades }));
    const { list } = await graded('--rule', at('ours.json'));
    expect(list.grade).toMatchObject({ rule: 'ours', title: 'Ours' });
    expect(list.defects[0].points).toBe(7);
    await writeFile(at('broken.json'), JSON.stringify(rule));
    const { code, stderr } = await perch('roll', 'grade', 'strip', '--rule', at('broken.json'));
    expect([code, stderr]).toEqual([
      1,
      expect.stringContaining('broken.json is not a grading rule: classes'),
    ]);
  });

  it('changes with corrected points, which need a reason', async () => {
    const [{ id }] = (await graded()).list.defects;
    const { code, stderr } = await perch('roll', 'assess', 'strip', id, '--points', '0');
    expect([code, stderr]).toEqual([1, expect.stringContaining('need a reason')]);
    await perch('roll', 'assess', 'strip', id, '--points', '3', '--reason', 'open', '--operator', 'Åsa');
    expect((await graded()).list.defects[0]).toMatchObject({
      points: 3,
      assessment: { reason: 'open', operator: 'Åsa' },
    });
    expect((await perch('roll', 'assess', 'strip', id, '--points', 'rule')).stdout).toBe(
      `${id}  no verdict\n`,
    );
  });
});
