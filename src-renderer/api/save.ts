import type { Exported } from '../../src-main/api/evaluation.ts';

/** Hands a file to the person, as a download. */
export function save({ name, mediaType, content }: Exported): void {
  const address = URL.createObjectURL(new Blob([content], { type: mediaType }));
  const link = Object.assign(document.createElement('a'), { href: address, download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}
