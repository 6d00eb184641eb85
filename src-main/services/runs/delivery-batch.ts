import type { ClaimedItem } from '../../store/run-items.ts';
import type { Delivery } from '../queue/dispatcher.ts';

/** Results of workers that arrive within this time enter the store in one transaction. */
const BATCH_MS = 5;

/** A worker's delivery for an item. */
export interface Delivered {
  item: ClaimedItem;
  outcome: Delivery['outcome'];
}

/** Collects the results of workers that arrive together. */
export class DeliveryBatch {
  readonly #keep: (batch: readonly Delivered[]) => void;
  #batch: (Delivered & { stored(): void; settle(): void; fail(reason: unknown): void })[] = [];

  /** @param keep stores all of them or none */
  constructor(keep: (batch: readonly Delivered[]) => void) {
    this.#keep = keep;
  }

  /** Returns once the result is stored. @throws as `keep` does */
  add(item: ClaimedItem, { outcome, stored }: Delivery): Promise<void> {
    return new Promise((settle, fail) => {
      if (this.#batch.length === 0) setTimeout(() => this.#flush(), BATCH_MS);
      this.#batch.push({ item, outcome, stored, settle, fail });
    });
  }

  #flush(): void {
    const batch = this.#batch;
    this.#batch = [];
    try {
      this.#keep(batch);
    } catch (thrown) {
      for (const { fail } of batch) fail(thrown);
      return;
    }
    for (const { stored, settle } of batch) {
      stored();
      settle();
    }
  }
}
