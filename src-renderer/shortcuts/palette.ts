import { counted } from '../format/numbers.ts';
import type { Workstation } from '../app/workstation.svelte.ts';
import { actions, isAvailableOn } from './actions.ts';

/** Something that the palette can bring about. */
export interface PaletteEntry {
  id: string;
  group: 'Actions' | 'Datasets' | 'Classes' | 'Methods' | 'Images';
  title: string;
  detail: string;
  keys?: string;
  run(): void;
}

/** Images that are listed at most: who sees more types on. */
const IMAGES = 30;

/** Everything whose title or detail has every word of the query; images only where something is asked for. */
export function paletteEntries(station: Workstation, query: string): PaletteEntry[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  const fits = (...texts: string[]) => {
    const text = texts.join(' ').toLowerCase();
    return words.every((word) => text.includes(word));
  };
  const groups = [actionEntries(station), datasetEntries(station), methodEntries(station)];
  const begins = ({ title }: PaletteEntry) => title.toLowerCase().startsWith(words[0] ?? '');
  return [
    // In each group, what begins with what was typed comes first.
    ...groups.flatMap((entries) =>
      entries
        .filter(({ title, detail }) => fits(title, detail))
        .sort((a, b) => Number(begins(b)) - Number(begins(a))),
    ),
    ...(words.length > 0 ? imageEntries(station, fits) : []),
  ];
}

function actionEntries(station: Workstation): PaletteEntry[] {
  return actions
    .filter((action) => action.keys.length > 0 && action.displayKeys?.length !== 0)
    .filter((action) => isAvailableOn(action, station.address.screen))
    .map((action) => ({
      id: `action ${action.group} ${action.title} ${action.keys.join(' ')}`,
      group: 'Actions',
      title: action.title,
      detail: action.group,
      keys: action.keys[0],
      run: () => action.run(station),
    }));
}

function datasetEntries({ catalogue }: Workstation): PaletteEntry[] {
  const datasets = catalogue.datasets.map(({ id, name, root }): PaletteEntry => ({
    id: `dataset ${id}`,
    group: 'Datasets',
    title: name,
    detail: root,
    run: () => catalogue.choose(id),
  }));
  const { dataset } = catalogue;
  const classes = (dataset?.classes ?? []).map(({ textureClass }): PaletteEntry => ({
    id: `class ${textureClass}`,
    group: 'Classes',
    title: textureClass,
    detail: `class of ${dataset?.name}`,
    run: () => catalogue.choose(dataset?.id, textureClass),
  }));
  return [...datasets, ...classes];
}

function methodEntries({ methods }: Workstation): PaletteEntry[] {
  const used = methods.used.map((method): PaletteEntry => ({
    id: `method ${method.id}`,
    group: 'Methods',
    title: method.label,
    detail: counted(method.results, 'result'),
    run: () => methods.choose(method),
  }));
  const presets = methods.presets
    .filter(({ missing }) => missing === undefined)
    .map((preset): PaletteEntry => ({
      id: `preset ${preset.name}`,
      group: 'Methods',
      title: preset.name,
      detail: `preset: ${preset.title}`,
      run: () => void methods.choosePreset(preset),
    }));
  return [...used, ...presets];
}

function imageEntries(station: Workstation, fits: (...texts: string[]) => boolean): PaletteEntry[] {
  const { catalogue, selection, address } = station;
  const entries: PaletteEntry[] = [];
  for (const image of catalogue.images) {
    if (entries.length === IMAGES) break;
    if (!fits(image.textureClass, '/', image.name)) continue;
    entries.push({
      id: `image ${image.id}`,
      group: 'Images',
      title: image.name,
      detail: image.textureClass,
      run: () => {
        selection.look(image);
        if (address.screen !== 'annotate') address.screen = 'inspect';
      },
    });
  }
  return entries;
}
