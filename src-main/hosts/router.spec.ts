import { createRouterClient } from '@orpc/server';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Status } from '../common/api/schemas.ts';
import { createRouter } from './router.ts';
import type { HostCapabilities } from './router.ts';
import { fakeServices, someMethod } from './test/fake-services.ts';

function clientOf(host: HostCapabilities = { kind: 'browser' }) {
  const { services, seen } = fakeServices();
  return { client: createRouterClient(createRouter(services, host)), seen };
}

beforeEach(() => void vi.spyOn(console, 'error').mockReturnValue());
afterEach(() => void vi.restoreAllMocks());

/** The error of a call, as the page receives it. */
async function failureOf(call: Promise<unknown>) {
  return await call.then(
    () => undefined,
    (error: { code: string; status: number; data: unknown }) => error,
  );
}

describe('a call', () => {
  it('that a service rejects fails with its report', async () => {
    const { client } = clientOf();
    const events = await client.datasets.import({ paths: ['broken'] });
    expect(await failureOf(events.next())).toMatchObject({
      code: 'MODEL_UNUSABLE',
      status: 503,
      data: { code: 'MODEL_UNUSABLE', message: 'The model is damaged.' },
    });
    expect(console.error).not.toHaveBeenCalled();
  });

  it.each([
    ['no paths', { paths: [] }, /paths/],
    ['paths of the wrong type', { paths: [7] }, /paths\.0/],
    ['nothing', undefined, /expected object/],
  ])('with %s fails with a sentence that names the field', async (_, input, fault) => {
    const { client, seen } = clientOf();
    const failure = await failureOf(client.datasets.preview(input as never));
    expect(failure).toMatchObject({
      code: 'INVALID_ARGUMENT',
      status: 400,
      data: { code: 'INVALID_ARGUMENT', message: expect.stringMatching(fault) },
    });
    expect(seen.opened).toEqual([]);
  });

  it('with an even patch size fails', async () => {
    const { client } = clientOf();
    const method = { ...someMethod, patchSize: 8 };
    const failure = await failureOf(client.methods.store({ definition: method }));
    expect(failure?.data).toMatchObject({ message: expect.stringContaining('must be odd') });
  });

  it('that fails unexpectedly logs the error and hides the details from the page', async () => {
    const { client } = clientOf();
    const failure = await failureOf(client.datasets.remove({ dataset: 1 }));
    expect(failure).toMatchObject({ code: 'INTERNAL', status: 500, data: { code: 'INTERNAL' } });
    expect(JSON.stringify(failure)).not.toContain('secret');
    expect(console.error).toHaveBeenCalledWith(expect.stringContaining('Error: secret internals\n'));
  });

  it('that fails unexpectedly while streaming does the same', async () => {
    const { client } = clientOf();
    const events = await client.datasets.import({ paths: ['bug'] });
    const failure = await failureOf(events.next());
    expect(failure?.code).toBe('INTERNAL');
    expect(JSON.stringify(failure)).not.toContain('secret');
  });

  it('whose signal aborts ends its stream and the import', async () => {
    const { client, seen } = clientOf();
    const stop = new AbortController();
    const events = await client.datasets.import({ paths: ['one'] }, { signal: stop.signal });
    await events.next();
    const next = events.next();
    stop.abort();
    expect(await next).toMatchObject({ done: true });
    expect(seen).toMatchObject({ running: 0, canceled: 1 });
  });
});

describe('choosing files', () => {
  it("shows the host's dialogs", async () => {
    const choose = vi.fn(async () => ['/images']);
    const { client } = clientOf({ kind: 'desktop', choose });
    expect(await client.datasets.choose({ kind: 'folder' })).toEqual({ paths: ['/images'] });
    expect(choose).toHaveBeenCalledWith('folder');
    const { value } = await (await client.system.watch()).next();
    expect((value as Status).host).toEqual({ kind: 'desktop', dialogs: true });
  });

  it('fails without dialogs, and suggests dropping the files', async () => {
    const failure = await failureOf(clientOf().client.datasets.choose({ kind: 'files' }));
    expect(failure?.data).toMatchObject({ message: expect.stringContaining('Drop the files') });
  });
});

describe('a certificate as PDF', () => {
  const input = { image: 7, format: 'pdf' as const };

  it('is its HTML page, printed by a host that can', async () => {
    const printed: string[] = [];
    const { client } = clientOf({
      kind: 'desktop',
      async printPdf(html) {
        printed.push(html);
        return new TextEncoder().encode('%PDF');
      },
    });
    expect(await client.rolls.certificate(input)).toEqual({
      name: 'a.pdf',
      mediaType: 'application/pdf',
      content: Buffer.from('%PDF').toString('base64'),
    });
    expect(printed).toEqual(['html']);
    expect(await client.rolls.certificate({ ...input, format: 'html' })).toMatchObject({ name: 'a.html' });
  });

  it('is left to the service by other hosts, which refuses it', async () => {
    expect(await clientOf().client.rolls.certificate(input)).toMatchObject({ content: 'pdf' });
  });
});
