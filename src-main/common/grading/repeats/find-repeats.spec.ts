import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findRepeats, REPEAT_TOLERANCE_MM } from './find-repeats.ts';
import { madeRepeat, randomDefects, randomSource } from './made-roll.fake.ts';
import type { RepeatingCandidate } from './types.ts';

const LENGTH = 50_000;
const WIDTH = 1500;
const find = (defects: readonly RepeatingCandidate[]) => findRepeats(defects, REPEAT_TOLERANCE_MM);

const repeat = { pitch: 628, across: 700, count: 20, start: 1000, jitter: 0, missing: 0, size: 8 };
const exact = (changes: Partial<typeof repeat>, name = 'r') =>
  madeRepeat({ ...repeat, ...changes }, name, randomSource(1));

/** A repeat of 12 to 20 occurrences on a roll with other defects. */
const anyMadeRoll = fc
  .record({
    seed: fc.integer({ min: 1, max: 1e9 }),
    pitch: fc.integer({ min: 100, max: 2400 }),
    across: fc.integer({ min: 20, max: WIDTH - 20 }),
    count: fc.integer({ min: 12, max: 20 }),
    jitter: fc.double({ min: 0, max: 3, noNaN: true }),
    missing: fc.double({ min: 0, max: 0.2, noNaN: true }),
    noise: fc.integer({ min: 0, max: 300 }),
  })
  .map(({ seed, noise, ...made }) => {
    const random = randomSource(seed);
    const members = madeRepeat({ ...made, start: random() * 2000, size: 8 }, 'member', random);
    return { made, members, defects: [...members, ...randomDefects(noise, LENGTH, WIDTH, random)] };
  });

describe('a repeating defect among others', () => {
  it('is found with its pitch, lane and occurrences, with jitter and missing ones', () => {
    fc.assert(
      fc.property(anyMadeRoll, ({ made, members, defects }) => {
        const found = find(defects).filter(({ pitch }) => Math.abs(pitch / made.pitch - 1) < 0.01);
        expect(found).toHaveLength(1);
        const own = found[0].defects.filter((id) => id.startsWith('member'));
        expect(own.length).toBeGreaterThanOrEqual(0.8 * members.length);
        expect(found[0].count - own.length).toBeLessThanOrEqual(1);
        expect(Math.abs(found[0].across - made.across)).toBeLessThan(5);
      }),
      { seed: 16, numRuns: 100 },
    );
  });

  it('has distances that are multiples of its pitch, and shares no defect with another', () => {
    fc.assert(
      fc.property(anyMadeRoll, ({ defects }) => {
        const places = new Map(defects.map(({ id, along }) => [id, along]));
        const found = find(defects);
        const ids = found.flatMap((each) => each.defects);
        expect(new Set(ids).size).toBe(ids.length);
        for (const { pitch, from, to, count, missing, defects: members } of found) {
          expect(members).toHaveLength(count);
          expect((to - from) / pitch).toBeCloseTo(count + missing - 1, 0);
          const alongs = members.map((id) => places.get(id) ?? NaN);
          for (let index = 1; index < count; index++) {
            const periods = (alongs[index] - alongs[index - 1]) / pitch;
            expect(Math.abs(periods - Math.round(periods))).toBeLessThan(0.5);
            expect(Math.round(periods)).toBeGreaterThanOrEqual(1);
          }
        }
      }),
      { numRuns: 50 },
    );
  });

  it('does not depend on the order of the defects, nor on the unit', () => {
    fc.assert(
      fc.property(anyMadeRoll, fc.constantFrom(0.25, 4), ({ defects }, factor) => {
        const found = find(defects);
        expect(find([...defects].reverse())).toEqual(found);
        const scaled = defects.map((defect) => ({
          ...defect,
          along: defect.along * factor,
          across: defect.across * factor,
          length: defect.length * factor,
          width: defect.width * factor,
          area: defect.area * factor ** 2,
        }));
        const other = findRepeats(scaled, REPEAT_TOLERANCE_MM * factor);
        expect(other.map((each) => each.defects)).toEqual(found.map((each) => each.defects));
      }),
      { numRuns: 30 },
    );
  });
});

