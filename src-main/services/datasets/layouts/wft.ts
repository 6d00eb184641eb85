import { basename } from 'node:path';
import { classFolders, planClasses } from './class-tree.ts';
import { type Layout, defaultIgnoreBorder } from './layout.ts';

/** The published images have 512 pixels; smaller images belong to another dataset. */
const FULL_SIZE = 400;

/** Woven Fabric Textures: two classes, `texture_1` and `texture_2`, each in the layout of MVTec AD. */
export const wft: Layout = {
  name: 'wft',
  async matches(root, reader) {
    const classes = await classFolders(root, reader);
    return classes.length > 0 && classes.every(({ name }) => /^texture_?\d+$/i.test(basename(name)));
  },
  plan: planClasses,
  ignoreBorder: (side) => (side >= FULL_SIZE ? 50 : defaultIgnoreBorder(side)),
};
