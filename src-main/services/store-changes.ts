import { EventEmitter, once } from 'node:events';
import type { StoreTopic } from '../common/api/schemas.ts';
import type { Store } from '../store/store.ts';

/** Interval of checks for writes. */
const LOOK_MS = 1000;

/** A version string per topic, which changes with the topic's rows. */
const FINGERPRINTS: Record<StoreTopic, string> = {
  audit: 'SELECT max(id) FROM audit_entries',
  methods: 'SELECT json_array(count(*), max(id)) FROM methods',
  outputs: `SELECT json_group_array(json_array(id, target, secret_at, enabled, pending > 0, refused, dropped, error_at))
      FROM outputs`,
  recipes: `SELECT json_array(
      (SELECT json_group_array(json_array(id, name, locked_at)) FROM recipes),
      (SELECT json_array(count(*), max(created_at)) FROM recipe_revisions),
      (SELECT json_group_array(json_array(dataset_id, texture_class, recipe_id)) FROM class_recipes),
      (SELECT json_group_array(json_array(dataset_id, texture_class, sha256)) FROM class_regions),
      (SELECT json_array(count(*), total(image_id), max(created_at)) FROM calibration_marks))`,
  rolls: `SELECT json_array(
      (SELECT json_group_array(json_array(image_id, article, lot, direction, mm_across, mm_along)) FROM rolls),
      (SELECT json_array(count(*), max(id)) FROM roll_assessments))`,
  scales: `SELECT json_group_array(json_array(dataset_id, texture_class, mm_across, mm_along, source)) FROM class_scales`,
  sessions: `SELECT json_array(
      (SELECT json_group_array(json_array(id, name, ended_at, blind, heatmap_hidden)) FROM sessions),
      (SELECT json_array(max(id), sum(revoked)) FROM verdicts))`,
  settings: 'SELECT json_group_array(json_array(name, value)) FROM settings',
  stations: `SELECT json_group_array(json_array(id, name, folder, recipe_id, watched, lease_owner, polling, roll_direction, shifts,
    alarm_after, keep))
    FROM stations`,
  thresholds:
    'SELECT json_group_array(json_array(dataset_id, method_id, texture_class, score)) FROM thresholds',
};

/**
 * Changes of the store by any process or window, including the listening one.
 * Datasets and runs have their own event streams.
 */
export class StoreChanges {
  readonly #store: Store;
  readonly #emitter = new EventEmitter<{ changed: [StoreTopic[]] }>().setMaxListeners(0);
  readonly #fingerprints: [StoreTopic, () => string][];
  readonly #looking: NodeJS.Timeout;
  #version: string;
  #seen: ReadonlyMap<StoreTopic, string>;

  constructor(store: Store) {
    this.#store = store;
    this.#fingerprints = Object.entries(FINGERPRINTS).map(([topic, query]) => {
      const statement = store.database.prepare<[], string>(query).pluck();
      return [topic as StoreTopic, () => statement.get() ?? ''];
    });
    this.#version = store.writes();
    this.#seen = this.#now();
    this.#looking = setInterval(() => this.#look(), LOOK_MS).unref();
  }

  /** The topics that changed since the last event, until aborted. */
  async *watch(signal: AbortSignal): AsyncGenerator<{ topics: StoreTopic[] }, void, void> {
    let next = this.#next(signal);
    for (;;) {
      const topics = await next;
      if (!topics || signal.aborted) return;
      // Subscribes before the yield, so that no change is missed.
      next = this.#next(signal);
      yield { topics };
    }
  }

  async #next(signal: AbortSignal): Promise<StoreTopic[] | undefined> {
    const [topics] = await once(this.#emitter, 'changed', { signal }).catch(() => [undefined]);
    return topics as StoreTopic[] | undefined;
  }

  #now(): ReadonlyMap<StoreTopic, string> {
    return new Map(this.#fingerprints.map(([topic, fingerprint]) => [topic, fingerprint()]));
  }

  #look(): void {
    if (!this.#store.isOpen) return clearInterval(this.#looking);
    const version = this.#store.writes();
    if (version === this.#version) return;
    this.#version = version;
    const before = this.#seen;
    this.#seen = this.#now();
    const topics = [...this.#seen].filter(([topic, text]) => before.get(topic) !== text);
    if (topics.length > 0)
      this.#emitter.emit(
        'changed',
        topics.map(([topic]) => topic),
      );
  }
}
