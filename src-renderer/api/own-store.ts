/** The store that the ids in this page are of: that of its first connection. */
let own: string | undefined;

/** Whether a store is that of the page; the first one is. */
export function isPageStore(id: string): boolean {
  own ??= id;
  return id === own;
}

/** The id of the store that the page writes to; empty before the first connection. */
export function pageStoreId(): string {
  return own ?? '';
}
