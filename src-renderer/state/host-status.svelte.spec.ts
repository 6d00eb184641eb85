import { expect, it } from 'vitest';
import type { Status } from '../../src-main/common/api/schemas.ts';
import type { Client } from '../api/connection.svelte.ts';
import { HostStatus } from './host-status.svelte.ts';
import { Notices } from './notices.svelte.ts';

function hostOf(statuses: Partial<Status>[], failure?: Error) {
  const notices = new Notices();
  async function* stream() {
    yield* statuses as Status[];
    if (failure) throw failure;
  }
  const client = { system: { watch: async () => stream() } } as unknown as Client;
  return { host: new HostStatus(client, notices), notices };
}

it('has the latest status, and shows each warning once even if it was dismissed', async () => {
  const warning = { warnings: ['No native module.'] };
  const { host, notices } = hostOf([
    { ...warning, engine: 'ready' },
    { ...warning, engine: 'busy' },
  ]);
  await host.watch();
  expect(host.current?.engine).toBe('busy');
  expect(notices.all.map(({ title }) => title)).toEqual(['No native module.']);
  notices.dismiss(notices.all[0].number);
  await host.watch();
  expect(notices.all).toEqual([]);
});

it('shows a notice when the stream fails', async () => {
  const { host, notices } = hostOf([], new Error('broken'));
  await host.watch();
  expect(notices.all).toHaveLength(1);
});
