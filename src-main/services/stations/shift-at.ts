import type { Shift } from '../../store/station-shifts.ts';

/**
 * The shift of a moment, in local time. A day's last shift lasts until the first of the next day.
 *
 * @param starts times of day, `HH:MM`, in order; at least one
 */
export function shiftAt(moment: Date, starts: readonly string[]): Shift {
  const at = (day: number, time: string) => {
    const [hours, minutes] = time.split(':').map(Number);
    return new Date(moment.getFullYear(), moment.getMonth(), moment.getDate() + day, hours, minutes);
  };
  const bounds = [-1, 0, 1]
    .flatMap((day) => starts.map((time) => at(day, time)))
    .sort((a, b) => a.getTime() - b.getTime());
  const next = bounds.findIndex((bound) => bound > moment);
  const [from, to] = [bounds[next - 1], bounds[next]];
  return { shift: localText(from), from, to };
}

/** "2026-03-01 06:00" */
function localText(date: Date): string {
  const two = (number: number) => String(number).padStart(2, '0');
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  return `${day} ${two(date.getHours())}:${two(date.getMinutes())}`;
}
