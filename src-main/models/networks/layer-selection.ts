import type { LayerSelection } from './network.ts';

/** @throws RangeError if layers are selected in a network that has no choice of them */
export function refuseLayers(name: string, { layers, combine }: LayerSelection = {}): void {
  if (layers ?? combine) throw new RangeError(`${name} has no choice of layers`);
}
