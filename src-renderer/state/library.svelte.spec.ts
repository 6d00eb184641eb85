import { beforeEach, describe, expect, it } from 'vitest';
import { idsOf } from './ids.ts';
import { Library } from './library.svelte.ts';

const image = (id: string, textureClass: string) => ({
  id,
  name: `${id}.png`,
  textureClass,
  path: `/${id}.png`,
});
const names = (library: Library) => library.images.map(({ image: { id } }) => id);

describe('the library', () => {
  let library: Library;
  beforeEach(() => {
    library = new Library();
    library.add([image('a', 'linen'), image('b', 'felt'), image('c', 'linen')]);
  });

  it('shows images class by class and looks at the first', () => {
    expect(names(library)).toEqual(['a', 'c', 'b']);
    expect(library.selected?.image.id).toBe('a');
    expect(library.selectedClass?.name).toBe('linen');
  });

  it('opens nothing twice, and keeps class thresholds when images come', () => {
    const linen = library.classes[0];
    linen.chosen = 3;
    library.add([image('a', 'linen'), image('d', 'linen')]);
    expect(names(library)).toEqual(['a', 'c', 'd', 'b']);
    expect(library.classes[0].chosen).toBe(3);
  });

  it('stays inside its ends', () => {
    library.select(-5);
    expect(library.index).toBe(0);
    library.select(99);
    expect(library.index).toBe(2);
  });

  it('looks at a neighbour when what was looked at is closed', () => {
    library.select(1);
    library.keepOnly(idsOf([image('a', ''), image('b', '')]));
    expect(names(library)).toEqual(['a', 'b']);
    expect(library.selected?.image.id).toBe('b');
    library.keepOnly(idsOf([]));
    expect(library.selected).toBeUndefined();
  });

  it('knows the nearest neighbours first', () => {
    library.select(1);
    expect(library.neighbours(2).map(({ image: { id } }) => id)).toEqual(['b', 'a']);
  });
});
