/** Bytes of maps kept in memory: some 1500 maps of 256 x 256. */
const CAPACITY_BYTES = 400 * 2 ** 20;

/** The latest maps by name; the least recently used go first when memory for them is full. */
export class MapCache {
  readonly #maps = new Map<string, Uint8Array<ArrayBuffer>>();
  #bytes = 0;

  set(name: string, map: Uint8Array<ArrayBuffer>): void {
    this.#maps.set(name, map);
    this.#bytes += map.byteLength;
    for (const [oldest, { byteLength }] of this.#maps) {
      if (this.#bytes <= CAPACITY_BYTES || oldest === name) return;
      this.#maps.delete(oldest);
      this.#bytes -= byteLength;
    }
  }

  get(name: string): Uint8Array<ArrayBuffer> | undefined {
    const map = this.#maps.get(name);
    if (map) {
      this.#maps.delete(name);
      this.#maps.set(name, map);
    }
    return map;
  }
}
