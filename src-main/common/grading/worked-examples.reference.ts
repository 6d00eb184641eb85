import { readFileSync } from 'node:fs';
import { millimeters } from './lengths.ts';
import type { GradedDefect, GradedRoll } from './types.ts';

/** A row of a table of docs/grading.md. */
export interface WorkedExample {
  rule: string;
  name: string;
  roll: GradedRoll;
  defects: GradedDefect[];
  points: number;
  value: number;
  grade: string;
}

/** The worked examples of docs/grading.md, which the sections with the name of a rule as heading contain. */
export function workedExamples(): WorkedExample[] {
  const page = readFileSync(new URL('../../../docs/grading.md', import.meta.url), 'utf8');
  return page.split(/^#{2,4} /m).flatMap((section) => {
    const rule = /^`([a-z0-9-]+)`/.exec(section)?.[1];
    if (!rule) return [];
    const rows = section.split('\n').filter((row) => /^\| +\d+ /.test(row));
    return rows.map((row) => {
      const [number, name, roll, defects, , points, value, grade] = row
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim());
      const size = readRoll(roll);
      return {
        rule,
        name: `${number} ${name}`,
        roll: size,
        defects: defects === 'none' ? [] : defects.split('; ').flatMap((text) => readDefects(text, size)),
        points: Number(points),
        value: Number(value),
        grade,
      };
    });
  });
}

/** `100 yd x 60 in`: length and width. */
function readRoll(text: string): GradedRoll {
  const [length, width] = text.split(' x ');
  return { length: millimeters(length), width: millimeters(width) };
}

const LENGTH = String.raw`[\d.]+ (?:mm|cm|m|in|ft|yd)`;
const DEFECT = new RegExp(
  String.raw`^(?:(?<count>\d+) times )?(?<kind>[a-z ]+ )?(?<along>${LENGTH}) x (?<across>${LENGTH}) at (?<from>${LENGTH})` +
    String.raw`(?:, left (?<left>${LENGTH}))?(?: every (?<every>${LENGTH}))?(?<repeats>, repeating)?` +
    String.raw`(?: \((?<verdict>accept|reject|unsure)\))?(?: = (?<corrected>\d+))?$`,
);

/** `2 times hole 1 in x 1 in at 5 yd, left 3 in every 1 yd, repeating (reject) = 3`: length along, width across, start along. */
function readDefects(text: string, roll: GradedRoll): GradedDefect[] {
  const found = DEFECT.exec(text)?.groups as Record<string, string | undefined> | undefined;
  if (!found) throw new Error(`docs/grading.md has a defect that cannot be read: ${text}`);
  const width = millimeters(found.across ?? '');
  const along = millimeters(found.along ?? '');
  const left = found.left ? millimeters(found.left) : (roll.width - width) / 2;
  return Array.from({ length: Number(found.count ?? 1) }, (_, index) => {
    const from = millimeters(found.from ?? '') + index * (found.every ? millimeters(found.every) : 0);
    return {
      id: `${text} ${index}`,
      from,
      to: from + along,
      left,
      right: left + width,
      area: along * width,
      kind: found.kind?.trim() ?? '',
      verdict: (found.verdict ?? null) as GradedDefect['verdict'],
      repeat: found.repeats ? 1 : null,
      corrected: found.corrected ? { points: Number(found.corrected), reason: 'looked again' } : null,
    };
  });
}
