import { counted } from '../format/numbers.ts';
import type { Stores } from '../app/stores.ts';
import { actions, isAvailableOn } from './actions.ts';

/** An entry of the command palette. */
export interface PaletteEntry {
  id: string;
  group: 'Actions' | 'Datasets' | 'Classes' | 'Methods' | 'Recipes' | 'Stations' | 'Images';
  title: string;
  detail: string;
  keys?: string;
  run(): void;
}

const MAX_IMAGES = 30;

/** Entries whose title or detail contains every word of the query. Images are listed only for a non-empty query. */
export function paletteEntries(stores: Stores, query: string): PaletteEntry[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  const matches = (...texts: string[]) => {
    const text = texts.join(' ').toLowerCase();
    return words.every((word) => text.includes(word));
  };
  const groups = [
    actionEntries(stores),
    datasetEntries(stores),
    methodEntries(stores),
    recipeEntries(stores),
    stationEntries(stores),
  ];
  const startsWithQuery = ({ title }: PaletteEntry) => title.toLowerCase().startsWith(words[0] ?? '');
  return [
    // In each group, titles that start with the query come first.
    ...groups.flatMap((entries) =>
      entries
        .filter(({ title, detail }) => matches(title, detail))
        .sort((a, b) => Number(startsWithQuery(b)) - Number(startsWithQuery(a))),
    ),
    ...(words.length > 0 ? imageEntries(stores, matches) : []),
  ];
}

function actionEntries(stores: Stores): PaletteEntry[] {
  const { reviews, router } = stores;
  const screen = reviews.hidesScreen(router.screen) ? undefined : router.screen;
  return actions
    .filter((action) => action.keys.length > 0 && action.displayKeys?.length !== 0)
    .filter((action) => isAvailableOn(action, screen))
    .map((action) => ({
      id: `action ${action.group} ${action.title} ${action.keys.join(' ')}`,
      group: 'Actions',
      title: action.title,
      detail: action.group,
      keys: action.keys[0],
      run: () => action.run(stores),
    }));
}

function datasetEntries({ datasets }: Stores): PaletteEntry[] {
  const entries = datasets.all.map(({ id, name, root }): PaletteEntry => ({
    id: `dataset ${id}`,
    group: 'Datasets',
    title: name,
    detail: root,
    run: () => datasets.select(id),
  }));
  const { current } = datasets;
  const classes = (current?.classes ?? []).map(({ textureClass }): PaletteEntry => ({
    id: `class ${textureClass}`,
    group: 'Classes',
    title: textureClass,
    detail: `Class of ${current?.name}`,
    run: () => datasets.select(current?.id, textureClass),
  }));
  return [...entries, ...classes];
}

function methodEntries({ methods }: Stores): PaletteEntry[] {
  const used = methods.used.map((method): PaletteEntry => ({
    id: `method ${method.id}`,
    group: 'Methods',
    title: method.label,
    detail: counted(method.results, 'result'),
    run: () => methods.select(method),
  }));
  const presets = methods.presets
    .filter(({ missing }) => missing === undefined)
    .map((preset): PaletteEntry => ({
      id: `preset ${preset.name}`,
      group: 'Methods',
      title: preset.name,
      detail: `Preset: ${preset.title}`,
      run: () => void methods.selectPreset(preset),
    }));
  return [...used, ...presets];
}

/** Opens each class with the recipe that decides it. */
function recipeEntries({ datasets, recipes, router }: Stores): PaletteEntry[] {
  return recipes.all.flatMap(({ id, name, latest, uses }) =>
    uses.map(({ dataset, textureClass }): PaletteEntry => ({
      id: `recipe ${id} ${dataset} ${textureClass}`,
      group: 'Recipes',
      title: name,
      detail: `r${latest.revision} decides ${textureClass}`,
      run: () => {
        datasets.select(dataset, textureClass);
        router.screen = 'recipe';
      },
    })),
  );
}

function stationEntries({ router, stations }: Stores): PaletteEntry[] {
  return stations.all.map(({ id, name, folder }): PaletteEntry => ({
    id: `station ${id}`,
    group: 'Stations',
    title: name,
    detail: folder,
    run: () => {
      router.station = id;
      router.screen = 'station';
    },
  }));
}

function imageEntries(stores: Stores, matches: (...texts: string[]) => boolean): PaletteEntry[] {
  const { datasets, selection, router } = stores;
  const entries: PaletteEntry[] = [];
  // The dataset's order would reveal hidden images.
  for (const image of datasets.blinding ? selection.images : datasets.images) {
    if (entries.length === MAX_IMAGES) break;
    if (!matches(image.textureClass, '/', image.name)) continue;
    entries.push({
      id: `image ${image.id}`,
      group: 'Images',
      title: image.name,
      detail: image.textureClass,
      run: () => {
        selection.open(image);
        if (router.screen !== 'annotate') router.screen = 'inspect';
      },
    });
  }
  return entries;
}
