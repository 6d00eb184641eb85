import { expect, it } from 'vitest';
import { ViewerState } from '../../viewer/viewer-state.svelte.ts';
import type { ActiveImage } from './active-image.svelte.ts';
import { PaneLayers } from './pane-layers.svelte.ts';

const [picture, heatmap, contour, truthContour] = ['picture', 'heatmap', 'contour', 'truth'].map((name) => ({
  name,
}));
const namesOf = (layers: readonly object[]) =>
  layers.map((layer) => {
    const { bitmap, path } = layer as { bitmap?: { name: string }; path?: { name: string } };
    return (bitmap ?? path)?.name;
  });

function createLayers() {
  const viewer = new ViewerState();
  const activeImage = { picture, isDrawn: true, heatmap, outline: { contour }, truthContour };
  return { viewer, layers: new PaneLayers(activeImage as unknown as ActiveImage, viewer) };
}

it('has the layers of each kind of pane, from bottom to top', () => {
  const { layers } = createLayers();
  expect(namesOf(layers.pane('input').layers)).toEqual(['picture']);
  expect(namesOf(layers.pane('truth').layers)).toEqual(['picture', 'truth']);
  expect(namesOf(layers.pane('heatmap').layers)).toEqual(['heatmap']);
  expect(namesOf(layers.pane('overlay').layers)).toEqual(['picture', 'truth', 'contour']);
});

it('follows the settings of the overlay', () => {
  const { viewer, layers } = createLayers();
  viewer.heatmapOnOverlay = true;
  viewer.groundTruth = false;
  viewer.contour = false;
  expect(namesOf(layers.pane('overlay').layers)).toEqual(['picture', 'heatmap']);
});

it('shows one kind of pane on each side of the divider', () => {
  const { layers } = createLayers();
  const { layers: left, rightLayers: right } = layers.swiped(['input', 'heatmap']) as {
    layers: object[];
    rightLayers?: object[];
  };
  expect(namesOf(left)).toEqual(['picture']);
  expect(right && namesOf(right)).toEqual(['heatmap']);
});
