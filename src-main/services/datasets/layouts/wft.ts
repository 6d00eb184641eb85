import { basename } from 'node:path';
import { classFolders, planClasses } from './class-tree.ts';
import { type Layout, defaultIgnoreBorder } from './layout.ts';

/** Images of 512 pixels as published; smaller ones are not they. */
const FULL_SIZE = 400;

/** Woven Fabric Textures: two classes, `texture_1` and `texture_2`, each laid out as in MVTec AD. */
export const wft: Layout = {
  name: 'wft',
  async matches(root, reader) {
    const classes = await classFolders(root, reader);
    return classes.length > 0 && classes.every(({ name }) => /^texture_?\d+$/i.test(basename(name)));
  },
  plan: planClasses,
  ignoreBorder: (side) => (side >= FULL_SIZE ? 50 : defaultIgnoreBorder(side)),
};
