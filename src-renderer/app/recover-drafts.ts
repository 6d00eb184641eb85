import type { DatasetImage } from '../../src-main/common/api/datasets.ts';
import type { Draft } from '../annotation/drafts.ts';
import type { Client } from '../api/connection.svelte.ts';
import { toErrorReport } from '../api/failures.ts';
import type { Stores } from './stores.ts';

/** Restores the masks that an earlier page could not save. */
export async function recoverDrafts({ annotation, connection, notices }: Stores): Promise<void> {
  try {
    const { restored, gone } = await annotation.recoverDrafts((draft) => imageOf(connection.client, draft));
    if (restored.length > 0)
      notices.show(
        'info',
        'Unsaved masks were restored',
        restored.map((subject) => ({ subject, reason: '' })),
      );
    if (gone.length > 0)
      notices.show(
        'error',
        'Unsaved masks were discarded',
        gone.map((subject) => ({ subject, reason: 'The image is no longer in the library.' })),
      );
  } catch (thrown) {
    notices.showError('Could not restore unsaved masks', toErrorReport(thrown));
  }
}

/** A draft's image; undefined if another image has taken its place. */
async function imageOf(client: Client, { dataset, image }: Draft): Promise<DatasetImage | undefined> {
  const { datasets } = await client.datasets.list();
  if (!datasets.some(({ id }) => id === dataset)) return undefined;
  const { images } = await client.datasets.images({ dataset });
  return images.find(
    ({ id, name, thumbnail, width, height }) =>
      id === image.id &&
      name === image.name &&
      thumbnail === image.thumbnail &&
      width === image.width &&
      height === image.height,
  );
}