describe('defects at random places', () => {
  it.each([
    [10, 400],
    [100, 200],
    [300, 100],
  ])('have no repeats: %i defects on %i rolls', (count, rolls) => {
    let alarms = 0;
    for (let seed = 1; seed <= rolls; seed++) {
      alarms += find(randomDefects(count, LENGTH, WIDTH, randomSource(seed * 1009))).length;
    }
    expect(alarms).toBe(0);
  });

  it('have few repeats in a narrow lane: at most 5 on 100 rolls of 100 defects', () => {
    let alarms = 0;
    for (let seed = 1; seed <= 100; seed++) {
      alarms += find(randomDefects(100, LENGTH, 20, randomSource(seed * 2003))).length;
    }
    expect(alarms).toBeLessThanOrEqual(5);
  });
});

describe('findRepeats', () => {
  it('finds nothing without defects, or in three of them', () => {
    expect(find([])).toEqual([]);
    expect(find(exact({ count: 3 }))).toEqual([]);
  });

  it('finds four that are alone, and says that chance could explain them in one of many rolls', () => {
    const [found] = find(exact({ count: 4 }));
    expect(found).toMatchObject({ count: 4, missing: 0, jitter: expect.closeTo(0, 6) });
    expect(found.falseAlarms).toBeGreaterThan(0.001);
  });

  it('counts the missing occurrences', () => {
    const defects = exact({}).filter((_, index) => ![4, 9, 10].includes(index));
    expect(find(defects)).toEqual([
      {
        pitch: expect.closeTo(628, 6),
        across: 700,
        count: 17,
        missing: 3,
        from: 1000,
        to: 1000 + 19 * 628,
        jitter: expect.closeTo(0, 6),
        falseAlarms: expect.any(Number),
        defects: defects.map(({ id }) => id),
      },
    ]);
  });

  it('names the pitch of the roller, not its multiples or halves', () => {
    expect(find(exact({ pitch: 314, count: 40 })).map(({ pitch }) => Math.round(pitch))).toEqual([314]);
  });

  it('keeps two defects of one roller apart', () => {
    const found = find([...exact({}, 'a'), ...exact({ start: 1250 }, 'b')]);
    expect(found.map(({ defects }) => new Set(defects.map((id) => id[0])).size)).toEqual([1, 1]);
    expect(found.map(({ pitch }) => Math.round(pitch))).toEqual([628, 628]);
  });

  it('keeps lanes apart', () => {
    const left = exact({ across: 700 });
    const moved = left.map((defect, index) => ({ ...defect, across: 700 + 40 * index }));
    expect(find(moved)).toEqual([]);
  });

  it('keeps kinds and sizes apart, and an unknown kind fits any', () => {
    const kinds = ['hole', 'slub'];
    const mixed = exact({}).map((defect, index) => ({ ...defect, kind: kinds[index % 2] }));
    expect(find(mixed).map(({ pitch }) => Math.round(pitch))).toEqual([1256, 1256]);
    const unknown = exact({}).map((defect, index) => ({ ...defect, kind: index % 2 ? 'hole' : '' }));
    expect(find(unknown).map(({ count }) => count)).toEqual([20]);
    const sizes = exact({}).map((defect, index) => ({ ...defect, length: 12 + 25 * (index % 2) }));
    expect(find(sizes).map(({ pitch }) => Math.round(pitch))).toEqual([1256, 1256]);
  });

  it('follows a pitch that drifts by 1 % as the material stretches', () => {
    const drifting = exact({ count: 60, pitch: 500 }).map((defect, index) => ({
      ...defect,
      along: 1000 + index * 500 * (1 + (0.01 * index) / 60),
    }));
    expect(find(drifting).map(({ count }) => count)).toEqual([60]);
  });
});
