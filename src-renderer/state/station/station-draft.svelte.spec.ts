import { describe, expect, it } from 'vitest';
import { aStation } from '../test/stations.ts';
import { parseShifts, StationDraft } from './station-draft.svelte.ts';

describe('the times of shifts', () => {
  it('are sorted, and each is named once', () => {
    expect(parseShifts('22:00, 6:00;14:00 06:00')).toEqual(['06:00', '14:00', '22:00']);
  });

  it.each(['', ' , ', '24:00', '6', '06:60', '06:00, noon'])('are refused: %j', (text) => {
    expect(parseShifts(text)).toBeUndefined();
  });
});

describe('the draft of a station', () => {
  it('starts with the defaults and needs name, folder and recipe', () => {
    const draft = new StationDraft(undefined);
    expect([draft.isComplete, draft.created]).toEqual([false, undefined]);
    Object.assign(draft, { name: ' Line 3 ', folder: ' /line-3 ', recipe: 4 });
    expect(draft.created).toEqual({
      name: 'Line 3',
      folder: '/line-3',
      recipe: 4,
      rollDirection: null,
      shifts: ['06:00', '14:00', '22:00'],
      alarmAfter: 3,
      keep: { days: null, pieces: 10_000, rejectsToo: false, records: 1_000_000 },
    });
    const rest = { rollDirection: 'right', textureClass: 'felt', keepRejects: false, keepDays: 30 };
    Object.assign(draft, { polling: 'yes', ...rest });
    expect(draft.created).toMatchObject({
      polling: true,
      rollDirection: 'right',
      textureClass: 'felt',
      keep: { days: 30, rejectsToo: true },
    });
    draft.shifts = 'noon';
    expect(draft.created).toBeUndefined();
  });

  it('of an existing station changes nothing by itself, and never folder or class', () => {
    const station = aStation({
      polling: true,
      rollDirection: 'down',
      alarmAfter: 0,
      keep: { days: 7, pieces: null, rejectsToo: true, records: null },
    });
    const { name, recipe, shifts, alarmAfter, keep, polling, rollDirection } = station;
    expect(new StationDraft(station).changed).toEqual({
      name,
      recipe: recipe.id,
      shifts,
      alarmAfter,
      keep,
      polling,
      rollDirection,
    });
  });
});
