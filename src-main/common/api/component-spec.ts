import { z } from 'zod';
import { PerchError } from './errors.ts';

/** A whole number that may follow a member's name, as in `random:10:7`. */
export const argument = z.object({
  name: z.string(),
  /** Taken where it is left out. */
  standard: z.int(),
  minimum: z.int(),
  maximum: z.int(),
});
export type Argument = z.infer<typeof argument>;

/** A member of a family whose name may be followed by whole numbers. */
interface Member {
  name: string;
  arguments: readonly Argument[];
}

/** The name in `name` or `name:argument:...`. */
export const nameIn = (text: string): string => text.split(':', 1)[0];

/** How a member is written: `random[:COUNT[:SEED]]`. */
export function notationOf({ name, arguments: expected }: Member): string {
  const open = expected.map((argument) => `[:${argument.name.toUpperCase()}`).join('');
  return `${name}${open}${']'.repeat(expected.length)}`;
}

/**
 * The numbers that follow the member's name in `text`, with the standard ones for those left out.
 *
 * @throws PerchError `INVALID_ARGUMENT` where there are too many, or one is not a whole number within its limits
 */
export function argumentsIn(text: string, member: Member): number[] {
  const given = text.split(':').slice(1);
  const expected = member.arguments;
  if (given.length > expected.length) {
    throw new PerchError(
      'INVALID_ARGUMENT',
      `"${text}" has too many parts. It is written ${notationOf(member)}.`,
    );
  }
  return expected.map(({ name, standard, minimum, maximum }, at) => {
    if (at >= given.length) return standard;
    const number = Number(given[at]);
    if (/^\d+$/.test(given[at]) && number >= minimum && number <= maximum) return number;
    throw new PerchError(
      'INVALID_ARGUMENT',
      `In "${text}", ${name.toUpperCase()} must be a whole number from ${minimum} to ${maximum}. ` +
        `It is written ${notationOf(member)}.`,
    );
  });
}

/** A member with its numbers, as in `random:10:7`; standard ones are left out at the end, but for the first. */
export function written({ name, arguments: expected }: Member, numbers: readonly number[]): string {
  const last = expected.findLastIndex(({ standard }, at) => numbers[at] !== standard);
  const kept = expected.length === 0 ? [] : numbers.slice(0, Math.max(last, 0) + 1);
  return [name, ...kept].join(':');
}
