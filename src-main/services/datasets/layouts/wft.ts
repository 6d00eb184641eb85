import type { Layout } from './layout.ts';
import { smallBorder } from './layout.ts';
import { classFolders, planClasses } from './mvtec.ts';
import { basename } from 'node:path';

/** Images of 512 pixels as published; smaller ones are not they. */
const FULL_SIZE = 400;

/** Woven Fabric Textures: two classes, `texture_1` and `texture_2`, each laid out as in MVTec AD. */
export const wft: Layout = {
  name: 'wft',
  async recognises(root) {
    const classes = await classFolders(root);
    return classes.length > 0 && classes.every((path) => /^texture_?\d+$/i.test(basename(path)));
  },
  plan: planClasses,
  border: (side) => (side >= FULL_SIZE ? 50 : smallBorder(side)),
};
