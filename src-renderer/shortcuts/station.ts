import type { Stores } from '../app/stores.ts';
import { verdicts, verdictSigns } from '../format/verdict-labels.ts';
import { defineGroup, type Action } from './action.ts';

const SKIP = 10;

/** Actions on the Station screen. Arrow keys choose pieces there, not images. */
export const station: Action[] = defineGroup(
  'Station',
  [
    ...verdicts.map((each) => ({
      title: `${verdictSigns[each].name} the piece`,
      keys: [verdictSigns[each].letter.toLowerCase()],
      run: ({ openStation }: Stores) => void openStation.setVerdict(each),
    })),
    { title: 'Acknowledge the alarm', keys: ['q'], run: ({ stations }) => void stations.acknowledge() },
    {
      title: 'Hold the piece, or follow the newest',
      keys: ['p'],
      run: ({ openStation }) => openStation.toggleHold(),
    },
    { title: 'Previous piece', keys: ['ArrowLeft'], run: ({ openStation }) => void openStation.step(-1) },
    { title: 'Next piece', keys: ['ArrowRight'], run: ({ openStation }) => void openStation.step(1) },
    { title: 'Back 10 pieces', keys: ['PageUp'], run: ({ openStation }) => void openStation.step(-SKIP) },
    { title: 'Forward 10 pieces', keys: ['PageDown'], run: ({ openStation }) => void openStation.step(SKIP) },
    { title: 'Newest piece', keys: ['End'], run: ({ openStation }) => openStation.follow() },
    {
      title: 'Open the piece in Inspect',
      keys: ['i'],
      run: ({ openStation, stations, datasets, methods, router, selection }) => {
        const { current: station } = stations;
        const { image, result } = openStation.drawn.current?.view ?? {};
        if (!station || !image) return;
        datasets.select(station.dataset, station.textureClass);
        if (result) methods.selectedId = result.method;
        selection.requestedId = image.id;
        router.screen = 'inspect';
      },
    },
    {
      title: 'Start or stop the station',
      keys: ['w'],
      run: ({ stations }) => void (stations.current && stations.toggle(stations.current)),
    },
    { title: 'Create station', keys: ['n'], run: ({ stations }) => stations.openDialog('create') },
    { title: 'Change station', keys: ['e'], run: ({ stations }) => stations.openDialog('change') },
    { title: 'Outputs of the station', keys: ['o'], run: ({ stations }) => stations.openDialog('outputs') },
    {
      title: 'Roll so far',
      keys: ['l'],
      run: ({ rollSoFar, stations }) => rollSoFar.found && stations.openDialog('roll'),
    },
    { title: 'Earlier shifts', keys: ['t'], run: ({ stations }) => stations.openDialog('shifts') },
  ],
  ['station'],
);
