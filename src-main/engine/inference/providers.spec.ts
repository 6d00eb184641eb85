import { describe, expect, it } from 'vitest';
import type { Provider } from '../../common/api/schemas.ts';
import { ProviderSelector } from './providers.ts';

interface Machine {
  supported?: Provider[];
  installed?: Provider[];
  /** Providers that fail when they are loaded, with the reason. */
  broken?: Partial<Record<Provider, string>>;
}

/** A selector on a machine with the given providers, and the probes that it ran. */
function selectorOn({ supported = [], installed = supported, broken = {} }: Machine) {
  const probed: Provider[] = [];
  const selector = new ProviderSelector({
    supports: (provider) => supported.includes(provider),
    isInstalled: (provider) => installed.includes(provider),
    probe: async (provider) => {
      probed.push(provider);
      return broken[provider];
    },
  });
  return { selector, probed };
}

describe('the automatic choice', () => {
  it.each([
    ['CUDA before DirectML', { supported: ['cuda', 'directml', 'cpu'] }, 'cuda'],
    ['DirectML if CUDA is not installed', { supported: ['directml', 'cpu'] }, 'directml'],
    [
      'the next provider if the best one is broken',
      { supported: ['cuda', 'directml', 'cpu'], broken: { cuda: 'no driver' } },
      'directml',
    ],
    [
      'the CPU if every GPU provider is broken',
      { supported: ['cuda', 'directml', 'cpu'], broken: { cuda: 'no driver', directml: 'no adapter' } },
      'cpu',
    ],
    ['the CPU rather than Core ML or WebGPU', { supported: ['coreml', 'webgpu', 'cpu'] }, 'cpu'],
    ['the CPU if there is no other provider', { supported: ['cpu'] }, 'cpu'],
  ] as [string, Machine, Provider][])('is %s', async (_, machine, provider) => {
    expect(await selectorOn(machine).selector.select('auto')).toEqual({ provider, skipped: [] });
  });

  it('does not start a probe for a provider that is not installed', async () => {
    const { selector, probed } = selectorOn({ supported: ['cuda', 'cpu'], installed: ['cpu'] });
    await selector.select('auto');
    expect(probed).toEqual([]);
  });
});

describe('an explicit choice', () => {
  it('is used if it works', async () => {
    const { selector } = selectorOn({ supported: ['webgpu'] });
    expect(await selector.select('webgpu')).toEqual({ provider: 'webgpu', skipped: [] });
  });

  it('falls back to the CPU with the reason of the failure', async () => {
    const { selector } = selectorOn({ supported: ['cuda'], broken: { cuda: 'libcudnn.so.9 is missing' } });
    expect(await selector.select('cuda')).toEqual({
      provider: 'cpu',
      skipped: [{ provider: 'cuda', usable: false, reason: 'libcudnn.so.9 is missing' }],
    });
  });

  it('falls back to the CPU if this build of ONNX Runtime lacks the provider', async () => {
    const { provider, skipped } = await selectorOn({ supported: [] }).selector.select('coreml');
    expect(provider).toBe('cpu');
    expect(skipped[0].reason).toMatch(/^ONNX Runtime has no coreml provider for/);
  });

  it('falls back to the CPU if the library is not installed, without a probe', async () => {
    const { selector, probed } = selectorOn({ supported: ['cuda'], installed: [] });
    const { provider, skipped } = await selector.select('cuda');
    expect(provider).toBe('cpu');
    expect(skipped[0].reason).toMatch(/^Its library is not installed\./);
    expect(probed).toEqual([]);
  });

  it('of the CPU always works, without a probe', async () => {
    const { selector, probed } = selectorOn({});
    expect(await selector.select('cpu')).toEqual({ provider: 'cpu', skipped: [] });
    expect(probed).toEqual([]);
  });
});

it('probes a provider once, also for concurrent requests', async () => {
  const { selector, probed } = selectorOn({ supported: ['cuda'], broken: { cuda: 'no driver' } });
  await Promise.all([selector.select('auto'), selector.select('cuda'), selector.probe('cuda')]);
  await selector.select('auto');
  expect(probed).toEqual(['cuda']);
});

it('reports a provider that ONNX Runtime cannot load on this machine, instead of crashing', async () => {
  const reports = await Promise.all(
    (['cuda', 'directml', 'coreml', 'cpu'] as const).map((provider) =>
      new ProviderSelector().probe(provider),
    ),
  );
  expect(reports.at(-1)).toEqual({ provider: 'cpu', usable: true });
  for (const { usable, reason } of reports) expect(usable || (reason ?? '').length > 10).toBe(true);
});
