import type { Layout as LayoutName } from '../../../api/datasets.ts';
import { aitex } from './aitex.ts';
import { dtdSynthetic } from './dtd-synthetic.ts';
import { folder } from './folder.ts';
import type { Folder } from './folder-listing.ts';
import type { Layout } from './layout.ts';
import { mvtec } from './mvtec.ts';
import { wft } from './wft.ts';

/** All layouts, those with the narrower shape first; the last one takes everything. */
const layouts: readonly Layout[] = [wft, dtdSynthetic, mvtec, aitex, folder];

export function layoutNamed(name: LayoutName): Layout {
  return layouts.find((layout) => layout.name === name) ?? folder;
}

/** The layout whose shape a folder has. */
export async function recognise(root: Folder): Promise<Layout> {
  for (const layout of layouts) if (await layout.recognises(root)) return layout;
  return folder;
}
