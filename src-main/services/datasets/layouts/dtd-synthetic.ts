import { basename } from 'node:path';
import type { Layout } from './layout.ts';
import { smallBorder } from './layout.ts';
import { classFolders, planClasses } from './mvtec.ts';

const classNames = /^(blotchy|fibrous|marbled|matted|mesh|perforated|stratified|woven)_\d{3}$/i;

/** DTD-Synthetic: twelve classes named after textures of DTD (`Woven_001`, ...), each laid out as in MVTec AD. */
export const dtdSynthetic: Layout = {
  name: 'dtd-synthetic',
  async recognises(root) {
    const classes = await classFolders(root);
    return classes.length > 0 && classes.every((path) => classNames.test(basename(path)));
  },
  plan: planClasses,
  border: smallBorder,
};
