import { describe, expect, it } from 'vitest';
import { type Model, modelFile } from '../../../src-main/common/api/models.ts';
import { ModelDraft } from './model-draft.svelte.ts';

const vits = { name: 'dinov2_vits14', title: 'DINOv2 ViT-S/14', architecture: 'dinov2' } as Model;
const ARCHITECTURES = [
  {
    name: 'dinov2',
    layers: { example: '5, 8, 11', combinations: ['concat' as const, 'mean' as const] },
  },
  { name: 'vgg19', layers: null },
];

function draftOf(fields: Partial<Pick<ModelDraft, keyof ModelDraft>>): ModelDraft {
  const draft = new ModelDraft(
    () => [vits],
    () => ARCHITECTURES,
  );
  return Object.assign(draft, fields);
}

describe('the fields of a model file', () => {
  it('depend on what the file is', () => {
    expect(draftOf({}).kind).toBeUndefined();
    expect(draftOf({ from: ' /m/vits.PTH ' }).kind).toBe('checkpoint');
    expect(draftOf({ from: '/m/net.ONNX ', graphKind: 'map' }).kind).toBe('map');
  });

  it('of a published checkpoint need no network', () => {
    const draft = draftOf({ name: 'dinov2_vits14', from: 'a.pth', network: 'vgg19' });
    expect(draft.architecture?.name).toBe('dinov2');
    expect(draft.file).toEqual({ kind: 'checkpoint', name: 'dinov2_vits14', from: 'a.pth' });
  });

  it('of a checkpoint are its network, its layers and how they are combined', () => {
    const draft = draftOf({ name: 'mine', from: 'a.pth', network: 'dinov2', combine: 'mean', layers: '5' });
    expect(draft.combinations).toEqual([]);
    expect(draft.file).toMatchObject({ network: 'dinov2', layers: ['5'] });
    expect(draft.file).not.toHaveProperty('combine');
    draft.layers = '5, 8,11,';
    expect(draft.combinations).toEqual(['concat', 'mean']);
    expect(draft.file).toMatchObject({ layers: ['5', '8', '11'], combine: 'mean' });
    draft.network = 'vgg19';
    expect(draft.file).toEqual({ kind: 'checkpoint', name: 'mine', from: 'a.pth', network: 'vgg19' });
  });

  it('of a graph depend on its output', () => {
    const fields = {
      name: 'net',
      from: 'a.onnx',
      layer: ' tokens ',
      mean: '0.5, 0.5,.5',
      std: '1,1,1',
      range: '255' as const,
      channelsLast: true,
      leading: '5',
      grid: '30 x 40',
      size: '518',
      mapOutput: 'm',
      scoreOutput: 's',
      license: 'MIT',
    };
    const input = { mean: [0.5, 0.5, 0.5], std: [1, 1, 1], range: 255, channelsLast: true };
    const file = { name: 'net', from: 'a.onnx', ...input };
    expect(draftOf(fields).file).toEqual({ kind: 'features', ...file, layer: 'tokens' });
    expect(draftOf({ ...fields, graphKind: 'tokens' }).file).toEqual({
      kind: 'tokens',
      ...file,
      layer: 'tokens',
      leading: 5,
      grid: { height: 30, width: 40 },
      size: { height: 518, width: 518 },
    });
    expect(draftOf({ ...fields, graphKind: 'map' }).file).toEqual({
      kind: 'map',
      ...file,
      mapOutput: 'm',
      scoreOutput: 's',
      license: 'MIT',
      size: { height: 518, width: 518 },
    });
  });

  it('are left to the host where they are empty, and are valid', () => {
    for (const graphKind of ['features', 'tokens', 'map'] as const) {
      const { file } = draftOf({ name: 'net', from: 'a.onnx', graphKind });
      expect(modelFile.parse(file)).toEqual({ kind: graphKind, name: 'net', from: 'a.onnx' });
    }
  });
});
