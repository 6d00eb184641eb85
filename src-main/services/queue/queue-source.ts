import type { QueueState } from '../../common/api/settings.ts';
import type { Secrets } from '../../files/secrets.ts';
import type { SettingTable } from '../../store/settings.ts';
import { parseQueueUrl, parseVisibleQueueUrl, QUEUE_VARIABLE, withoutPassword } from './queue-url.ts';

/** Name of the password in the secrets of the data directory. */
const SECRET = 'queue';

/** A queue to connect to. */
export interface QueueTarget {
  /** With the password, if it is not in PostgreSQL's own variables and files. */
  url: string;
  /** The address at which workers reach this machine; empty for the one that the database sees. */
  address: string;
}

/** Where this process's queue comes from: an option, else the environment, else the settings. */
export class QueueSource {
  readonly #settings: SettingTable;
  readonly #secrets: Secrets;
  readonly #environment: NodeJS.ProcessEnv;
  #option: QueueTarget | undefined;

  constructor(settings: SettingTable, secrets: Secrets, environment = process.env) {
    this.#settings = settings;
    this.#secrets = secrets;
    this.#environment = environment;
  }

  /** Uses a queue that the user named for this process. @throws PerchError `INVALID_ARGUMENT` */
  use({ url, address }: Partial<QueueTarget>): void {
    if (url !== undefined) parseVisibleQueueUrl(url);
    const target = this.#inEnvironment(address ?? '');
    this.#option = url === undefined ? target : { url, address: address ?? '' };
  }

  /** The queue; undefined if none is set. @throws PerchError `INVALID_ARGUMENT` if its URL is invalid */
  get target(): QueueTarget | undefined {
    const { queue, queueAddress } = this.#settings.all();
    const address = typeof queueAddress === 'string' ? queueAddress : '';
    const fixed = this.#option ?? this.#inEnvironment(address);
    if (fixed) return fixed;
    if (typeof queue !== 'string' || queue === '') return undefined;
    const url = parseVisibleQueueUrl(queue);
    url.password = encodeURIComponent(this.#secrets.get(SECRET) ?? '');
    return { url: url.href, address };
  }

  get state(): QueueState {
    const { queue } = this.#settings.all();
    const fixed = this.#option ?? this.#inEnvironment('');
    const url = fixed?.url ?? (typeof queue === 'string' && queue !== '' ? queue : undefined);
    return {
      url: url === undefined ? null : withoutPassword(url),
      fixed: fixed !== undefined,
      hasPassword: this.#secrets.has(SECRET),
    };
  }

  /** @param password null removes it */
  setPassword(password: string | null): void {
    this.#secrets.set(SECRET, password === '' ? null : password);
  }

  #inEnvironment(address: string): QueueTarget | undefined {
    const url = this.#environment[QUEUE_VARIABLE];
    return url ? { url: parseQueueUrl(url).href, address } : undefined;
  }
}
