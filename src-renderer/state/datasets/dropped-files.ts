import { isImageName } from '../../../src-main/common/file-formats.ts';

/** A dropped or selected file. */
export interface DroppedFile {
  file: File;
  /** The path relative to the drop. */
  path: string;
}

/** The dropped folder, if it is the only item of the drop. */
export function commonFolder(files: readonly Pick<DroppedFile, 'path'>[]): string | undefined {
  const [top, ...below] = files[0]?.path.split('/') ?? [];
  return below.length > 0 && files.every(({ path }) => path.startsWith(`${top}/`)) ? top : undefined;
}

/** The files of a file dialog, with paths relative to the selected folder. */
export function selectedFiles(files: Iterable<File>): DroppedFile[] {
  return [...files].map((file) => ({ file, path: file.webkitRelativePath || file.name }));
}

/** The files of a drop, and the images in dropped folders, sorted by name. */
export async function droppedFiles(transfer: DataTransfer): Promise<DroppedFile[]> {
  // The transfer is readable only during its event, so all entries are read before the first await.
  const entries = [...transfer.items].map((item) => item.webkitGetAsEntry() ?? item.getAsFile());
  const files: DroppedFile[] = [];
  for (const entry of entries) {
    if (entry instanceof File) files.push({ file: entry, path: entry.name });
    else if (entry?.isDirectory) files.push(...(await filesBelow(entry as FileSystemDirectoryEntry)));
    else if (entry) files.push(await fileOf(entry as FileSystemFileEntry));
  }
  return files;
}

async function filesBelow(folder: FileSystemDirectoryEntry): Promise<DroppedFile[]> {
  const files: DroppedFile[] = [];
  for (const entry of await entriesOf(folder)) {
    if (entry.isDirectory) files.push(...(await filesBelow(entry as FileSystemDirectoryEntry)));
    else if (isImageName(entry.name)) files.push(await fileOf(entry as FileSystemFileEntry));
  }
  return files;
}

/** `readEntries` returns batches; an empty batch is the last. */
async function entriesOf(folder: FileSystemDirectoryEntry): Promise<FileSystemEntry[]> {
  const reader = folder.createReader();
  const entries: FileSystemEntry[] = [];
  for (;;) {
    const part = await new Promise<FileSystemEntry[]>((resolve, reject) =>
      reader.readEntries(resolve, reject),
    );
    if (part.length === 0) break;
    entries.push(...part);
  }
  return entries.sort((a, b) => a.name.localeCompare(b.name, 'en', { numeric: true }));
}

async function fileOf(entry: FileSystemFileEntry): Promise<DroppedFile> {
  const file = await new Promise<File>((resolve, reject) => entry.file(resolve, reject));
  return { file, path: entry.fullPath.replace(/^\//, '') };
}
