import { stationDefaults, type Station } from '../../../src-main/common/api/station.ts';
import type { NewStation, StationChange } from './station-store.svelte.ts';

const TIME = /^([01]?\d|2[0-3]):([0-5]\d)$/;

/** The times of shifts in a text such as `6:00, 14:00`, sorted; undefined if one is not a time of day, or there is none. */
export function parseShifts(text: string): string[] | undefined {
  const times = text.split(/[,;\s]+/).filter(Boolean);
  const parsed = times.flatMap((time) => {
    const [, hours, minutes] = TIME.exec(time) ?? [];
    return minutes === undefined ? [] : [`${hours.padStart(2, '0')}:${minutes}`];
  });
  if (parsed.length === 0 || parsed.length < times.length) return undefined;
  return [...new Set(parsed)].sort();
}

/** The fields of the dialog that creates or changes a station. */
export class StationDraft {
  name = $state('');
  folder = $state('');
  recipe = $state<number>();
  /** Empty for the recipe's first class. */
  textureClass = $state('');
  shifts = $state('');
  alarmAfter = $state<number>();
  polling = $state<'auto' | 'yes' | 'no'>('auto');
  rollDirection = $state<'down' | 'right' | 'none'>('none');
  keepDays = $state<number>();
  keepPieces = $state<number>();
  keepRejects = $state(true);
  keepRecords = $state<number>();

  readonly times: string[] | undefined = $derived(parseShifts(this.shifts));
  readonly isComplete: boolean = $derived(
    this.name.trim() !== '' &&
      this.folder.trim() !== '' &&
      this.recipe !== undefined &&
      this.times !== undefined &&
      this.alarmAfter !== undefined,
  );

  /** @param station the station to change; undefined for a new one */
  constructor(station: Station | undefined) {
    const { rollDirection, shifts, alarmAfter, keep } = station ?? stationDefaults;
    this.name = station?.name ?? '';
    this.folder = station?.folder ?? '';
    this.recipe = station?.recipe.id;
    this.textureClass = station?.textureClass ?? '';
    this.shifts = shifts.join(', ');
    this.alarmAfter = alarmAfter;
    if (station) this.polling = station.polling ? 'yes' : 'no';
    this.rollDirection = rollDirection ?? 'none';
    this.keepDays = keep.days ?? undefined;
    this.keepPieces = keep.pieces ?? undefined;
    this.keepRejects = !keep.rejectsToo;
    this.keepRecords = keep.records ?? undefined;
  }

  /** The request for a new station; undefined while the draft is not complete. */
  get created(): NewStation | undefined {
    const choices = this.#choices;
    if (!choices) return undefined;
    return {
      ...choices,
      folder: this.folder.trim(),
      ...(this.textureClass === '' ? {} : { textureClass: this.textureClass }),
    };
  }

  /** The request for a change. Folder and class of a station never change. */
  get changed(): StationChange | undefined {
    return this.#choices;
  }

  get #choices() {
    const { recipe, times, alarmAfter } = this;
    if (!this.isComplete || recipe === undefined || !times || alarmAfter === undefined) return undefined;
    return {
      name: this.name.trim(),
      recipe,
      rollDirection: this.rollDirection === 'none' ? null : this.rollDirection,
      shifts: times,
      alarmAfter,
      keep: {
        days: this.keepDays ?? null,
        pieces: this.keepPieces ?? null,
        rejectsToo: !this.keepRejects,
        records: this.keepRecords ?? null,
      },
      ...(this.polling === 'auto' ? {} : { polling: this.polling === 'yes' }),
    };
  }
}
