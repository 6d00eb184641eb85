import { once } from 'node:events';
import { PerchError } from '../../common/api/errors.ts';
import type { Services } from '../types.ts';

/** The procedures for stations, which watch folders. */
export function openStations(): Services['stations'] {
  const absent = () => {
    throw new PerchError('NOT_FOUND', 'There is no such station.');
  };
  return {
    list: () => ({ stations: [] }),
    create: absent,
    change: absent,
    remove: absent,
    start: absent,
    stop: absent,
    async *watch(_, signal) {
      yield { type: 'status', statuses: [] };
      await once(signal, 'abort');
    },
    pieces: absent,
    view: absent,
    shifts: absent,
    verdict: absent,
    acknowledgeAlarm: absent,
    chart: absent,
  };
}
