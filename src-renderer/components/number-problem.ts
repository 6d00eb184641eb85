/** Constraints of a number. */
export interface Limits {
  minimum: number;
  maximum: number;
  /** Whether the minimum is excluded. */
  exclusiveMinimum?: boolean;
  integer?: boolean;
  odd?: boolean;
  /** Whether the field may be empty. */
  optional?: boolean;
}

/** Describes the valid numbers if the text is not one of them; an empty string if it is. */
export function numberProblem(
  text: string,
  { minimum, maximum, exclusiveMinimum, integer, odd, optional }: Limits,
): string {
  const typed = text.trim();
  if (typed === '' && optional) return '';
  const number = Number(typed);
  const valid =
    typed !== '' &&
    Number.isFinite(number) &&
    (exclusiveMinimum ? number > minimum : number >= minimum) &&
    number <= maximum &&
    (!(integer || odd) || Number.isInteger(number)) &&
    (!odd || number % 2 === 1);
  if (valid) return '';
  const kind = odd ? 'An odd number' : integer ? 'A whole number' : 'A number';
  return `${kind} ${exclusiveMinimum ? `above ${minimum}, at most ${maximum}` : `from ${minimum} to ${maximum}`}${optional ? ', or empty' : ''}.`;
}
