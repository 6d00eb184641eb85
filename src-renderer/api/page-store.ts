/** The id of the store whose data this page shows, which is the store of its first connection. */
let own: string | undefined;

/** Whether a store is this page's store. The first call decides. */
export function isPageStore(id: string): boolean {
  own ??= id;
  return id === own;
}

/** The id of the store that this page writes to; empty before the first connection. */
export function pageStoreId(): string {
  return own ?? '';
}
