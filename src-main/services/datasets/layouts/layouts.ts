import type { Layout as LayoutName } from '../../../common/api/datasets.ts';
import type { FolderReader } from '../../library/folder-listing.ts';
import { aitex, aitexStrips } from './aitex.ts';
import { dtdSynthetic } from './dtd-synthetic.ts';
import { folder } from './folder.ts';
import { defectTypes } from './defect-types.ts';
import { kolektor, kolektor2 } from './kolektor.ts';
import type { Layout } from './layout.ts';
import { magneticTile } from './magnetic-tile.ts';
import { btad, mvtec, mvtecAd2, mvtecLoco } from './mvtec.ts';
import { visa } from './visa.ts';
import { wft } from './wft.ts';

/** All layouts, the more specific ones first. The last one matches every folder. */
const layouts: readonly Layout[] = [
  wft,
  dtdSynthetic,
  mvtecAd2,
  mvtecLoco,
  btad,
  kolektor2,
  mvtec,
  aitex,
  aitexStrips,
  visa,
  kolektor,
  magneticTile,
  defectTypes,
  folder,
];

export function layoutByName(name: LayoutName): Layout {
  return layouts.find((layout) => layout.name === name) ?? folder;
}

/** The layout of a folder. */
export async function detectLayout(root: string, reader: FolderReader): Promise<Layout> {
  for (const layout of layouts) if (await layout.matches(root, reader)) return layout;
  return folder;
}
