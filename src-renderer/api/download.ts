import type { ExportedFile } from '../../src-main/common/api/evaluation.ts';

type Saved = Omit<ExportedFile, 'content'> & { content: BlobPart };

/** Starts a download of generated content. */
export function downloadFile({ name, mediaType, content }: Saved): void {
  const address = URL.createObjectURL(new Blob([content], { type: mediaType }));
  const link = Object.assign(document.createElement('a'), { href: address, download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}
