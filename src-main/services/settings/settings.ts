import { Secrets } from '../../files/secrets.ts';
import { diagnoseQueue } from '../queue/diagnose-queue.ts';
import { QueueSource } from '../queue/queue-source.ts';
import { parseVisibleQueueUrl } from '../queue/queue-url.ts';
import { join } from 'node:path';
import { PerchError } from '../../common/api/errors.ts';
import type { ServiceOf } from '../../common/api/service.ts';
import { type Settings, settings as schema, type settingsProcedures } from '../../common/api/settings.ts';
import { DEFAULT_DERIVED_BYTES, setKeptBytes } from '../../files/derived-files/kept-bytes.ts';
import { PIXEL_FILES_FOLDER } from '../../files/large-image-folders.ts';
import type { Store } from '../../store/store.ts';

const GIGABYTE = 2 ** 30;

const STANDARD: Settings = {
  operator: '',
  theme: 'dark',
  provider: 'auto',
  autoAdvance: true,
  alarmSound: false,
  units: 'mm',
  gradingRule: 'four-point',
  decodedGigabytes: DEFAULT_DERIVED_BYTES / GIGABYTE,
  queue: '',
  queueAddress: '',
};

/** User settings, and the thresholds of classes. */
export function openSettings(
  store: Store,
  queue = new QueueSource(store.settings, new Secrets(store.home)),
): ServiceOf<typeof settingsProcedures> {
  const get = async (): Promise<Settings> => ({ ...STANDARD, ...understood(store.settings.all()) });
  return {
    get,
    async change(changes) {
      if (changes.queue) parseVisibleQueueUrl(changes.queue);
      const { decodedGigabytes } = changes;
      // The engine reads it there.
      if (decodedGigabytes !== undefined)
        await setKeptBytes(join(store.home, PIXEL_FILES_FOLDER), decodedGigabytes * GIGABYTE);
      store.settings.set(changes);
      return get();
    },
    queue: async () => queue.state,
    async setQueuePassword({ password }) {
      queue.setPassword(password);
      const subject = { type: 'setting', id: 'queuePassword', name: 'queuePassword' } as const;
      store.audit.add(subject, password === null ? 'removed' : 'changed');
      return queue.state;
    },
    checkQueue: () => diagnoseQueue(queue),
    thresholds: async ({ dataset, method }) => ({
      thresholds: store.thresholds.listByMethod(dataset, method),
    }),
    async setThreshold({ dataset, method, textureClass, score }) {
      const { name } = store.datasets.get(dataset);
      store.methods.get(method);
      // Another window may have imported the dataset again, without the class.
      if (!store.datasets.countClasses(dataset).some((known) => known.textureClass === textureClass))
        throw new PerchError(
          'NOT_FOUND',
          `The class is no longer in the dataset "${name}". Choose another class.`,
        );
      store.thresholds.set(dataset, method, textureClass, score);
    },
  };
}

/** Settings that this version supports. Another version may have written others. */
function understood(stored: Record<string, unknown>): Partial<Settings> {
  const parsed = Object.entries(schema.shape).map(
    ([name, value]) => [name, value.safeParse(stored[name])] as const,
  );
  return Object.fromEntries(parsed.flatMap(([name, { data }]) => (data === undefined ? [] : [[name, data]])));
}
