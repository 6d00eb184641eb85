import { basename } from 'node:path';
import { classFolders, planClasses } from './class-tree.ts';
import { type Layout, defaultIgnoreBorder } from './layout.ts';

const classNames = /^(blotchy|fibrous|marbled|matted|mesh|perforated|stratified|woven)_\d{3}$/i;

/** DTD-Synthetic: twelve classes named after textures of DTD (`Woven_001`, ...), each laid out as in MVTec AD. */
export const dtdSynthetic: Layout = {
  name: 'dtd-synthetic',
  async matches(root, reader) {
    const classes = await classFolders(root, reader);
    return classes.length > 0 && classes.every(({ name }) => classNames.test(basename(name)));
  },
  plan: planClasses,
  ignoreBorder: defaultIgnoreBorder,
};
